using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Core.Books;
using Hub.Core.Contracts;
using Hub.Core.Tests.Contracts;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Tests.Books;

/// <summary>An amendment whose contract only Stripe holds is planned as it is where the file has the contract's own opportunity too.</summary>
public sealed class HeldContractTests
{
    public static TheoryData<string> Contracts => [.. Sold.Keys];

    private static Dictionary<string, Func<Deals>> Sold { get; } = new()
    {
        ["a year in advance"] = () => Contract(12, "Annual").Line("SEAT", 10, 120.00m),
        ["months"] = () => Contract(12, "Monthly").Line("SEAT", 10, 120.00m).Line("SUPPORT", 1, 240.00m),
        ["a stub by months"] = () => Contract(20, "Annual").Line("SEAT", 10, 120.00m),
        ["a stub by days"] = () => Contract(20, "Annual").With(("Hub_Proration_Policy__c", "Day")).Line("SEAT", 10, 120.00m),
        ["an uneven stub by days"] = () => Contract(13, "Quarterly").With(("Hub_Proration_Policy__c", "Day")).Line("SEAT", 7, 120.00m),
        ["usage beside a stub"] = () => Contract(14, "Quarterly").Line("SEAT", 10, 120.00m).Usage("API", 0.24m),
        ["a ramp"] = () => Contract(24, "Annual").Line("SEAT", 10, 120.00m, ("Hub_Line_End__c", "2027-12-31")).Line("SEAT", 20, 120.00m, ("Hub_Line_Start__c", "2028-01-01")),
        ["free months"] = () => Contract(12, "Monthly").With(("Hub_Free_Months__c", 2)).Line("SEAT", 10, 120.00m),
        ["a shown discount"] = () => Contract(12, "Monthly").Line("SEAT", 10, 120.00m).Line("SUPPORT", 1, 240.00m, ("Discount", 10), ("Hub_Show_Discount__c", true), ("Hub_Discount_Months__c", 3)),
        ["a shown amount off"] = () => Contract(12, "Monthly").Line("SEAT", 10, 120.00m)
            .Line("SUPPORT", 3, 240.00m, ("Discount", 10), ("Hub_Discount_Amount__c", 24), ("Hub_Show_Discount__c", true), ("Hub_Discount_Months__c", 3)),
        ["an amount off a stub"] = () => Contract(14, "Annual").Line("SEAT", 10, 120.00m).Line("SUPPORT", 7, 100.00m, ("Hub_Discount_Amount__c", 10), ("Hub_Show_Discount__c", true)),
        ["a shown discount in a stub"] = () => Contract(13, "Quarterly").Line("SEAT", 10, 120.00m).Line("SUPPORT", 1, 100.00m, ("Hub_Price_Basis__c", "Quarter"), ("Discount", 12.5), ("Hub_Show_Discount__c", true)),
        ["tiers"] = () => Contract(12, "Monthly").Line("SEAT", 10, 120.00m)
            .Line("SUPPORT", 60, 10.00m, ("Hub_Price_Basis__c", "Period"), ("Hub_Price_Tiers__c", "1-50: 12.00; 51+: 9.50"), ("Hub_Tiers_Mode__c", "Graduated")),
        ["a setup fee"] = () => Contract(12, "Quarterly").Line("SEAT", 10, 120.00m).OneTime("SETUP", 1, 500.00m),
        ["a setup fee less a shown discount"] = () => Contract(12, "Quarterly").Line("SEAT", 10, 120.00m).OneTime("SETUP", 2, 500.00m, ("Discount", 10), ("Hub_Show_Discount__c", true)),
        ["a contract that renews itself"] = () => Contract(12, "Monthly").With(("Hub_Auto_Renew__c", true), ("Hub_PO_Number__c", "PO-1")).Line("SEAT", 10, 120.00m),
    };

    [Theory]
    [MemberData(nameof(Contracts))]
    public void An_upsell_inside_a_period_is_the_same(string contract) =>
        Same(Sold[contract], () => Deals.Amending("Upsell", "2027-05-11", 2).Line("SEAT", 5, 120.00m), Day(contract));

    [Theory]
    [MemberData(nameof(Contracts))]
    public void A_downsell_to_come_is_the_same(string contract) =>
        Same(Sold[contract], () => Deals.Amending("Downsell", "2027-10-01", 2).Line("SEAT", -4, 120.00m), Day(contract));

    [Theory]
    [MemberData(nameof(Contracts))]
    public void A_termination_is_the_same(string contract) => Same(Sold[contract], () => Deals.Amending("Termination", "2027-09-01", 2), Day(contract));

    [Fact]
    public void Two_amendments_add_up_and_what_Stripe_holds_of_them_counts_once()
    {
        Func<Deals> sold = Sold["months"];
        Deals second() => Deals.Amending("Downsell", "2027-08-01", 3).Line("SEAT", -2, 120.00m);
        BillingPlan whole = Planned(Deals.Plan(null, null, (sold(), "2026-12-15"), (Upsell(), "2027-04-10"), (second(), "2027-04-10")));

        PlannedDeal[] orphans = [.. BooksPlanning.Plan(Books(Planned(Deals.Plan(null, null, (sold(), "2026-12-15"))), Upsell(), second()))];

        Assert.Equal(Deals.Phases(whole), Deals.Phases(Planned(orphans[1].Outcome)));

        // The first of them is what Stripe holds already: only the second is added.
        BillingPlan applied = Planned(Deals.Plan(null, null, (sold(), "2026-12-15"), (Upsell(), "2027-04-10")));
        PlannedDeal[] later = [.. BooksPlanning.Plan(Books(applied, Upsell().With(("Hub_Contract_Version__c", applied.Version)), second()))];

        Assert.Equal(Deals.Phases(whole), Deals.Phases(Planned(later[1].Outcome)));
        Assert.Equal("contract-unknown", Assert.Single(Assert.IsType<PlanOutcome.Rejected>(later[0].Outcome).Problems).Code);

        static Deals Upsell() => Deals.Amending("Upsell", "2027-06-01", 2).Line("SEAT", 5, 120.00m);
    }

    // Sent with the phases, so that only they tell.
    [Fact]
    public void Payment_terms_that_an_amendment_changed_are_read_back()
    {
        Deals upsell() => Deals.Amending("Upsell", "2027-06-01", 2).With(("Hub_Payment_Terms__c", "Net 7")).Line("SEAT", 5, 120.00m);
        Deals second() => Deals.Amending("Downsell", "2027-08-01", 3).Line("SEAT", -2, 120.00m);
        BillingPlan applied = Planned(Deals.Plan(null, null, (Sold["months"](), "2026-12-15"), (upsell(), "2027-04-10")));
        BillingPlan whole = Planned(Deals.Plan(null, null, (Sold["months"](), "2026-12-15"), (upsell(), "2027-04-10"), (second(), "2027-04-10")));

        BillingPlan plan = Planned(Assert.Single(BooksPlanning.Plan(Books(applied, second()))).Outcome);

        Assert.Equal([null, 7, 7], whole.Schedule!.Phases.Select(phase => phase.DaysUntilDue));
        Assert.Equal(whole.Schedule.Phases.Select(phase => phase.DaysUntilDue), plan.Schedule!.Phases.Select(phase => phase.DaysUntilDue));
    }

    // An export without them does not say when invoices are due.
    [Fact]
    public void A_schedule_without_its_settings_is_not_built_on()
    {
        BooksFile books = Books(Planned(Deals.Plan(null, null, (Sold["months"](), "2026-12-15"))), Deals.Amending("Upsell", "2027-06-01", 2).Line("SEAT", 5, 120.00m));
        JsonObject schedule = JsonNode.Parse(books.Stripe["subscription_schedules"][0].GetRawText())!.AsObject();
        schedule.Remove("default_settings");

        PlannedDeal deal = Assert.Single(BooksPlanning.Plan(books with { Stripe = books.Stripe.SetItem("subscription_schedules", [JsonSerializer.SerializeToElement(schedule)]) }));

        Assert.Equal("contract-unknown", Assert.Single(Assert.IsType<PlanOutcome.Rejected>(deal.Outcome).Problems).Code);
    }

    // Both were won since the file's schedule was written; the contract's own opportunity is in the file.
    [Fact]
    public void Two_amendments_that_wait_are_planned_one_on_top_of_the_other()
    {
        Func<Deals> sold = Sold["months"];
        BillingPlan held = Planned(Deals.Plan(null, null, (sold(), "2026-12-15")));

        PlannedDeal[] deals = [.. BooksPlanning.Plan(Books(
            held, sold(), Deals.Amending("Upsell", "2027-06-01", 2).Line("SEAT", 5, 120.00m), Deals.Amending("Downsell", "2027-08-01", 3).Line("SEAT", -2, 120.00m)))];

        Assert.IsType<PlanOutcome.Unchanged>(deals[0].Outcome);
        Assert.Equal(
            ["2027-01-01..2027-06-01: 10 SEAT @1000/month, 1 SUPPORT @2000/month", "2027-06-01..2028-01-01: 15 SEAT @1000/month, 1 SUPPORT @2000/month"],
            Deals.Phases(Planned(deals[1].Outcome)));
        Assert.Equal(
            [
                "2027-01-01..2027-06-01: 10 SEAT @1000/month, 1 SUPPORT @2000/month", "2027-06-01..2027-08-01: 15 SEAT @1000/month, 1 SUPPORT @2000/month",
                "2027-08-01..2028-01-01: 13 SEAT @1000/month, 1 SUPPORT @2000/month",
            ],
            Deals.Phases(Planned(deals[2].Outcome)));
    }

    // 3 × 24.00 ÷ 12 a month after 10 %, in a file with the coupons expanded or in a list of their own.
    [Theory]
    [InlineData("percent 600", null)]
    [InlineData("600 percent", "edited")]
    [InlineData("percent 599", "edited")]
    [InlineData("percent", "edited")]
    [InlineData("percent 600 600", "edited")]
    [InlineData("percent once", "edited")]
    [InlineData("percent euro", "edited")]
    [InlineData("unknown", null)]
    public void An_edited_amount_off_is_seen_in_a_file(string coupons, string? seen)
    {
        Func<Deals> sold = () => Contract(12, "Monthly").Line("SUPPORT", 3, 240.00m, ("Discount", 10), ("Hub_Discount_Amount__c", 24), ("Hub_Show_Discount__c", true));
        BooksFile books = Books(Planned(Deals.Plan(null, null, (sold(), "2026-12-15"))), sold());
        JsonNode schedule = JsonNode.Parse(books.Stripe["subscription_schedules"][0].GetRawText())!;
        schedule["phases"]![0]!["items"]![0]!["discounts"] = new JsonArray([.. coupons.Split(' ').Select(coupon => new JsonObject { ["coupon"] = coupon })]);
        JsonElement[] listed =
        [
            Coupon("percent", ("percent_off", 10)), Coupon("600", ("amount_off", 600), ("currency", "usd"), ("duration", "forever")), Coupon("599", ("amount_off", 599), ("currency", "usd")),
            Coupon("once", ("amount_off", 600), ("currency", "usd"), ("duration", "once")), Coupon("euro", ("amount_off", 600), ("currency", "eur")),
        ];

        PlanOutcome outcome = BooksPlanning.Plan(books with
        {
            Stripe = books.Stripe.SetItem("subscription_schedules", [JsonSerializer.SerializeToElement(schedule)]).Add("coupons", [.. listed]),
        })[0].Outcome;

        Assert.Equal(seen is null ? [] : ["schedule-edited"], outcome is PlanOutcome.Rejected(var problems) ? problems.Select(problem => problem.Code) : []);
        Assert.Equal(seen is null, outcome is PlanOutcome.Unchanged);
    }

    [Fact]
    public void A_schedule_that_the_file_does_not_tell_whole_is_no_contract()
    {
        BooksFile whole = Books(Planned(Deals.Plan(null, null, (Sold["months"](), "2026-12-15"))), Deals.Amending("Upsell", "2027-06-01", 2).Line("SEAT", 5, 120.00m));
        JsonNode schedule = JsonNode.Parse(whole.Stripe["subscription_schedules"][0].GetRawText())!;
        schedule["phases"]![0]!["items"]![0]!["price"] = "price_unknown";
        BooksFile partly = whole with { Stripe = whole.Stripe.SetItem("subscription_schedules", [JsonSerializer.SerializeToElement(schedule)]) };

        Assert.Equal("contract-unknown", Assert.Single(Assert.IsType<PlanOutcome.Rejected>(BooksPlanning.Plan(partly)[0].Outcome).Problems).Code);
    }

    private static string Day(string contract) => contract.EndsWith("by days", StringComparison.Ordinal) ? "Day" : "Month";

    private static void Same(Func<Deals> contract, Func<Deals> amendment, string proration)
    {
        BillingPlan sold = Planned(Deals.Plan(null, null, (contract(), "2026-12-15")));
        ContractsOptions options = new() { ProrationPolicy = Enum.Parse<ProrationPolicy>(proration) };
        BillingPlan expected = Planned(Deals.Plan(null, options, (contract(), "2026-12-15"), (amendment(), "2027-04-10")));

        BillingPlan plan = Planned(BooksPlanning.Plan(Books(sold, amendment()) with { Contracts = options })[0].Outcome);

        Assert.Equal(Deals.Phases(expected), Deals.Phases(plan));
        Assert.Equal(expected.Schedule!.EndBehavior, plan.Schedule!.EndBehavior);
        Assert.Equal(expected.Schedule.CustomFields.AsEnumerable(), plan.Schedule.CustomFields);
        Assert.Equal(expected.Invoices.Select(Text), plan.Invoices.Select(Text));
        Assert.Equal("sub_sched_1", plan.Change!.ScheduleId);
    }

    private static string Text(PlannedInvoice invoice) => $"{invoice.Date:R} {invoice.Amount.MinorUnits} {invoice.Due} {invoice.CreditNote}: "
        + string.Join(", ", invoice.Lines.Select(line => $"{line.ProductCode} {line.Quantity} {line.Amount?.MinorUnits}").Order(StringComparer.Ordinal));

    private static BillingPlan Planned(PlanOutcome outcome) => outcome is PlanOutcome.Planned(var plan) ? plan
        : throw new Xunit.Sdk.XunitException(outcome is PlanOutcome.Rejected(var problems) ? string.Join("\n", problems) : outcome.ToString());

    private static Deals Contract(int months, string frequency) =>
        Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Term_Months__c", months), ("Hub_Billing_Frequency__c", frequency));

    private static BooksFile Books(BillingPlan held, params Deals[] amendments)
    {
        ImmutableArray<DealSnapshot> deals = [.. amendments.Select((deal, index) => deal.With(("LastStageChangeDate", $"2027-04-0{index + 1}T08:00:00Z")).Snapshot())];
        return new(
            Instant.FromUtc(2027, 4, 10, 9, 0), BillingZone.Utc, new(), deals,
            ImmutableDictionary<string, ImmutableArray<JsonElement>>.Empty.Add("subscription_schedules", [JsonSerializer.SerializeToElement(Schedule(held))]), [])
        {
            Products = [.. Sold.Values.SelectMany(contract => contract().Snapshot().Products).DistinctBy(product => product.Id)],
        };
    }

    // As Stripe shows the schedule that such a plan creates.
    private static JsonObject Schedule(BillingPlan plan) => new()
    {
        ["id"] = "sub_sched_1",
        ["status"] = "active",
        ["created"] = Seconds(Deals.Date("2026-12-15")),
        ["end_behavior"] = plan.Schedule!.EndBehavior == EndBehavior.Cancel ? "cancel" : "release",
        ["metadata"] = new JsonObject { ["sf_opportunity_id"] = plan.OpportunityId.Value, ["hub_contract_version"] = plan.Version },
        ["default_settings"] = new JsonObject
        {
            ["collection_method"] = "send_invoice",
            ["invoice_settings"] = new JsonObject
            {
                ["days_until_due"] = plan.Schedule.DaysUntilDue,
                ["custom_fields"] = new JsonArray([.. plan.Schedule.CustomFields.Select(field => new JsonObject { ["name"] = field.Name, ["value"] = field.Value })]),
            },
        },
        ["current_phase"] = new JsonObject { ["start_date"] = Seconds(plan.Schedule.Phases.Last(phase => phase.Start <= Deals.Date("2027-04-10")).Start) },
        ["phases"] = new JsonArray([.. plan.Schedule.Phases.Select(phase => new JsonObject
        {
            ["start_date"] = Seconds(phase.Start),
            ["end_date"] = Seconds(phase.End),
            ["currency"] = plan.Currency.StripeCode,
            ["collection_method"] = null,
            ["invoice_settings"] = phase.DaysUntilDue is { } days ? new JsonObject { ["days_until_due"] = days } : null,
            ["trial_end"] = phase.TrialEnd is { } trial ? Seconds(trial) : null,
            ["items"] = new JsonArray([.. phase.Items.Select(item => Item(item, plan))]),
            ["add_invoice_items"] = new JsonArray([.. phase.OneTime.Select(item => new JsonObject
            {
                ["quantity"] = (long)item.Quantity,
                ["metadata"] = new JsonObject { ["sf_line_id"] = item.LineId.Value },
                ["discounts"] = new JsonArray([.. item.PercentOff is { } percent ? [new JsonObject { ["coupon"] = new JsonObject { ["percent_off"] = percent } }] : Array.Empty<JsonObject>()]),
                ["price"] = new JsonObject { ["id"] = "price_once", ["product"] = item.StripeProductId, ["currency"] = plan.Currency.StripeCode, ["unit_amount_decimal"] = Number(item.UnitAmount) },
            })]),
        })]),
    };

    private static JsonObject Item(PhaseItem item, BillingPlan plan) => new()
    {
        ["quantity"] = item.Quantity,
        ["metadata"] = new JsonObject { ["sf_line_id"] = item.LineId.Value },
        ["discounts"] = new JsonArray([.. Discounts(item, plan)]),
        ["price"] = new JsonObject
        {
            ["id"] = "price_1",
            ["product"] = item.StripeProductId,
            ["currency"] = plan.Currency.StripeCode,
            ["billing_scheme"] = item.Tiers is null ? "per_unit" : "tiered",
            ["tiers_mode"] = item.Tiers?.Mode.ToString().ToLowerInvariant(),
            ["tiers"] = new JsonArray([.. (item.Tiers?.Tiers ?? []).Select(tier => new JsonObject { ["up_to"] = tier.UpTo, ["unit_amount_decimal"] = Number(tier.UnitAmount) })]),
            ["unit_amount_decimal"] = item.SentUnitAmount is { } amount ? Number(amount) : null,
            ["recurring"] = new JsonObject { ["interval"] = item.Interval.Unit.ToString().ToLowerInvariant(), ["interval_count"] = item.Interval.Count, ["usage_type"] = item.Usage ? "metered" : "licensed", ["meter"] = item.MeterId },
        },
    };

    private static IEnumerable<JsonNode> Discounts(PhaseItem item, BillingPlan plan)
    {
        if (item.PercentOff is { } percent)
        {
            yield return new JsonObject { ["coupon"] = new JsonObject { ["percent_off"] = percent } };
        }

        if (item.AmountOff is { } amount)
        {
            yield return new JsonObject { ["coupon"] = new JsonObject { ["amount_off"] = amount, ["currency"] = plan.Currency.StripeCode, ["duration"] = "forever" } };
        }
    }

    private static JsonElement Coupon(string id, params (string Name, object Value)[] members) =>
        JsonSerializer.SerializeToElement(members.Append(("id", id)).ToDictionary(member => member.Item1, member => member.Item2));

    private static string Number(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static long Seconds(LocalDate date) => date.AtMidnight().InUtc().ToInstant().ToUnixTimeSeconds();
}
