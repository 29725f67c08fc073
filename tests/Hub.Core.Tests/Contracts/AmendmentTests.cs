using System.Collections.Immutable;
using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

/// <summary>Every change of a running contract with dates and amounts worked out by hand.</summary>
public sealed class AmendmentTests
{
    // 10 seats at 10.00 a month, 2027: twelve invoices of 100.00.
    private static (Deals Deal, string Processed) Monthly => (
        Deals.New()
            .With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Billing_Frequency__c", "Monthly"), ("Hub_PO_Number__c", "PO-1"))
            .Line("SEAT", 10, 120.00m),
        "2026-12-15");

    // 10 seats at 1 200.00 a year, 2027: one invoice of 12 000.00.
    private static (Deals Deal, string Processed) Annual => (
        Deals.New().With(("Hub_Contract_Start__c", "2027-01-01")).Line("SEAT", 10, 1200.00m), "2026-12-15");

    [Fact]
    public void An_upsell_on_a_billing_date_raises_the_invoices_from_then_on()
    {
        BillingPlan plan = Deals.Planned(Monthly, (Deals.Amending("Upsell", "2027-04-01").Line("SEAT", 5, 120.00m), "2027-03-10"));

        Assert.Equal(["2027-01-01..2027-04-01: 10 SEAT @1000/month", "2027-04-01..2028-01-01: 15 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal([.. Enumerable.Repeat(10000L, 3), .. Enumerable.Repeat(15000L, 9)], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
        Assert.Equal("2027-04-01 15000 due 2027-04-21: SEAT 15000", Deals.Invoices(plan)[3]);
        Assert.Equal(165000, plan.Total.MinorUnits);
        Assert.Equal(Deals.OpportunityId, plan.OpportunityId.Value);
        Assert.Equal(DealType.Upsell, plan.Change!.Type);
        Assert.Empty(plan.Adjustments);
    }

    // 15 April to 31 December: 8 whole months of 12, 5 × 1 200.00 × 8/12 = 4 000.00; 261 days of 365: 6 000.00 × 261/365 = 4 290.41.
    [Theory]
    [InlineData("Month", "2027-03-10", "2027-04-15 400000 due 2027-05-05: SEAT 400000")]
    [InlineData("Day", "2027-03-10", "2027-04-15 429041 due 2027-05-05: SEAT 429041")]
    [InlineData("Month", "2027-05-02", "2027-05-02 400000 due 2027-05-22: SEAT 400000")]
    [InlineData("None", "2027-03-10", null)]
    public void An_upsell_inside_a_period_is_charged_for_the_rest_of_it(string policy, string processed, string? proration)
    {
        BillingPlan plan = Deals.Planned(
            Annual, (Deals.Amending("Upsell", "2027-04-15").With(("Hub_Proration_Policy__c", policy)).Line("SEAT", 5, 1200.00m), processed));

        Assert.Equal(["2027-01-01..2027-04-15: 10 SEAT @120000/year", "2027-04-15..2028-01-01: 15 SEAT @120000/year"], Deals.Phases(plan));
        string[] expected = proration is null ? ["2027-01-01 1200000 due 2027-01-21: SEAT 1200000"] : ["2027-01-01 1200000 due 2027-01-21: SEAT 1200000", proration];
        Assert.Equal(expected, Deals.Invoices(plan));
    }

    // 4 × 1 200.00 × 6/12 = 2 400.00 back on 1 July.
    [Theory]
    [InlineData("Balance", "2027-07-01 -240000 due -: SEAT -240000", false)]
    [InlineData("CreditNote", "2027-07-01 -240000 due -: SEAT -240000", true)]
    [InlineData("None", null, false)]
    public void A_downsell_inside_a_paid_period_is_credited_by_the_policy(string policy, string? credit, bool creditNote)
    {
        BillingPlan plan = Deals.Planned(
            Annual, (Deals.Amending("Downsell", "2027-07-01").With(("Hub_Credit_Policy__c", policy)).Line("SEAT", -4, 1200.00m), "2027-06-01"));

        Assert.Equal(["2027-01-01..2027-07-01: 10 SEAT @120000/year", "2027-07-01..2028-01-01: 6 SEAT @120000/year"], Deals.Phases(plan));
        Assert.Equal(credit is null ? [] : [credit], Deals.Invoices(plan).Skip(1));
        Assert.Equal(creditNote, plan.Invoices[^1].CreditNote);
        Assert.Equal(creditNote ? Deals.Date("2027-01-01") : null, plan.Adjustments.SingleOrDefault()?.CreditedInvoice);
    }

    // Two invoices of 100.00 less, then 60.00 a month: nothing is given back on a billing date.
    [Fact]
    public void A_downsell_on_a_billing_date_gives_nothing_back()
    {
        BillingPlan plan = Deals.Planned(Monthly, (Deals.Amending("Downsell", "2027-03-01").Line("SEAT", -4, 120.00m), "2027-02-10"));

        Assert.Equal([10000L, 10000L, .. Enumerable.Repeat(6000L, 10)], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
    }

    // The old price goes out and the new one comes in: 10 × 11.00 from April.
    [Fact]
    public void A_price_change_is_a_reduction_and_an_addition()
    {
        BillingPlan plan = Deals.Planned(
            Monthly, (Deals.Amending("Upsell", "2027-04-01").Line("SEAT", -10, 120.00m).Line("SEAT", 10, 132.00m), "2027-03-10"));

        Assert.Equal(["2027-01-01..2027-04-01: 10 SEAT @1000/month", "2027-04-01..2028-01-01: 10 SEAT @1100/month"], Deals.Phases(plan));
        Assert.Equal((3 * 10000) + (9 * 11000), plan.Total.MinorUnits);
    }

    // 10 seats at 10.00 a month to the end of June, 15 from July.
    private static (Deals Deal, string Processed) Ramp => (
        Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 10, 120.00m, ("Hub_Line_End__c", "2027-06-30")).Line("SEAT", 15, 120.00m, ("Hub_Line_Start__c", "2027-07-01")),
        "2026-12-15");

    // Both steps lose two from April on: 3 × 100.00, 3 × 80.00, 6 × 130.00.
    [Fact]
    public void A_downsell_reaches_over_the_steps_of_a_ramp()
    {
        BillingPlan plan = Deals.Planned(Ramp, (Deals.Amending("Downsell", "2027-04-01").Line("SEAT", -2, 120.00m), "2027-03-10"));

        Assert.Equal(
            ["2027-01-01..2027-04-01: 10 SEAT @1000/month", "2027-04-01..2027-07-01: 8 SEAT @1000/month", "2027-07-01..2028-01-01: 13 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal((3 * 10000) + (3 * 8000) + (6 * 13000), plan.Total.MinorUnits);
    }

    // 11 are there from July on, but only 10 before.
    [Fact]
    public void A_downsell_over_a_ramp_takes_no_more_than_each_step_has()
    {
        Problem problem = Assert.Single(Deals.Findings(Ramp, (Deals.Amending("Downsell", "2027-04-01").Line("SEAT", -11, 120.00m), "2027-03-10")));

        Assert.Equal("reduction-unmatched", problem.Code);
        Assert.Contains("the contract has 10 at USD 120.00 then", problem.Message, StringComparison.Ordinal);
    }

    // One item a phase, never 10 and 5 of the same price side by side.
    [Fact]
    public void An_upsell_raises_the_item_of_each_step_of_a_ramp()
    {
        BillingPlan plan = Deals.Planned(Ramp, (Deals.Amending("Upsell", "2027-04-01").Line("SEAT", 5, 120.00m), "2027-03-10"));

        Assert.Equal(
            ["2027-01-01..2027-04-01: 10 SEAT @1000/month", "2027-04-01..2027-07-01: 15 SEAT @1000/month", "2027-07-01..2028-01-01: 20 SEAT @1000/month"], Deals.Phases(plan));
    }

    // The step of July is the original's, which settles nothing before the next billing date; the upsell that goes on over it is settled by days on 1 April only:
    // 3 × 1 200.00 × 275/365 = 2 712.33.
    [Fact]
    public void A_step_of_a_ramp_keeps_its_own_policy_when_an_upsell_goes_on_over_it()
    {
        var ramp = (
            Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Proration_Policy__c", "None"))
                .Line("SEAT", 10, 1200.00m, ("Hub_Line_End__c", "2027-06-30")).Line("SEAT", 15, 1200.00m, ("Hub_Line_Start__c", "2027-07-01")),
            "2026-12-15");

        BillingPlan plan = Deals.Planned(ramp, (Deals.Amending("Upsell", "2027-04-01").With(("Hub_Proration_Policy__c", "Day")).Line("SEAT", 3, 1200.00m), "2027-03-10"));

        Assert.Equal(["2027-01-01 1200000 due 2027-01-21: SEAT 1200000", "2027-04-01 271233 due 2027-04-21: SEAT 271233"], Deals.Invoices(plan));
    }

    // Known on 10 August: June 16 to 30 is 15 of 30 days of 100.00, July and August were billed with 150.00 each.
    [Fact]
    public void A_backdated_termination_of_a_ramp_is_one_credit()
    {
        BillingPlan plan = Deals.Planned(Ramp, (Deals.Amending("Termination", "2027-06-16").With(("Hub_Proration_Policy__c", "Day")), "2027-08-10"));

        Assert.Equal("2027-08-10 -35000 due -: SEAT -5000, SEAT -15000, SEAT -15000", Deals.Invoices(plan)[^1]);
        Assert.Equal(Deals.Date("2027-06-16"), Assert.Single(plan.Adjustments).Effective);
    }

    // Inside the year: 10 × (1 320.00 − 1 200.00) × 6/12 = 600.00, as −6 000.00 and +6 600.00 on one invoice.
    [Fact]
    public void A_price_change_inside_a_period_is_netted_on_one_invoice()
    {
        BillingPlan plan = Deals.Planned(
            Annual, (Deals.Amending("Upsell", "2027-07-01").Line("SEAT", -10, 1200.00m).Line("SEAT", 10, 1320.00m), "2027-06-10"));

        Assert.Equal("2027-07-01 60000 due 2027-07-21: SEAT -600000, SEAT 660000", Deals.Invoices(plan)[1]);
    }

    [Fact]
    public void A_termination_on_a_billing_date_ends_the_invoices()
    {
        BillingPlan plan = Deals.Planned(Monthly, (Deals.Amending("Termination", "2027-07-01"), "2027-06-10"));

        Assert.Equal(["2027-01-01..2027-07-01: 10 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal([.. Enumerable.Repeat(10000L, 6)], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
    }

    // September to December are 4 of 12 months: 12 000.00 × 4/12 back on 1 September.
    [Fact]
    public void A_termination_inside_a_paid_period_gives_back_the_rest()
    {
        BillingPlan plan = Deals.Planned(Annual, (Deals.Amending("Termination", "2027-09-01"), "2027-06-10"));

        Assert.Equal(["2027-01-01..2027-09-01: 10 SEAT @120000/year"], Deals.Phases(plan));
        Assert.Equal(["2027-01-01 1200000 due 2027-01-21: SEAT 1200000", "2027-09-01 -400000 due -: SEAT -400000"], Deals.Invoices(plan));
    }

    // June is not billed yet when the end on 15 June becomes known: 15 of 30 days, 10 × 5.00.
    [Fact]
    public void A_termination_inside_a_period_to_come_leaves_a_stub()
    {
        BillingPlan plan = Deals.Planned(Monthly, (Deals.Amending("Termination", "2027-06-16"), "2027-03-10"));

        Assert.Equal(["2027-01-01..2027-06-01: 10 SEAT @1000/month", "2027-06-01..2027-06-16: 10 SEAT @500/15day"], Deals.Phases(plan));
        Assert.Equal("2027-06-01 5000 due 2027-06-21: SEAT 5000", Deals.Invoices(plan)[^1]);
        Assert.Equal(55000, plan.Total.MinorUnits);
    }

    // Known on 20 June: April and June... May and June were billed; both and the rest of April come back on one credit.
    [Fact]
    public void A_backdated_termination_gives_back_every_period_billed_since()
    {
        BillingPlan plan = Deals.Planned(
            Monthly, (Deals.Amending("Termination", "2027-04-16").With(("Hub_Proration_Policy__c", "Day")), "2027-06-20"));

        Assert.Equal([.. Enumerable.Repeat(10000L, 6), -25000L], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
        Assert.Equal("2027-06-20 -25000 due -: SEAT -5000, SEAT -10000, SEAT -10000", Deals.Invoices(plan)[^1]);
        Assert.Equal(["2027-01-01..2027-04-16: 10 SEAT @1000/month"], Deals.Phases(plan));
    }

    [Fact]
    public void Credit_notes_of_a_backdated_termination_go_to_each_invoice()
    {
        BillingPlan plan = Deals.Planned(
            Monthly,
            (Deals.Amending("Termination", "2027-04-16").With(("Hub_Proration_Policy__c", "Day"), ("Hub_Credit_Policy__c", "CreditNote")), "2027-06-20"));

        Assert.Equal(
            [("2027-04-01", -5000L), ("2027-05-01", -10000L), ("2027-06-01", -10000L)],
            plan.Adjustments.Select(adjustment => (Problems(adjustment.CreditedInvoice), adjustment.Invoice.Amount.MinorUnits)));
        Assert.All(plan.Adjustments, adjustment => Assert.Equal(Deals.Date("2027-06-20"), adjustment.Invoice.Date));
    }

    // Effective 15 February, known 10 April: 14 of 28 days of February, all of March and April.
    [Fact]
    public void A_backdated_upsell_is_billed_for_its_true_period_with_one_line_per_period()
    {
        BillingPlan plan = Deals.Planned(
            Monthly, (Deals.Amending("Upsell", "2027-02-15").With(("Hub_Proration_Policy__c", "Day")).Line("SEAT", 5, 120.00m), "2027-04-10"));

        Assert.Equal("2027-04-10 12500 due 2027-04-30: SEAT 2500, SEAT 5000, SEAT 5000", Deals.Invoices(plan)[4]);
        Assert.Equal([.. Enumerable.Repeat(10000L, 4), 12500L, .. Enumerable.Repeat(15000L, 8)], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
    }

    // Same quantities and prices go on: one phase of 24 months, no gap and no period twice.
    [Fact]
    public void A_renewal_at_the_same_price_goes_on_in_the_same_phase()
    {
        BillingPlan plan = Deals.Planned(Monthly, (Deals.Amending("Renewal", "2028-01-01").Line("SEAT", 10, 120.00m), "2027-11-20"));

        Assert.Equal(["2027-01-01..2029-01-01: 10 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal(24, plan.Invoices.Length);
        Assert.Equal(24, plan.Invoices.Select(invoice => invoice.Date).Distinct().Count());
        Assert.Equal(240000, plan.Total.MinorUnits);
    }

    // 12 seats at 11.00 for 24 months from 2028, known half a year early.
    [Fact]
    public void An_early_renewal_with_other_terms_begins_where_the_term_ends()
    {
        BillingPlan plan = Deals.Planned(
            Monthly, (Deals.Amending("Renewal", "2028-01-01").With(("Hub_Term_Months__c", 24)).Line("SEAT", 12, 132.00m), "2027-06-20"));

        Assert.Equal(["2027-01-01..2028-01-01: 10 SEAT @1000/month", "2028-01-01..2030-01-01: 12 SEAT @1100/month"], Deals.Phases(plan));
        Assert.Equal((12 * 10000) + (24 * 13200), plan.Total.MinorUnits);
    }

    // 14 months billed annually end with a stub of two months; the new term counts from its own first day, 1 March 2028.
    [Fact]
    public void A_renewal_after_a_stub_counts_from_its_own_first_day()
    {
        var stub = (Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Term_Months__c", 14)).Line("SEAT", 10, 1200.00m), "2026-12-15");

        BillingPlan plan = Deals.Planned(stub, (Deals.Amending("Renewal", "2028-03-01").With(("Hub_Term_Months__c", 12)).Line("SEAT", 10, 1200.00m), "2027-11-20"));

        Assert.Equal(
            [
                "2027-01-01..2028-01-01: 10 SEAT @120000/year",
                "2028-01-01..2028-03-01: 10 SEAT @20000/2month",
                "2028-03-01..2029-03-01: 10 SEAT @120000/year",
            ],
            Deals.Phases(plan));
        Assert.Equal(
            ["2027-01-01 1200000 due 2027-01-21: SEAT 1200000", "2028-01-01 200000 due 2028-01-21: SEAT 200000", "2028-03-01 1200000 due 2028-03-21: SEAT 1200000"],
            Deals.Invoices(plan));
    }

    // 31 January, 13 months: ends on 28 February 2028... the renewal's dates count from the 31st again.
    [Fact]
    public void A_renewed_contract_of_the_31st_stays_one()
    {
        var sold = (
            Deals.New().With(("Hub_Contract_Start__c", "2027-01-31"), ("Hub_Term_Months__c", 13), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 1, 120.00m),
            "2027-01-15");

        BillingPlan plan = Deals.Planned(sold, (Deals.Amending("Renewal", "2028-02-29").With(("Hub_Term_Months__c", 2)).Line("SEAT", 1, 120.00m), "2028-01-05"));

        Assert.Equal(["2027-01-31..2028-04-30: 1 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal(["2028-02-29", "2028-03-31"], plan.Invoices.Select(invoice => Problems(invoice.Date)).TakeLast(2));
    }

    // To the end of June 2028: six more invoices of 100.00.
    [Fact]
    public void An_extension_moves_the_end()
    {
        BillingPlan plan = Deals.Planned(Monthly, (Deals.Amending("Upsell", "2027-10-01").With(("Hub_Contract_End__c", "2028-06-30")), "2027-09-10"));

        Assert.Equal(["2027-01-01..2028-07-01: 10 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal(18, plan.Invoices.Length);
    }

    // To the end of June after all only, then to the end of September: nine invoices of 100.00.
    [Fact]
    public void A_contract_that_was_shortened_is_extended_again()
    {
        BillingPlan plan = Deals.Planned(
            Monthly,
            (Deals.Amending("Downsell", "2027-04-01", 2).With(("Hub_Contract_End__c", "2027-06-30")), "2027-03-10"),
            (Deals.Amending("Upsell", "2027-05-01", 3).With(("Hub_Contract_End__c", "2027-09-30")), "2027-04-10"));

        Assert.Equal(["2027-01-01..2027-10-01: 10 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal([.. Enumerable.Repeat(10000L, 9)], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
    }

    // 14 months become 15 before the last quarter begins: its usage is billed once.
    [Fact]
    public void Usage_of_an_extended_contract_is_billed_once_a_period()
    {
        var sold = (
            Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Term_Months__c", 14), ("Hub_Billing_Frequency__c", "Quarterly")).Line("SEAT", 10, 120.00m).Usage("API", 0.01m),
            "2026-12-15");

        BillingPlan plan = Deals.Planned(sold, (Deals.Amending("Upsell", "2027-10-01").With(("Hub_Contract_End__c", "2028-03-31")), "2027-09-10"));

        Assert.Equal(["2028-01-01 30000 due 2028-01-21: SEAT 30000, API ?", "2028-04-01 0 due 2028-04-21: API ?"], Deals.Invoices(plan).TakeLast(2));
    }

    // Upsell in April, of which 2 go in July, and a third amendment names the second.
    [Fact]
    public void Several_amendments_add_up()
    {
        BillingPlan plan = Deals.Planned(
            Monthly,
            (Deals.Amending("Upsell", "2027-04-01", 2).Line("SEAT", 5, 120.00m), "2027-03-10"),
            (Deals.Amending("Downsell", "2027-07-01", 3).Line("SEAT", -2, 120.00m), "2027-06-10"),
            (Deals.Amending("Upsell", "2027-10-01", 4).Line("SUPPORT", 1, 600.00m), "2027-09-10"));

        Assert.Equal(
            [
                "2027-01-01..2027-04-01: 10 SEAT @1000/month", "2027-04-01..2027-07-01: 15 SEAT @1000/month",
                "2027-07-01..2027-10-01: 13 SEAT @1000/month", "2027-10-01..2028-01-01: 13 SEAT @1000/month, 1 SUPPORT @5000/month",
            ],
            Deals.Phases(plan));
        Assert.Equal(30000 + 45000 + 39000 + 54000, plan.Total.MinorUnits);
    }

    // Won later, effective earlier: both end in the same contract as in the other order.
    [Fact]
    public void The_order_of_winning_does_not_matter_to_what_is_sold()
    {
        var may = (Deals.Amending("Upsell", "2027-05-01", 2).Line("SEAT", 5, 120.00m), "2027-03-10");
        var april = (Deals.Amending("Downsell", "2027-04-01", 3).Line("SEAT", -2, 120.00m), "2027-03-20");

        Assert.Equal(Deals.Phases(Deals.Planned(Monthly, may, april)), Deals.Phases(Deals.Planned(Monthly, april, may)));
    }

    [Fact]
    public void A_refused_or_held_amendment_in_between_changes_nothing()
    {
        var refused = (Deals.Amending("Upsell", "2027-04-01", 2).Line("SEAT", 5, null), "2027-03-10");
        var held = (Deals.Amending("Upsell", "2027-04-01", 3).With(("Hub_Hold_Billing__c", true)).Line("SEAT", 5, 120.00m), "2027-03-10");
        var upsell = (Deals.Amending("Upsell", "2027-05-01", 4).Line("SEAT", 1, 120.00m), "2027-04-10");

        Assert.Equal(Deals.Phases(Deals.Planned(Monthly, upsell)), Deals.Phases(Deals.Planned(Monthly, refused, held, upsell)));
    }

    // A setup fee of 200.00: with the April invoice, or on one of its own where Stripe issues none.
    [Theory]
    [InlineData("2027-04-01", "2027-03-10", "2027-04-01 35000 due 2027-04-21: SETUP 20000, SEAT 15000")]
    [InlineData("2027-04-01", "2027-04-10", "2027-04-10 25000 due 2027-04-30: SETUP 20000, SEAT 5000")]
    public void A_one_time_line_goes_on_the_invoice_of_the_change(string effective, string processed, string expected)
    {
        BillingPlan plan = Deals.Planned(Monthly, (Deals.Amending("Upsell", effective).Line("SEAT", 5, 120.00m).OneTime("SETUP", 1, 200.00m), processed));

        Assert.Contains(expected, Deals.Invoices(plan));
        Assert.Equal((3 * 10000) + (9 * 15000) + 20000, plan.Total.MinorUnits);
    }

    // Billed with April's seats; that the contract had ended in March became known in June, and the setup is not charged a second time.
    [Fact]
    public void A_one_time_line_stays_on_the_invoice_it_was_on_when_the_contract_turns_out_to_have_ended()
    {
        BillingPlan plan = Deals.Planned(
            Monthly,
            (Deals.Amending("Upsell", "2027-04-01", 2).Line("SEAT", 5, 120.00m).OneTime("SETUP", 1, 200.00m), "2027-03-10"),
            (Deals.Amending("Termination", "2027-03-01", 3), "2027-06-20"));

        Assert.Equal("2027-04-01 35000 due 2027-04-21: SETUP 20000, SEAT 15000", Deals.Invoices(plan)[3]);
        Assert.All(plan.Adjustments, adjustment => Assert.DoesNotContain(adjustment.Invoice.Lines, line => line.ProductCode == "SETUP"));
    }

    [Fact]
    public void Payment_terms_and_PO_of_an_amendment_hold_from_then_on()
    {
        BillingPlan plan = Deals.Planned(
            Monthly, (Deals.Amending("Upsell", "2027-04-01").With(("Hub_Payment_Terms__c", "Net 30"), ("Hub_PO_Number__c", "PO-2")).Line("SEAT", 5, 120.00m), "2027-03-10"));

        Assert.Equal("2027-03-01 10000 due 2027-03-21: SEAT 10000", Deals.Invoices(plan)[2]);
        Assert.Equal("2027-04-01 15000 due 2027-05-01: SEAT 15000", Deals.Invoices(plan)[3]);
        Assert.Equal([null, 30], plan.Schedule!.Phases.Select(phase => phase.DaysUntilDue));
        Assert.Equal("PO-2", plan.Schedule.CustomFields.Single().Value);
    }

    // 1-10 at 12.00, from 11 at 10.00 a month: 10 cost 120.00, 15 cost 170.00; half of April (15/30 days) of the difference is 25.00.
    [Fact]
    public void More_of_a_tiered_product_is_priced_as_a_whole()
    {
        (string, object?)[] tiers = [("Hub_Price_Tiers__c", "1-10: 12.00; 11+: 10.00"), ("Hub_Tiers_Mode__c", "Graduated"), ("Hub_Price_Basis__c", "Month")];
        var sold = (Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 10, 12.00m, tiers), "2026-12-15");

        BillingPlan plan = Deals.Planned(
            sold, (Deals.Amending("Upsell", "2027-04-16").With(("Hub_Proration_Policy__c", "Day")).Line("SEAT", 5, 12.00m, tiers), "2027-03-10"));

        Assert.Equal(["2027-01-01..2027-04-16: 10 SEAT @tiers/month", "2027-04-16..2028-01-01: 15 SEAT @tiers/month"], Deals.Phases(plan));
        Assert.Equal("2027-04-16 2500 due 2027-05-06: SEAT 2500", Deals.Invoices(plan)[4]);
        Assert.Equal("2027-05-01 17000 due 2027-05-21: SEAT 17000", Deals.Invoices(plan)[5]);
    }

    [Fact]
    public void Usage_ends_with_a_termination_and_is_billed_on_its_day()
    {
        var sold = (
            Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 10, 120.00m).Usage("API", 0.01m), "2026-12-15");

        BillingPlan plan = Deals.Planned(sold, (Deals.Amending("Termination", "2027-03-01"), "2027-02-10"));

        Assert.Equal(
            ["2027-01-01 10000 due 2027-01-21: SEAT 10000", "2027-02-01 10000 due 2027-02-21: SEAT 10000, API ?", "2027-03-01 0 due 2027-03-21: API ?"],
            Deals.Invoices(plan));
    }

    private static (Deals Deal, string Processed) Metered(string? usageEnd = null) => (
        Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 10, 120.00m)
            .Usage("API", 0.01m, ("Hub_Line_End__c", usageEnd)),
        "2026-12-15");

    // The running line counts to the contract's end, or to the one that the upsell moves it to.
    [Theory]
    [InlineData("2027-04-01", null, null, "2027-04-01 to 2027-12-31")]
    [InlineData("2027-04-01", "2028-01-01", "2028-03-31", "2028-01-01 to 2028-03-31")]
    public void An_upsell_on_the_meter_of_a_running_line_is_refused(string effective, string? start, string? end, string days)
    {
        Deals upsell = Deals.Amending("Upsell", effective).With(("Hub_Contract_End__c", end))
            .Usage("DATA", 0.02m, ("Hub_Line_Start__c", start)).Product("DATA", ("Hub_Meter_Id__c", "mtr_API"));

        Problem problem = Assert.Single(Deals.Findings(Metered(), (upsell, "2027-03-10")));

        Assert.Equal(("meter-shared", "Product2", "Hub_Meter_Id__c", "mtr_API"), (problem.Code, problem.Object, problem.Field, problem.Value));
        Assert.Contains($"Products API and DATA are both billed by meter mtr_API from {days}", problem.Message, StringComparison.Ordinal);
    }

    // The price rises in July: by a line after one that ends, or after a downsell that ends the running one.
    [Theory]
    [InlineData("2027-06-30", false)]
    [InlineData(null, true)]
    public void Usage_may_follow_on_the_same_meter(string? ends, bool ended)
    {
        (Deals, string)[] downsell = ended ? [(Deals.Amending("Downsell", "2027-07-01").Usage("API", 0.01m), "2027-03-10")] : [];
        (Deals, string) upsell = (Deals.Amending("Upsell", "2027-07-01", 3).Usage("API", 0.02m), "2027-03-11");

        BillingPlan plan = Deals.Planned([Metered(ends), .. downsell, upsell]);

        Assert.Equal(
            ["2027-01-01..2027-07-01: 10 SEAT @1000/month, metered API @1/month", "2027-07-01..2028-01-01: 10 SEAT @1000/month, metered API @2/month"], Deals.Phases(plan));
    }

    [Fact]
    public void A_renewal_sells_usage_on_the_same_meter_again() => Assert.Equal(
        "2028-01-01..2029-01-01: 10 SEAT @1000/month, metered API @2/month",
        Deals.Phases(Deals.Planned(Metered(), (Deals.Amending("Renewal", "2028-01-01").Line("SEAT", 10, 120.00m).Usage("API", 0.02m), "2027-11-10")))[^1]);

    [Theory]
    [InlineData("Upsell", null, "effective-date-invalid")]
    [InlineData("Upsell", "2026-12-31", "effective-date-invalid")]
    [InlineData("Upsell", "2028-01-01", "effective-date-invalid")]
    [InlineData("Renewal", "2027-12-31", "effective-date-invalid")]
    [InlineData("Termination", "2028-01-02", "effective-date-invalid")]
    public void An_effective_date_outside_the_contract_is_refused(string type, string? effective, string code)
    {
        Deals amendment = Deals.Amending(type, effective);
        Problem problem = Assert.Single(Deals.Findings(Monthly, (type == "Termination" ? amendment : amendment.Line("SEAT", 5, 120.00m), "2027-03-10")));

        Assert.Equal((code, "Hub_Effective_Date__c"), (problem.Code, problem.Field));
        Assert.Contains("2027-01-01 to 2027-12-31", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_amendment_of_nothing_known_is_refused()
    {
        Problem problem = Assert.Single(Deals.Amending("Upsell", "2027-04-01").Line("SEAT", 5, 120.00m).Findings("2027-03-10"));

        Assert.Equal(("contract-unknown", "Hub_Amends_Contract__c", Deals.OpportunityId), (problem.Code, problem.Field, problem.Value));
    }

    // What the amendment itself gets wrong is told at once; what it leaves to the contract is not asked for.
    [Theory]
    [InlineData(null)]
    [InlineData("canceled")]
    public void An_amendment_of_nothing_known_or_of_what_has_ended_shows_its_own_defects_too(string? status)
    {
        Deals amendment = Deals.Amending("Upsell", "2027-04-01").Line("SEAT", 5, null).Line("SUPPORT", 1.5m, 20.00m).Product("SUPPORT", ("IsActive", false));
        BillingSnapshot billing = status is null ? BillingSnapshot.Empty : new(new("cus_1", "usd"), [], new("sub_sched_1", "sub_1", null, status, "v1", Deals.Date("2027-02-15")));
        PlanOutcome outcome = status is null ? amendment.Plan("2027-03-10") : Deals.Plan(billing, null, Monthly, (amendment, "2027-03-10"));

        Assert.Equal(
            [status is null ? "contract-unknown" : "contract-ended", "line-price-missing", "product-inactive", "quantity-not-whole"],
            Assert.IsType<PlanOutcome.Rejected>(outcome).Problems.Select(problem => problem.Code).Order(StringComparer.Ordinal));
    }

    // 1 × 100.00 / 12 = 8.3333 a month; where the frequency is left to the contract, the period is not known. What is charged once needs none: 3 × 0.125 = 0.375.
    [Theory]
    [InlineData(null, "Monthly", "SEAT SETUP")]
    [InlineData(null, null, "SETUP")]
    [InlineData("canceled", "Monthly", "SEAT SETUP")]
    [InlineData("canceled", null, "SETUP")]
    public void Amounts_of_an_amendment_without_its_contract_are_checked_for_the_period_it_states(string? status, string? frequency, string products)
    {
        Deals amendment = Deals.Amending("Upsell", "2027-04-01").With(("Hub_Billing_Frequency__c", frequency)).Line("SEAT", 1, 100.00m).OneTime("SETUP", 3, 0.125m);

        Problem[] found = [.. WithoutContract(amendment, status).Where(problem => problem.Code == "amount-not-representable")];

        Assert.Equal(products.Split(' '), found.Select(problem => problem.Message.Split(' ', ':')[1]));
        Assert.Equal(frequency is null ? [] : ["The nearest unit prices that work are USD 99.96 and USD 100.08."], found[..^1].Select(problem => problem.Fix));
    }

    public static TheoryData<string, (string, object?)[], (string, object?)[][], string> StatedDefects => new()
    {
        { "Upsell", [("Hub_Billing_Frequency__c", "Weekly")], [[]], "interval-unsupported Hub_Billing_Frequency__c" },
        { "Upsell", [], [[("Hub_Line_Start__c", "2027-05-01"), ("Hub_Line_End__c", "2027-04-30")]], "line-outside-contract Hub_Line_End__c" },
        {
            "Upsell", [], [[("Hub_Line_Start__c", "2027-04-01"), ("Hub_Line_End__c", "2027-09-30")], [("Hub_Line_Start__c", "2027-09-01"), ("Hub_Line_End__c", "2027-12-31")]],
            "line-overlap Hub_Line_Start__c"
        },
        {
            "Renewal", [], [[("Hub_Line_Start__c", "2028-01-01"), ("Hub_Line_End__c", "2028-05-31")], [("Hub_Line_Start__c", "2028-07-01"), ("Hub_Line_End__c", "2028-12-31")]],
            "line-gap Hub_Line_Start__c"
        },
        { "Upsell", [("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Term_Months__c", 12), ("Hub_Contract_End__c", "2027-11-30")], [[]], "term-contradiction Hub_Contract_End__c" },
        { "Renewal", [("Hub_Term_Months__c", 12), ("Hub_Contract_End__c", "2028-03-30")], [[]], "term-contradiction Hub_Contract_End__c" },
        { "Renewal", [("Hub_Term_Months__c", 48), ("Hub_Billing_Frequency__c", "Upfront")], [[]], "interval-unsupported Hub_Billing_Frequency__c" },
        { "Upsell", [("Hub_Payment_Terms__c", "Net 31")], [[]], "payment-terms-unknown Hub_Payment_Terms__c" },
        { "Upsell", [("CurrencyIsoCode", "DOLLAR")], [[]], "currency-missing CurrencyIsoCode" },
        { "Upsell", [("Hub_Free_Months__c", 1)], [[]], "value-invalid Hub_Free_Months__c" },
        { "Upsell", [("Hub_Collection_Method__c", "send_invoice"), ("Hub_Billing_Contact__c", "003000000000009AAA")], [[]], "billing-email-missing Hub_Billing_Contact__c" },
        { "Upsell", [("CurrencyIsoCode", "EUR")], [[]], "customer-currency-conflict CurrencyIsoCode" },
    };

    [Theory]
    [MemberData(nameof(StatedDefects))]
    public void What_an_amendment_states_itself_is_checked_without_its_contract(string type, (string, object?)[] fields, (string, object?)[][] lines, string expected)
    {
        Deals amendment = lines.Aggregate(Deals.Amending(type, "2027-04-01").With(fields), (deal, line) => deal.Line("SEAT", 5, 120.00m, line));

        Assert.Equal([expected], WithoutContract(amendment, "canceled").Skip(1).Select(problem => $"{problem.Code} {problem.Field}"));
    }

    // A year from 30 April 2027 may end on 29 or, for a contract of the 31st, on 30 April 2028; 500.00 for the term is 500.00 upfront, 41.666… a month.
    [Theory]
    [InlineData("Renewal", "Upfront", "2027-04-30", "2028-04-30", "Term", "contract-unknown")]
    [InlineData("Renewal", "Monthly", "2027-04-30", "2028-04-30", "Term", "contract-unknown amount-not-representable")]
    [InlineData("Upsell", "Upfront", "2027-04-30", "2028-04-30", "Term", "contract-unknown")]
    [InlineData("Upsell", "Monthly", "2027-04-30", "2028-04-30", "Term", "contract-unknown")]
    public void What_the_contract_decides_is_not_checked_without_it(string type, string frequency, string start, string end, string basis, string expected)
    {
        Deals amendment = Deals.Amending(type, start)
            .With(("Hub_Billing_Frequency__c", frequency), ("Hub_Contract_Start__c", start), ("Hub_Term_Months__c", 12), ("Hub_Contract_End__c", end))
            .Line("SEAT", 1, 500.00m, ("Hub_Price_Basis__c", basis));

        Assert.Equal(expected.Split(' '), WithoutContract(amendment, null).Select(problem => problem.Code));
    }

    private static ImmutableArray<Problem> WithoutContract(Deals amendment, string? status)
    {
        BillingSnapshot billing = new(new("cus_1", "usd"), [], new("sub_sched_1", "sub_1", null, status ?? "", "v1", Deals.Date("2027-02-15")));
        PlanOutcome outcome = status is null ? amendment.Plan("2027-03-10") : Deals.Plan(billing, null, Monthly, (amendment, "2027-03-10"));
        return Assert.IsType<PlanOutcome.Rejected>(outcome).Problems;
    }

    // 1 × 900.00 × 3 = 2700.00 a quarter; January is 31 of its 90 days. The renewal's own stub goes by months.
    [Fact]
    public void A_renewal_leaves_the_stub_before_it_at_its_price()
    {
        BillingPlan plan = Deals.Planned(
            (Deals.New().With(("Hub_Contract_Start__c", "2026-10-01"), ("Hub_Term_Months__c", 4), ("Hub_Billing_Frequency__c", "Quarterly"), ("Hub_Proration_Policy__c", "Day"))
                .Line("SEAT", 1, 900.00m, ("Hub_Price_Basis__c", "Month")), "2026-10-01"),
            (Deals.Amending("Renewal", "2027-02-01").With(("Hub_Proration_Policy__c", "Month")).Line("SEAT", 2, 900.00m, ("Hub_Price_Basis__c", "Month")), "2026-10-01"));

        Assert.Equal(["2026-10-01 2700.00", "2027-01-01 930.00", "2027-02-01 5400.00", "2027-05-01 1800.00"], Totals(plan));
    }

    // 10 × 31.00; five days of January's 31 from the second.
    [Fact]
    public void A_termination_before_a_renewal_that_is_sold_already_leaves_a_stub()
    {
        BillingPlan plan = Deals.Planned(
            (Deals.New().With(("Hub_Contract_Start__c", "2026-12-02"), ("Hub_Term_Months__c", 3), ("Hub_Billing_Frequency__c", "Monthly"), ("Hub_Proration_Policy__c", "Day"))
                .Line("SEAT", 10, 31.00m, ("Hub_Price_Basis__c", "Month")), "2026-10-01"),
            (Deals.Amending("Renewal", "2027-03-02", 2).Line("SEAT", 25, 31.00m, ("Hub_Price_Basis__c", "Month")), "2026-10-02"),
            (Deals.Amending("Termination", "2027-01-07", 3), "2026-10-03"));

        Assert.Equal(["2026-12-02 310.00", "2027-01-02 50.00"], Totals(plan));
        Assert.Equal("2027-01-07", Deals.Phases(plan)[^1][12..22]);
    }

    // 100.00 a month beside 1200.00 a year: days cannot stand beside a year. The month is billed whole; on 7 January 26 of its 31 days and 115 of the
    // year's 365 come back: 83.87 + 378.08.
    [Fact]
    public void A_termination_whose_stub_cannot_be_sent_bills_the_period_whole_and_gives_back_the_rest()
    {
        BillingPlan plan = Deals.Planned(
            (Deals.New().With(("Hub_Contract_Start__c", "2026-05-02"), ("Hub_Term_Months__c", 12), ("Hub_Billing_Frequency__c", "Monthly"), ("Hub_Proration_Policy__c", "Day"))
                .Line("SEAT", 1, 100.00m, ("Hub_Price_Basis__c", "Month")).Line("SUPPORT", 1, 1200.00m, ("Hub_Price_Basis__c", "Year"), ("Hub_Billing_Frequency__c", "Annual")), "2026-05-02"),
            (Deals.Amending("Termination", "2027-01-07"), "2026-10-01"));

        Assert.Equal(["2026-12-02 100.00", "2027-01-02 100.00", "2027-01-07 -461.95"], Totals(plan)[^3..]);
        Assert.Equal("2026-05-02..2027-01-07: 1 SEAT @10000/month, 1 SUPPORT @120000/year", Assert.Single(Deals.Phases(plan)));
    }

    // 13 months from 31 January end with February; the quarters go on counting from the 31st. 5 × 30.00 × 3.
    [Fact]
    public void A_renewal_of_a_contract_of_the_31st_counts_from_the_31st()
    {
        BillingPlan plan = Deals.Planned(
            (Deals.New().With(("Hub_Contract_Start__c", "2026-01-31"), ("Hub_Term_Months__c", 13), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 10, 30.00m, ("Hub_Price_Basis__c", "Month")), "2026-01-31"),
            (Deals.Amending("Renewal", "2027-02-28").With(("Hub_Term_Months__c", 12), ("Hub_Billing_Frequency__c", "Quarterly")).Line("SEAT", 5, 30.00m, ("Hub_Price_Basis__c", "Month")), "2026-10-01"));

        Assert.Equal(["2027-02-28 450.00", "2027-05-31 450.00", "2027-08-31 450.00", "2027-11-30 450.00"], Totals(plan)[^4..]);
        Assert.Equal("2027-02-28..2028-02-29: 5 SEAT @9000/3month", Deals.Phases(plan)[^1]);
    }

    [Theory]
    [InlineData("2026-10-29")]
    [InlineData("2026-12-24")]
    public void A_termination_in_the_free_months_bills_nothing_and_leaves_the_item(string effective)
    {
        BillingPlan plan = Deals.Planned(
            (Deals.New().With(("Hub_Contract_Start__c", "2026-09-24"), ("Hub_Term_Months__c", 15), ("Hub_Free_Months__c", 3), ("Hub_Billing_Frequency__c", "Quarterly"))
                .Line("SEAT", 10, 30.00m, ("Hub_Price_Basis__c", "Month")), "2026-09-24"),
            (Deals.Amending("Termination", effective), "2026-10-01"));

        Assert.Empty(plan.Invoices);
        Assert.Equal($"2026-09-24..{effective} free: 10 SEAT @9000/3month", Assert.Single(Deals.Phases(plan)));
    }

    // Seven months: 12 000.00 × 7/12 at once. From 8 March to 14 May two whole months are left of the seven that were billed.
    [Fact]
    public void A_contract_cut_short_is_billed_as_agreed_before_and_not_beyond()
    {
        BillingPlan plan = Deals.Planned(
            (Deals.New().With(("Hub_Contract_Start__c", "2026-10-15"), ("Hub_Term_Months__c", 7), ("Hub_Billing_Frequency__c", "Monthly"))
                .Line("SEAT", 1, 100.00m, ("Hub_Price_Basis__c", "Month")).Line("SUPPORT", 1, 12000.00m, ("Hub_Price_Basis__c", "Year"), ("Hub_Billing_Frequency__c", "Annual")), "2026-10-15"),
            (Deals.Amending("Termination", "2027-03-08"), "2026-10-20"));

        Assert.Equal(["2026-10-15 7100.00", "2027-03-08 -2000.00"], [Totals(plan)[0], Totals(plan)[^1]]);
    }

    // 31 October lies behind the month that begins on the 30th: ten whole months are left of twelve.
    [Fact]
    public void Whole_months_are_those_of_the_contract()
    {
        BillingPlan plan = Deals.Planned(
            (Deals.New().With(("Hub_Contract_Start__c", "2026-09-30"), ("Hub_Term_Months__c", 12), ("Hub_Billing_Frequency__c", "Annual")).Line("SEAT", 10, 120.00m), "2026-09-30"),
            (Deals.Amending("Upsell", "2026-10-31").Line("SUPPORT", 1, 1200.00m), "2026-10-01"));

        Assert.Equal("2026-10-31 1000.00", Totals(plan)[^1]);
    }

    [Fact]
    public void A_renewal_may_sell_again_what_had_ended_before()
    {
        BillingPlan plan = Deals.Planned(
            (Deals.New().With(("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 10, 120.00m).Line("SUPPORT", 1, 240.00m, ("Hub_Line_End__c", "2027-06-30")), "2026-12-15"),
            (Deals.Amending("Renewal", "2028-01-01").Line("SEAT", 10, 120.00m).Line("SUPPORT", 1, 240.00m), "2027-10-01"));

        Assert.Equal(["10 SEAT @1000/month, 1 SUPPORT @2000/month", "10 SEAT @1000/month", "10 SEAT @1000/month, 1 SUPPORT @2000/month"], Deals.Phases(plan).Select(phase => phase[24..]));
    }

    // A Contract record of the renewed term states six months; the opportunity repeats the twelve of the first.
    [Fact]
    public void The_record_of_a_renewed_term_wins_over_the_renewals_fields()
    {
        Deals renewal = Deals.Amending("Renewal", "2028-01-01").With(("Hub_Term_Months__c", 12), ("ContractId", "800000000000002AAA"))
            .Contract(("Id", "800000000000002AAA"), ("StartDate", "2028-01-01"), ("ContractTerm", 6)).Line("SEAT", 10, 120.00m);

        Assert.Equal("2027-01-01..2028-07-01: 10 SEAT @1000/month", Assert.Single(Deals.Phases(Deals.Planned(Monthly, (renewal, "2027-10-01")))));
    }

    [Theory]
    [InlineData(12, "2028-01-01")]
    [InlineData(9, "2028-01-01")]
    [InlineData(18, "2028-07-01")]
    [InlineData(6, null)]
    public void A_term_stated_on_an_upsell_is_the_contracts_or_what_is_left_of_it_or_extends_it(int months, string? end)
    {
        Deals upsell = Deals.Amending("Upsell", "2027-04-01").With(("Hub_Term_Months__c", months)).Line("SEAT", 5, 120.00m);
        if (end is null)
        {
            Assert.Equal(("term-contradiction", "Hub_Term_Months__c"), Assert.Single(Deals.Findings(Monthly, (upsell, "2027-03-10"))) is var problem ? (problem.Code, problem.Field) : default);
            return;
        }

        Assert.Equal($"2027-04-01..{end}: 15 SEAT @1000/month", Deals.Phases(Deals.Planned(Monthly, (upsell, "2027-03-10")))[^1]);
    }

    private static string[] Totals(BillingPlan plan) => [.. plan.Invoices.Select(invoice => $"{invoice.Date:R} {invoice.Amount.ToMajorUnits():0.00}")];

    [Theory]
    [InlineData("canceled", "2027-02-15")]
    [InlineData("completed", "2027-12-31")]
    public void A_contract_that_has_ended_is_not_amended(string status, string date)
    {
        var billing = new BillingSnapshot(new("cus_1", "usd"), [], new("sub_sched_1", "sub_1", null, status, "v1", Deals.Date(date)));

        var outcome = Assert.IsType<PlanOutcome.Rejected>(Deals.Plan(
            billing, null, Monthly, (Deals.Amending("Upsell", "2027-04-01").Line("SEAT", 5, 120.00m), "2027-03-10")));

        Problem problem = Assert.Single(outcome.Problems);
        Assert.Equal("contract-ended", problem.Code);
        Assert.Contains($"{status} on {date}", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-11, 120)]
    [InlineData(-5, 132)]
    public void More_than_the_contract_has_cannot_be_taken_away(int quantity, int price)
    {
        Problem problem = Assert.Single(Deals.Findings(Monthly, (Deals.Amending("Downsell", "2027-04-01").Line("SEAT", quantity, price), "2027-03-10")));

        Assert.Equal(("reduction-unmatched", "Quantity"), (problem.Code, problem.Field));
        Assert.Contains("10 at USD 120.00", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Taking_everything_away_is_a_termination_not_a_downsell()
    {
        Problem problem = Assert.Single(Deals.Findings(Monthly, (Deals.Amending("Downsell", "2027-04-01").Line("SEAT", -10, 120.00m), "2027-03-10")));

        Assert.Equal("line-gap", problem.Code);
    }

    [Fact]
    public void A_termination_with_lines_and_another_currency_are_refused()
    {
        Assert.Equal("termination-has-lines", Assert.Single(Deals.Findings(Monthly, (Deals.Amending("Termination", "2027-07-01").Line("SEAT", 1, 120.00m), "2027-06-10"))).Code);
        Assert.Contains(
            Deals.Findings(Monthly, (Deals.Amending("Upsell", "2027-07-01").With(("CurrencyIsoCode", "EUR")).Line("SEAT", 1, 120.00m), "2027-06-10")),
            problem => problem.Code == "customer-currency-conflict");
    }

    private static string Problems(NodaTime.LocalDate? date) => date?.ToString("uuuu-MM-dd", null) ?? "-";
}
