using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

/// <summary>Payment terms of amendments, and master data that changed after a contract was billed.</summary>
public sealed class AmendedTermsTests
{
    private static (Deals Deal, string Processed) Sold => (Contract(), "2026-12-15");

    // 10 × 120.00 a year, monthly, Net 20. The upsell is known on 10 April, so the invoice of 1 May is the first that is due after 7 days.
    [Fact]
    public void Terms_of_a_backdated_amendment_are_sent_from_the_next_billing_date_on()
    {
        BillingPlan plan = Deals.Planned(Sold, (Deals.Amending("Upsell", "2027-03-01").With(("Hub_Payment_Terms__c", "Net 7")).Line("SEAT", 5, 120.00m), "2027-04-10"));

        Assert.Equal(["2027-01-01", "2027-03-01", "2027-05-01"], plan.Schedule!.Phases.Select(phase => phase.Start.ToString("uuuu-MM-dd", null)));
        Assert.Equal([null, null, 7], plan.Schedule.Phases.Select(phase => phase.DaysUntilDue));
        Assert.Contains("2027-05-01 15000 due 2027-05-08: SEAT 15000", Deals.Invoices(plan));
        Assert.Contains("2027-04-01 10000 due 2027-04-21: SEAT 10000", Deals.Invoices(plan));
    }

    // Nothing else begins on 1 April.
    [Fact]
    public void Terms_alone_begin_a_phase()
    {
        BillingPlan plan = Deals.Planned(
            Sold, (Deals.Amending("Upsell", "2027-04-01").With(("Hub_Payment_Terms__c", "Net 7")).Line("SUPPORT", 1, 240.00m, ("Hub_Line_Start__c", "2027-06-01")), "2027-03-10"));

        Assert.Equal(
            [("2027-01-01", null), ("2027-04-01", 7), ("2027-06-01", 7)], plan.Schedule!.Phases.Select(phase => (phase.Start.ToString("uuuu-MM-dd", null), phase.DaysUntilDue)));
    }

    // C18: in order of effective date, whichever was won first.
    [Fact]
    public void Terms_apply_in_order_of_their_first_day()
    {
        BillingPlan plan = Deals.Planned(
            Sold,
            (Deals.Amending("Upsell", "2027-06-01", 2).With(("Hub_Payment_Terms__c", "Net 7")).Line("SEAT", 1, 120.00m), "2027-02-10"),
            (Deals.Amending("Upsell", "2027-04-01", 3).With(("Hub_Payment_Terms__c", "Net 60")).Line("SEAT", 1, 120.00m), "2027-02-11"));

        Assert.Equal([null, 60, 7], plan.Schedule!.Phases.Select(phase => phase.DaysUntilDue));
        Assert.Contains("2027-06-01 12000 due 2027-06-08: SEAT 12000", Deals.Invoices(plan));
    }

    [Theory]
    [InlineData("product")]
    [InlineData("email")]
    [InlineData("quote")]
    public void A_contract_that_is_billed_stays_one_whatever_happened_to_master_data_since(string since)
    {
        Deals changed = since switch
        {
            "product" => Contract().Product("SEAT", ("IsActive", false)),
            "email" => Contract().Contact(("Email", null)),
            _ => Contract().Quoted("SEAT", 11, 120.00m),
        };
        (Deals, string) termination = (Deals.Amending("Termination", "2027-09-01"), "2027-03-10");

        Assert.IsType<PlanOutcome.Planned>(Deals.Plan(Billed(), null, (changed, "2026-12-15"), termination));

        // What Stripe does not bill was refused, and is not there to be terminated.
        Assert.Equal("contract-unknown", Assert.Single(Deals.Findings((changed, "2026-12-15"), termination)).Code);
    }

    [Fact]
    public void An_amendment_that_was_applied_stays_applied_when_its_product_is_deactivated()
    {
        (Deals, string) upsell = (Deals.Amending("Upsell", "2027-04-01", 2).Line("SUPPORT", 1, 240.00m).Product("SUPPORT", ("IsActive", false)), "2027-03-10");
        BillingPlan plan = Deals.Planned(Sold, (Deals.Amending("Upsell", "2027-04-01", 2).Line("SUPPORT", 1, 240.00m), "2027-03-10"));
        BillingSnapshot billing = Billed(plan);

        // The same again, as a sync of either opportunity asks for it.
        var applied = new ContractHistory([Processed(Sold), Processed(upsell)]) { Applied = plan.Version };
        Assert.IsType<PlanOutcome.Unchanged>(ContractPlanning.Plan(applied, billing, new()));

        // And as what the next one builds on.
        PlanOutcome next = Deals.Plan(billing, null, Sold, upsell, (Deals.Amending("Downsell", "2027-06-01", 3).Line("SEAT", -4, 120.00m), "2027-05-10"));
        Assert.Equal(
            ["2027-01-01..2027-04-01: 10 SEAT @1000/month", "2027-04-01..2027-06-01: 10 SEAT @1000/month, 1 SUPPORT @2000/month", "2027-06-01..2028-01-01: 6 SEAT @1000/month, 1 SUPPORT @2000/month"],
            Deals.Phases(Assert.IsType<PlanOutcome.Planned>(next).Plan));

        // One that is not applied is refused as ever.
        Assert.Contains(Assert.IsType<PlanOutcome.Rejected>(Deals.Plan(Billed(), null, Sold, upsell)).Problems, problem => problem.Code == "product-inactive");
    }

    private static Deals Contract() => Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 10, 120.00m);

    private static ProcessedDeal Processed((Deals Deal, string On) deal) => new(deal.Deal.Snapshot(), Deals.Date(deal.On));

    private static BillingSnapshot Billed(BillingPlan? plan = null)
    {
        BillingPlan held = plan ?? Deals.Planned(Sold);
        return new(
            new("cus_1", "usd"), [],
            new("sub_sched_1", "sub_1", null, "active", held.Version, null)
            {
                Schedule = new("cancel", [.. held.Schedule!.Phases.Select(phase => HeldPhases.Of(phase, held))]) { CurrentPhaseStart = Deals.Date("2027-01-01") },
            });
    }
}
