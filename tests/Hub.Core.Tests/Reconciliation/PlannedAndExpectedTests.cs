using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Reconciliation;
using Hub.Core.Tests.Contracts;
using NodaTime;
using ReconciledDeal = Hub.Core.Reconciliation.DealReading;

namespace Hub.Core.Tests.Reconciliation;

/// <summary>Planning and reconciliation read a deal each for itself; what they make of it has to be the same.</summary>
public class PlannedAndExpectedTests
{
    private const string Processed = "2026-10-01";

    public static TheoryData<string> Shapes { get; } = [.. ShapesByName.Keys];

    private static Dictionary<string, Func<Deals>> ShapesByName => new()
    {
        ["annual with a shown discount and a setup fee"] = () =>
            Deals.New().Line("SEAT", 40, 300, ("Discount", 10), ("Hub_Show_Discount__c", true)).OneTime("SETUP", 1, 450),
        ["annual with a hidden discount"] = () => Deals.New().Line("SEAT", 40, 300, ("Discount", 10)),
        ["monthly from the 31st"] = () =>
            Deals.New().With(("Hub_Contract_Start__c", "2027-01-31"), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 5, 120),
        ["three-year ramp"] = () => Deals.New().With(("Hub_Term_Months__c", 36))
            .Line("SEAT", 10, 600, ("Hub_Line_End__c", "2027-10-14"))
            .Line("SEAT", 20, 600, ("Hub_Line_Start__c", "2027-10-15"), ("Hub_Line_End__c", "2028-10-14"))
            .Line("SEAT", 30, 600, ("Hub_Line_Start__c", "2028-10-15")),
        ["quarterly with a rest of two months"] = () =>
            Deals.New().With(("Hub_Term_Months__c", 14), ("Hub_Billing_Frequency__c", "Quarterly")).Line("SEAT", 3, 1_200),
        ["a rest that is no whole month"] = () => Deals.New()
            .With(("Hub_Term_Months__c", null), ("Hub_Contract_End__c", "2027-12-31")).Line("SEAT", 1, 1_200),
        ["upfront for two years"] = () => Deals.New().With(("Hub_Term_Months__c", 24), ("Hub_Billing_Frequency__c", "Upfront")).Line("SEAT", 1, 1_200),
        ["a price for the whole term"] = () => Deals.New().With(("Hub_Billing_Frequency__c", "Quarterly")).Line("SEAT", 1, 1_200, ("Hub_Price_Basis__c", "Term")),
        ["mixed frequencies"] = () => Deals.New().Line("PLATFORM", 1, 1_200).Line("SEAT", 1, 120, ("Hub_Billing_Frequency__c", "Monthly")),
        ["free months and a setup fee"] = () => Deals.New()
            .With(("Hub_Free_Months__c", 2), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 1, 120).OneTime("SETUP", 1, 5),
        ["a discount for three months"] = () => Deals.New().With(("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 1, 120, ("Discount", 50), ("Hub_Show_Discount__c", true), ("Hub_Discount_Months__c", 3)),
        ["a shown amount off after a percentage"] = () => Deals.New().Line("SEAT", 40, 300, ("Discount", 10), ("Hub_Discount_Amount__c", 20), ("Hub_Show_Discount__c", true))
            .OneTime("SETUP", 2, 450, ("Hub_Discount_Amount__c", 50), ("Hub_Show_Discount__c", true)),
        ["a hidden amount off after a percentage"] = () => Deals.New().Line("SEAT", 40, 300, ("Discount", 10), ("Hub_Discount_Amount__c", 20)),
        ["an amount off for three months"] = () => Deals.New().With(("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 5, 120, ("Hub_Discount_Amount__c", 24), ("Hub_Show_Discount__c", true), ("Hub_Discount_Months__c", 3)),
        ["an amount off a quarterly price and its rest"] = () => Deals.New().With(("Hub_Term_Months__c", 14), ("Hub_Billing_Frequency__c", "Quarterly"))
            .Line("SEAT", 7, 1_200, ("Hub_Discount_Amount__c", 100), ("Hub_Show_Discount__c", true)),
        ["an amount off a price for the whole term"] = () =>
            Deals.New().With(("Hub_Billing_Frequency__c", "Quarterly")).Line("SEAT", 1, 1_200, ("Hub_Price_Basis__c", "Term"), ("Hub_Discount_Amount__c", 80), ("Hub_Show_Discount__c", true)),
        ["dinars off"] = () => Deals.New().With(("CurrencyIsoCode", "KWD")).Line("SEAT", 7, 7.25m, ("Hub_Discount_Amount__c", 0.25m), ("Hub_Show_Discount__c", true)),
        ["more steps than Stripe takes at once"] = () => PhaseWindowTests.Steps(13),
        ["yen"] = () => Deals.New().With(("CurrencyIsoCode", "JPY")).Line("SEAT", 7, 12_345),
        ["dinars"] = () => Deals.New().With(("CurrencyIsoCode", "KWD")).Line("SEAT", 7, 7.25m),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Both_come_to_the_same_amount_on_every_day(string shape)
    {
        Deals deal = ShapesByName[shape]();
        SoldContract sold = Read(deal);

        var expected = ExpectedCharges.Of(sold, sold.Start!.Value, Deals.Date(Processed))
            .GroupBy(charge => charge.Date).Select(charges => (charges.Key, Net: charges.Sum(charge => charge.Net))).OrderBy(day => day.Key);
        var planned = deal.Planned(Processed, options: PhaseWindowTests.Rolling).Invoices.Select(invoice => (invoice.Date, Net: invoice.Amount.MinorUnits)).OrderBy(day => day.Date);

        Assert.Equal(planned, expected);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_contract_scheduled_as_planned_has_no_discrepancy(string shape)
    {
        Deals deal = ShapesByName[shape]();
        SoldContract sold = Read(deal);
        BilledSchedule scheduled = Schedule(deal.Planned(Processed, options: PhaseWindowTests.Rolling));

        ContractVerdict verdict = Match(sold, scheduled);

        Assert.True(verdict.Compared && verdict.FootOk);
        Assert.Empty(verdict.Rows);
    }

    [Fact]
    public void Phases_that_nobody_is_going_to_send_are_missing()
    {
        Deals deal = PhaseWindowTests.Steps(13);
        BilledSchedule scheduled = Schedule(deal.Planned(Processed, options: PhaseWindowTests.Rolling)) with { PhasesUntil = null };

        Assert.Equal(["QUANTITY_MISMATCH", "TERM_MISMATCH"], Match(Read(deal), scheduled).Rows.Select(row => row.Kind).Distinct().Order(StringComparer.Ordinal));
    }

    private static ContractVerdict Match(SoldContract sold, BilledSchedule scheduled) => ContractMatching.Match(
        new ContractBooks(sold.Key, sold, [scheduled.AsSubscription()], [], []), TestBooks.Terms(Deals.Date(Processed)));

    private static SoldContract Read(Deals deal) => ReconciledDeal.Read(new ContractedDeal(deal.Snapshot(), false), DateTimeZone.Utc);

    private static BilledSchedule Schedule(BillingPlan plan)
    {
        ImmutableArray<BilledPhase> phases = [.. PhaseWindow.Sent(plan).Select(phase => new BilledPhase(TestBooks.At(phase.Start), TestBooks.At(phase.End), [.. phase.Items.Select(Item)]))];
        return new BilledSchedule(
            "sub_sched_1", "not_started", true, "cus_1", null, Deals.OpportunityId, plan.Currency.StripeCode, phases[0].Start, phases[^1].End,
            PhaseWindow.EndSent(plan) == EndBehavior.Cancel, phases)
        {
            PhasesUntil = plan.PhasesUntil,
        };
    }

    private static BilledItem Item(PhaseItem item) => new(
        $"si_{item.LineId.Value}", item.StripeProductId, item.Quantity ?? 0, item.UnitAmount, item.Interval, item.Usage,
        item.PercentOff is { } percent ? [percent] : [], null)
    {
        AmountOff = item.AmountOff ?? 0,
    };
}
