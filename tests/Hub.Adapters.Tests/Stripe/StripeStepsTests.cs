using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Money;
using Hub.Stripe;
using NodaTime;

namespace Hub.Adapters.Tests.Stripe;

public sealed class StripeStepsTests
{
    private const string Metadata = """{"sf_opportunity_id":"006000000000001AAA","sf_account_id":"001000000000001AAA","hub_contract_version":"v1"}""";

    [Fact]
    public void A_new_account_gets_its_customer_first_and_the_schedule_refers_to_it()
    {
        ImmutableArray<StripeStep> steps = Steps(Plans.OfSchedule());

        Assert.Equal(["customers.create", "subscription_schedules.create"], steps.Select(step => step.Operation));
        Assert.Equal(
            """{"address":{"city":"Leeds","country":"GB","line1":"1 High Street","postal_code":"LS1 1AA"},"email":"billing@acme.example","metadata":{"sf_account_id":"001000000000001AAA"},"name":"Acme Ltd","preferred_locales":["en-GB"]}""",
            steps[0].Params.GetRawText());

        // 2026-10-15 = 1792022400, 2027-10-15 = 1823558400.
        Assert.Equal(
            $$$"""{"billing_mode":{"type":"flexible"},"customer":"$1.id","default_settings":{"collection_method":"send_invoice","invoice_settings":{"days_until_due":20}},"end_behavior":"cancel","metadata":{{{Metadata}}},"phases":[{"currency":"usd","end_date":1823558400,"items":[{"metadata":{"sf_line_id":"00k000000000001AAA"},"price_data":{"currency":"usd","product":"prod_seat","recurring":{"interval":"year","interval_count":1},"unit_amount":30000},"quantity":40}],"metadata":{{{Metadata}}},"proration_behavior":"none"}],"start_date":1792022400}""",
            steps[1].Params.GetRawText());
    }

    [Fact]
    public void The_list_price_the_close_date_and_the_quotes_number_stand_in_the_metadata()
    {
        StripeStep step = Steps(Plans.OfSchedule(Plans.With(Plans.Seats with { ListPrice = "350.0" })) with { CloseDate = "2026-09-30", QuoteNumber = "00000041" })[1];

        Assert.Equal("2026-09-30", step.Params.GetProperty("metadata").GetProperty("sf_close_date").GetString());
        Assert.Equal("00000041", step.Params.GetProperty("metadata").GetProperty("sf_quote_number").GetString());
        JsonElement item = step.Params.GetProperty("phases")[0].GetProperty("items")[0];
        Assert.Equal("350.0", item.GetProperty("metadata").GetProperty("sf_list_price").GetString());
    }

    [Fact]
    public void The_customers_key_follows_what_is_sent_and_its_claim_names_the_account_only()
    {
        StripeStep first = Steps(Plans.OfSchedule())[0];
        StripeStep again = Steps(Plans.OfSchedule(version: "v2"))[0];
        StripeStep corrected = Steps(Plans.OfSchedule(customer: Plans.NewCustomer with { Email = "new@acme.example" }))[0];

        Assert.Equal(first.IdempotencyKey, again.IdempotencyKey);
        Assert.NotEqual(first.IdempotencyKey, corrected.IdempotencyKey);
        Assert.Equal(first.Claim, corrected.Claim);
    }

    [Fact]
    public void Keys_name_what_is_created()
    {
        ImmutableArray<StripeStep> steps = Steps(Plans.OfSchedule());

        Assert.Equal("customers.create:001000000000001AAA", steps[0].Claim);
        Assert.Matches("^customers\\.create:001000000000001AAA:[0-9a-f]{32}$", steps[0].IdempotencyKey);
        Assert.Equal("subscription_schedules.create:006000000000001AAA:v1", steps[1].IdempotencyKey);
    }

    [Fact]
    public void A_running_schedule_is_updated_from_the_phase_that_runs()
    {
        BillingPlan plan = Plans.OfSchedule(Halves()) with { Change = Changed(Plans.Start.PlusMonths(7)) with { CurrentPhaseStart = Plans.Start.PlusMonths(5) } };

        StripeStep step = Assert.Single(Steps(plan));

        Assert.Equal(("subscription_schedules.update", "sub_sched_1", "subscription_schedules.update:006000000000001AAA:v1"), (step.Operation, step.Id, step.IdempotencyKey));
        JsonElement phase = Assert.Single(step.Params.GetProperty("phases").EnumerateArray());

        // 2027-03-15 and 2027-10-15.
        Assert.Equal((1805068800, 1823558400), (phase.GetProperty("start_date").GetInt64(), phase.GetProperty("end_date").GetInt64()));
        Assert.Equal(("none", "cancel"), (step.Params.GetProperty("proration_behavior").GetString(), step.Params.GetProperty("end_behavior").GetString()));
        Assert.False(step.Params.TryGetProperty("customer", out _) || step.Params.TryGetProperty("billing_mode", out _));
    }

    [Fact]
    public void A_contract_whose_last_day_has_passed_is_canceled_without_proration()
    {
        StripeStep step = Assert.Single(Steps(Plans.OfSchedule() with { Change = Changed(Plans.Start.PlusYears(1)) }));

        Assert.Equal(("subscription_schedules.cancel", "sub_sched_1"), (step.Operation, step.Id));
        Assert.Equal("""{"invoice_now":false,"prorate":false}""", step.Params.GetRawText());
    }

    [Fact]
    public void Corrections_of_one_version_have_keys_of_their_own()
    {
        BillingPlan plan = Plans.OfSchedule() with { Change = Changed(Plans.Start.PlusDays(-3)) with { Type = DealType.New, Correction = 3 } };

        StripeStep step = Assert.Single(Steps(plan));

        Assert.Equal("subscription_schedules.update:006000000000001AAA:v1:correction-3", step.IdempotencyKey);
        Assert.Equal(1792022400, step.Params.GetProperty("phases")[0].GetProperty("start_date").GetInt64());
    }

    // Steps of an adjustment refer to each other behind those of the schedule; what an earlier amendment called for, and what is due later, is not among them.
    [Fact]
    public void What_a_change_charges_at_once_is_shown_with_it()
    {
        ContractChange change = Changed(Plans.Start.PlusMonths(2));
        BillingPlan plan = Plans.OfSchedule(customer: Plans.NewCustomer with { Id = "cus_1" }) with
        {
            Change = change,
            Adjustments = [Due(change.OpportunityId, 1), Due(change.OpportunityId, 3), Due(SalesforceId.Parse("006000000000009"), 1)],
        };

        ImmutableArray<PlannedStep> steps = new StripePlannedSteps().For(plan, BillingSnapshot.Empty);

        Assert.Equal(
            [("subscription_schedules.update", "sub_sched_1"), ("invoices.create", null), ("invoice_items.create", null), ("invoices.finalize", "$2.id")],
            steps.Select(step => (step.Operation, step.Id)));
        Assert.Equal(("cus_1", "$2.id"), (steps[1].Params.GetProperty("customer").GetString(), steps[2].Params.GetProperty("invoice").GetString()));
    }

    private static AdjustmentPlan Due(SalesforceId opportunity, int months) => new(
        Plans.Start.PlusMonths(months),
        new(Plans.Start.PlusMonths(months), new(5000, Currency.Usd), Plans.Start.PlusMonths(months).PlusDays(20), false,
            [new("SEAT", 5, 1000m, new(5000, Currency.Usd), "Why") { From = Plans.Start, Until = Plans.Start.PlusMonths(1), StripeProductId = "prod_seat" }]))
    {
        OpportunityId = opportunity,
    };

    private static ContractChange Changed(LocalDate processedOn) =>
        new(SalesforceId.Parse("006000000000002"), DealType.Upsell, processedOn, processedOn, "sub_sched_1", null);

    private static SchedulePlan Halves() => Plans.Schedule with
    {
        Phases =
        [
            new Phase(Plans.Start, Plans.Start.PlusMonths(6), [Plans.Seats], [], null),
            new Phase(Plans.Start.PlusMonths(6), Plans.Start.PlusYears(1), [Plans.Seats with { Quantity = 45 }], [], null),
        ],
    };

    [Fact]
    public void Keys_stay_below_255_characters_with_a_64_character_version()
    {
        BillingPlan plan = Plans.OfSchedule(Plans.With(Tiered())) with { Version = new string('a', 64) };

        Assert.All(Steps(plan).Concat(Steps(Plans.OfInvoice() with { Version = new string('a', 64) })), step => Assert.True(step.IdempotencyKey.Length < 255));
    }

    [Fact]
    public void A_known_customer_is_not_created()
    {
        StripeStep step = Assert.Single(Steps(Plans.OfSchedule(customer: Plans.NewCustomer with { Id = "cus_7" })));

        Assert.Equal("cus_7", step.Params.GetProperty("customer").GetString());
    }

    [Fact]
    public void A_shown_discount_becomes_one_coupon_that_all_items_of_that_percentage_share()
    {
        ImmutableArray<StripeStep> steps = Steps(Plans.OfSchedule(Plans.With(
            Plans.Seats with { PercentOff = 12.5m }, Plans.Seats with { LineId = Plans.OtherLine, PercentOff = 12.50m })));

        Assert.Equal(["customers.create", "coupons.create", "subscription_schedules.create"], steps.Select(step => step.Operation));
        Assert.Equal("""{"duration":"forever","id":"hub-12_5-percent-off","name":"12.5% off","percent_off":12.5}""", steps[1].Params.GetRawText());
        Assert.All(Items(steps[2]), item => Assert.Equal("""[{"coupon":"$2.id"}]""", item.GetProperty("discounts").GetRawText()));
    }

    // In the order in which Stripe applies them: first the percentage, then the amount off the whole item.
    [Fact]
    public void A_shown_amount_becomes_a_coupon_of_amount_and_currency_after_the_percentage()
    {
        ImmutableArray<StripeStep> steps = Steps(Plans.OfSchedule(Plans.With(
            Plans.Seats with { PercentOff = 10, AmountOff = 80000 }, Plans.Seats with { LineId = Plans.OtherLine, AmountOff = 80000 })));

        Assert.Equal(["customers.create", "coupons.create", "coupons.create", "subscription_schedules.create"], steps.Select(step => step.Operation));
        Assert.Equal("""{"amount_off":80000,"currency":"usd","duration":"forever","id":"hub-80000-usd-off","name":"USD 800.00 off"}""", steps[2].Params.GetRawText());
        Assert.Equal("coupons.create:hub-80000-usd-off", steps[2].IdempotencyKey);
        Assert.Equal(
            ["""[{"coupon":"$2.id"},{"coupon":"$3.id"}]""", """[{"coupon":"$3.id"}]"""],
            Items(steps[3]).Select(item => item.GetProperty("discounts").GetRawText()));
    }

    [Fact]
    public void A_line_billed_once_shows_its_amount_on_a_schedule_and_on_a_plain_invoice()
    {
        OneTimeItem setup = Plans.Setup with { Quantity = 2.5m, UnitAmount = 10000m, AmountOff = 2500 };
        Phase phase = Plans.Schedule.Phases[0] with { OneTime = [setup] };

        JsonElement onSchedule = Steps(Plans.OfSchedule(Plans.Schedule with { Phases = [phase] }))[2].Params.GetProperty("phases")[0].GetProperty("add_invoice_items")[0];
        StripeStep onInvoice = Steps(Plans.OfInvoice(Plans.Invoice with { Items = [setup] })).Single(step => step.Operation == "invoice_items.create");

        Assert.Equal("""[{"coupon":"$2.id"}]""", onSchedule.GetProperty("discounts").GetRawText());
        Assert.Equal("""[{"coupon":"$3.id"}]""", onInvoice.Params.GetProperty("discounts").GetRawText());
    }

    [Fact]
    public void One_time_lines_ride_on_the_first_phase_and_fractions_go_as_one_of_the_whole_amount()
    {
        Phase phase = Plans.Schedule.Phases[0] with { OneTime = [Plans.Setup, Plans.Setup with { Quantity = 2.5m, UnitAmount = 10000m }] };

        StripeStep step = Steps(Plans.OfSchedule(Plans.Schedule with { Phases = [phase] }))[1];

        JsonElement items = step.Params.GetProperty("phases")[0].GetProperty("add_invoice_items");
        Assert.Equal(
            """{"metadata":{"sf_line_id":"00k000000000002AAA"},"price_data":{"currency":"usd","product":"prod_setup","unit_amount":45000},"quantity":1}""",
            items[0].GetRawText());
        Assert.Equal(25000, items[1].GetProperty("price_data").GetProperty("unit_amount").GetInt64());
        Assert.Equal(1, items[1].GetProperty("quantity").GetInt64());
    }

    [Fact]
    public void An_amount_with_decimals_goes_as_text_and_never_beside_a_whole_one()
    {
        StripeStep step = Steps(Plans.OfSchedule(Plans.With(Plans.Seats with { UnitAmount = 1033.333333333333m })))[1];

        JsonElement price = Items(step).Single().GetProperty("price_data");
        Assert.Equal("1033.333333333333", price.GetProperty("unit_amount_decimal").GetString());
        Assert.False(price.TryGetProperty("unit_amount", out _));
    }

    [Fact]
    public void A_ramp_keeps_its_cycle_and_a_stub_of_another_length_starts_a_new_one()
    {
        var monthly = new BillingInterval(IntervalUnit.Month, 1);
        LocalDate year2 = Plans.Start.PlusYears(1);
        LocalDate stub = Plans.Start.PlusYears(2);
        SchedulePlan schedule = Plans.Schedule with
        {
            Phases =
            [
                new(Plans.Start, year2, [Plans.Seats], [], null),
                new(year2, stub, [Plans.Seats with { Quantity = 60 }], [], null),
                new(stub, stub.PlusMonths(5), [Plans.Seats with { Interval = new(IntervalUnit.Month, 5), UnitAmount = 12500m }], [], null) { NewCycle = true },
            ],
        };

        JsonElement phases = Steps(Plans.OfSchedule(schedule))[1].Params.GetProperty("phases");

        Assert.False(phases[0].TryGetProperty("billing_cycle_anchor", out _));
        Assert.False(phases[1].TryGetProperty("billing_cycle_anchor", out _));
        Assert.Equal("phase_start", phases[2].GetProperty("billing_cycle_anchor").GetString());
        Assert.NotEqual(monthly, schedule.Phases[2].Items[0].Interval);
    }

    [Fact]
    public void Schedule_and_phase_name_the_contract_where_the_opportunity_does()
    {
        BillingPlan plan = Plans.OfSchedule() with { ContractId = SalesforceId.Parse("800000000000001") };

        JsonElement named = Steps(plan)[1].Params;

        Assert.Equal("800000000000001AAA", named.GetProperty("metadata").GetProperty("sf_contract_id").GetString());
        Assert.Equal("800000000000001AAA", named.GetProperty("phases")[0].GetProperty("metadata").GetProperty("sf_contract_id").GetString());
        Assert.False(Steps(Plans.OfSchedule())[1].Params.GetProperty("metadata").TryGetProperty("sf_contract_id", out _));
    }

    [Fact]
    public void Free_months_are_a_trial_to_the_end_of_their_phase()
    {
        LocalDate end = Plans.Start.PlusMonths(3);
        SchedulePlan schedule = Plans.Schedule with { Phases = [new(Plans.Start, end, [Plans.Seats], [], end)] };

        JsonElement phase = Steps(Plans.OfSchedule(schedule))[1].Params.GetProperty("phases")[0];

        Assert.Equal(phase.GetProperty("end_date").GetInt64(), phase.GetProperty("trial_end").GetInt64());
    }

    [Fact]
    public void Tax_rate_custom_fields_and_auto_renewal_reach_the_schedule()
    {
        JsonElement schedule = Steps(Plans.OfSchedule(Plans.Schedule with
        {
            TaxRateId = "txr_1",
            EndBehavior = EndBehavior.Release,
            CustomFields = [new CustomField("PO number", "$1.id")],
        }))[1].Params;

        Assert.Equal("release", schedule.GetProperty("end_behavior").GetString());
        Assert.Equal("""["txr_1"]""", schedule.GetProperty("phases")[0].GetProperty("default_tax_rates").GetRawText());
        Assert.Equal(
            """[{"name":"PO number","value":"$1.id"}]""",
            schedule.GetProperty("default_settings").GetProperty("invoice_settings").GetProperty("custom_fields").GetRawText());
    }

    [Fact]
    public void A_charged_contract_has_no_days_until_due()
    {
        JsonElement settings = Steps(Plans.OfSchedule(Plans.Schedule with { CollectionMethod = CollectionMethod.ChargeAutomatically, DaysUntilDue = null }))[1]
            .Params.GetProperty("default_settings");

        Assert.Equal("""{"collection_method":"charge_automatically","invoice_settings":{}}""", settings.GetRawText());
    }

    [Fact]
    public void A_stored_price_is_used_only_while_it_fits()
    {
        BillingPlan plan = Plans.OfSchedule(Plans.With(Plans.Seats with { PriceId = "price_7" }));

        JsonElement fits = Items(StripeSteps.For(plan, new HashSet<string> { "price_7" })[1]).Single();
        JsonElement differs = Items(StripeSteps.For(plan, new HashSet<string>())[1]).Single();

        Assert.Equal("price_7", fits.GetProperty("price").GetString());
        Assert.False(fits.TryGetProperty("price_data", out _));
        Assert.False(differs.TryGetProperty("price", out _));
    }

    [Fact]
    public void Tiers_need_a_price_of_their_own_first()
    {
        ImmutableArray<StripeStep> steps = Steps(Plans.OfSchedule(Plans.With(Tiered())));

        Assert.Equal("prices.create", steps[1].Operation);
        Assert.Equal(
            """[{"unit_amount":1200,"up_to":50},{"unit_amount_decimal":"950.5","up_to":"inf"}]""",
            steps[1].Params.GetProperty("tiers").GetRawText());
        Assert.Equal("graduated", steps[1].Params.GetProperty("tiers_mode").GetString());
        Assert.Equal("$2.id", Items(steps[2]).Single().GetProperty("price").GetString());
    }

    [Fact]
    public void A_metered_line_gets_a_price_on_its_meter_and_no_quantity()
    {
        PhaseItem usage = Plans.Seats with { Usage = true, Quantity = null, UnitAmount = 2.5m, MeterId = "mtr_1", Interval = new(IntervalUnit.Month, 1) };

        ImmutableArray<StripeStep> steps = Steps(Plans.OfSchedule(Plans.With(usage)));

        Assert.Equal("""{"interval":"month","interval_count":1,"meter":"mtr_1","usage_type":"metered"}""", steps[1].Params.GetProperty("recurring").GetRawText());
        Assert.Equal("2.5", steps[1].Params.GetProperty("unit_amount_decimal").GetString());
        Assert.Equal("""{"metadata":{"sf_line_id":"00k000000000001AAA"},"price":"$2.id"}""", Items(steps[2]).Single().GetRawText());
    }

    [Fact]
    public void Equal_prices_of_a_line_are_one_and_different_ones_have_keys_of_their_own()
    {
        PhaseItem dearer = Tiered() with { Tiers = new TiersPlan(TiersMode.Volume, [new(null, 2000)]) };
        LocalDate year2 = Plans.Start.PlusYears(1);
        LocalDate year3 = Plans.Start.PlusYears(2);
        SchedulePlan schedule = Plans.Schedule with
        {
            Phases =
            [
                new(Plans.Start, year2, [Tiered()], [], null),
                new(year2, year3, [Tiered() with { Quantity = 50 }], [], null),
                new(year3, year3.PlusYears(1), [dearer], [], null),
            ],
        };

        ImmutableArray<StripeStep> steps = Steps(Plans.OfSchedule(schedule));

        Assert.Equal(["customers.create", "prices.create", "prices.create", "subscription_schedules.create"], steps.Select(step => step.Operation));
        Assert.Equal(steps.Length, steps.Select(step => step.IdempotencyKey).Distinct().Count());
        Assert.Equal(
            ["$2.id", "$2.id", "$3.id"],
            steps[3].Params.GetProperty("phases").EnumerateArray().Select(phase => phase.GetProperty("items")[0].GetProperty("price").GetString()));
    }

    [Fact]
    public void Automatic_tax_is_asked_for_only_when_the_plan_does()
    {
        Assert.False(Steps(Plans.OfSchedule())[1].Params.GetProperty("default_settings").TryGetProperty("automatic_tax", out _));
        Assert.True(Steps(Plans.OfSchedule(Plans.Schedule with { AutomaticTax = true }))[1]
            .Params.GetProperty("default_settings").GetProperty("automatic_tax").GetProperty("enabled").GetBoolean());
        Assert.True(Steps(Plans.OfInvoice(Plans.Invoice with { AutomaticTax = true }))[1].Params.GetProperty("automatic_tax").GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public void A_one_time_deal_is_an_invoice_that_goes_out_only_when_complete()
    {
        ImmutableArray<StripeStep> steps = Steps(Plans.OfInvoice());

        Assert.Equal(["customers.create", "invoices.create", "invoice_items.create", "invoices.finalize"], steps.Select(step => step.Operation));
        Assert.False(steps[1].Params.GetProperty("auto_advance").GetBoolean());
        Assert.Equal("exclude", steps[1].Params.GetProperty("pending_invoice_items_behavior").GetString());
        Assert.Equal("$2.id", steps[2].Params.GetProperty("invoice").GetString());
        Assert.Equal(("""{"auto_advance":true}""", "$2.id"), (steps[3].Params.GetRawText(), steps[3].Id));
        Assert.All(steps[..3], step => Assert.Null(step.Id));
    }

    [Fact]
    public void A_fraction_on_an_invoice_keeps_its_quantity()
    {
        StripeStep item = Steps(Plans.OfInvoice(Plans.Invoice with { Items = [Plans.Setup with { Quantity = 2.5m }] }))[2];

        Assert.Equal("2.5", item.Params.GetProperty("quantity_decimal").GetString());
        Assert.False(item.Params.TryGetProperty("quantity", out _));
    }

    [Fact]
    public void A_plan_that_bills_nothing_is_a_bug() =>
        Assert.Throws<InvalidOperationException>(() => Steps(new BillingPlan(Plans.Opportunity, "v1", Currency.Usd, Plans.NewCustomer, null, null, [])));

    [Fact]
    public void What_the_Hub_issues_later_adds_nothing_to_the_steps_that_set_the_contract_up()
    {
        var credit = new AdjustmentPlan(Plans.Start, new PlannedInvoice(Plans.Start, new Amount(-100, Currency.Usd), null, CreditNote: false, []));

        Assert.Equal(Steps(Plans.OfSchedule()).Select(Flat), Steps(Plans.OfSchedule() with { Adjustments = [credit] }).Select(Flat));
    }

    [Fact]
    public void A_stored_price_stands_on_one_item_of_a_phase_only()
    {
        PhaseItem stored = Plans.Seats with { PriceId = "price_1" };
        ImmutableArray<StripeStep> steps = StripeSteps.For(
            Plans.OfSchedule(Plans.With(stored, stored with { LineId = Plans.OtherLine, Quantity = 5 })), ImmutableHashSet.Create("price_1"));

        Assert.Equal("price_1", Items(steps[^1])[0].GetProperty("price").GetString());
        Assert.Equal(30000, Items(steps[^1])[1].GetProperty("price_data").GetProperty("unit_amount").GetInt64());
    }

    [Fact]
    public void Of_more_phases_than_Stripe_takes_the_first_ten_are_sent_and_the_schedule_would_go_on()
    {
        StripeStep create = Steps(Plans.OfSchedule(Plans.Monthly(13)) with { PhasesUntil = Plans.Start.PlusMonths(10) })[^1];

        Assert.Equal(10, create.Params.GetProperty("phases").GetArrayLength());
        Assert.Equal("release", create.Params.GetProperty("end_behavior").GetString());
        Assert.Equal("2027-08-15", create.Params.GetProperty("metadata").GetProperty("hub_phases_until").GetString());
        Assert.False(create.Params.GetProperty("phases")[0].GetProperty("metadata").TryGetProperty("hub_phases_until", out _));
    }

    [Fact]
    public void A_later_phase_updates_the_schedule_from_the_phase_that_runs()
    {
        StripeStep update = Assert.Single(Steps(Extended(until: 11, on: "2026-11-16")));

        Assert.Equal(("subscription_schedules.update", "sub_sched_1"), (update.Operation, update.Id));
        Assert.Equal("subscription_schedules.update:006000000000001AAA:v1:2027-09-15", update.IdempotencyKey);
        Assert.Equal(Enumerable.Range(2, 10).Select(seats => (long)seats), Quantities(update));

        // 2026-11-15 = 1794700800.
        Assert.Equal(1794700800, update.Params.GetProperty("phases")[0].GetProperty("start_date").GetInt64());
        Assert.Equal(("release", "none"), (update.Params.GetProperty("end_behavior").GetString(), update.Params.GetProperty("proration_behavior").GetString()));
        Assert.Equal("2027-09-15", update.Params.GetProperty("metadata").GetProperty("hub_phases_until").GetString());
    }

    [Fact]
    public void The_last_phase_brings_the_end_as_sold_and_takes_the_mark_off()
    {
        StripeStep update = Assert.Single(Steps(Extended(until: null, on: "2027-01-16")));

        Assert.Equal("subscription_schedules.update:006000000000001AAA:v1:2027-11-15", update.IdempotencyKey);
        Assert.Equal("cancel", update.Params.GetProperty("end_behavior").GetString());
        Assert.Equal("", update.Params.GetProperty("metadata").GetProperty("hub_phases_until").GetString());
    }

    // On 15 November the first phase ends; Stripe may not have noticed yet.
    [Theory]
    [InlineData("2026-10-15", 1)]
    [InlineData("2026-11-15", 2)]
    public void On_the_day_a_phase_ends_Stripe_says_which_one_runs(string current, long first)
    {
        BillingPlan plan = Extended(until: 11, on: "2026-11-15");
        plan = plan with { Extension = plan.Extension! with { CurrentPhaseStart = Day(current) } };

        Assert.Equal(first, Quantities(Assert.Single(Steps(plan)))[0]);
    }

    [Theory]
    [InlineData(10, "release", "2027-08-15")]
    [InlineData(null, "cancel", "")]
    public void An_amendment_sends_as_many_phases_as_Stripe_takes(int? until, string end, string mark)
    {
        BillingPlan plan = Plans.OfSchedule(Plans.Monthly(13)) with
        {
            PhasesUntil = until is { } months ? Plans.Start.PlusMonths(months) : null,
            Change = new(SalesforceId.Parse("006000000000002"), DealType.Upsell, Day("2027-01-15"), Day("2026-12-20"), "sub_sched_1", Day("2026-12-15")) { WasWindow = true },
        };

        StripeStep update = Assert.Single(Steps(plan));

        Assert.Equal((until ?? 13) - 2, update.Params.GetProperty("phases").GetArrayLength());
        Assert.Equal(end, update.Params.GetProperty("end_behavior").GetString());
        Assert.Equal(mark, update.Params.GetProperty("metadata").GetProperty("hub_phases_until").GetString());
    }

    [Fact]
    public void A_subscription_that_was_released_gets_a_new_schedule_and_the_rest_of_the_phases()
    {
        BillingPlan plan = Extended(until: null, on: "2027-09-20");
        plan = plan with { Extension = plan.Extension! with { CurrentPhaseStart = Day("2027-09-15"), Released = "sub_1" } };

        ImmutableArray<StripeStep> steps = Steps(plan);

        Assert.Equal(["subscription_schedules.create", "subscription_schedules.update"], steps.Select(step => step.Operation));
        Assert.Equal("subscription_schedules.create:006000000000001AAA:v1:sub_sched_1:2027-09-15", steps[0].IdempotencyKey);
        Assert.Equal("""{"from_subscription":"sub_1"}""", steps[0].Params.GetRawText());
        Assert.Equal("$1.id", steps[1].Id);
        Assert.Equal([12L, 13L], Quantities(steps[1]));
        Assert.Equal("2027-09-20", steps[1].Params.GetProperty("metadata").GetProperty("hub_phases_from").GetString());
        Assert.Equal("v1", steps[1].Params.GetProperty("metadata").GetProperty("hub_contract_version").GetString());
    }

    [Fact]
    public void The_same_plan_gives_the_same_steps()
    {
        BillingPlan plan = Plans.OfSchedule(Plans.With(Plans.Seats with { PercentOff = 10 }));

        Assert.Equal(Steps(plan).Select(Flat), Steps(plan).Select(Flat));
    }

    private static BillingPlan Extended(int? until, string on) => Plans.OfSchedule(Plans.Monthly(13)) with
    {
        PhasesUntil = until is { } months ? Plans.Start.PlusMonths(months) : null,
        Extension = new("sub_sched_1", Day("2026-11-15"), Day(on)),
    };

    private static LocalDate Day(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;

    private static long[] Quantities(StripeStep step) =>
        [.. step.Params.GetProperty("phases").EnumerateArray().Select(phase => phase.GetProperty("items")[0].GetProperty("quantity").GetInt64())];

    private static string Flat(StripeStep step) => $"{step.Operation} {step.IdempotencyKey} {step.Params.GetRawText()}";

    private static PhaseItem Tiered() => Plans.Seats with { UnitAmount = null, Tiers = new TiersPlan(TiersMode.Graduated, [new(50, 1200), new(null, 950.5m)]) };

    private static ImmutableArray<StripeStep> Steps(BillingPlan plan) => StripeSteps.For(plan, ImmutableHashSet<string>.Empty);

    private static JsonElement[] Items(StripeStep schedule) =>
        [.. schedule.Params.GetProperty("phases")[0].GetProperty("items").EnumerateArray()];
}
