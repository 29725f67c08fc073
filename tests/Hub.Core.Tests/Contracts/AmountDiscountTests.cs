using System.Collections.Immutable;
using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

/// <summary>Amounts off the price of a unit (ADR 0110), each worked out by hand.</summary>
public sealed class AmountDiscountTests
{
    private const string Field = "Hub_Discount_Amount__c";

    private static readonly (string Field, object? Value) Shown = ("Hub_Show_Discount__c", true);
    private static readonly (string Field, object? Value) PerMonth = ("Hub_Price_Basis__c", "Month");

    // 300.00 less 25.00 is 275.00 a seat; 40 of them 11 000.00.
    [Fact]
    public void An_amount_that_is_not_shown_lowers_the_price()
    {
        BillingPlan plan = Deals.New().Line("SEAT", 40, 300.00m, (Field, 25.00m)).Planned();

        Assert.Equal(["2026-10-15..2027-10-15: 40 SEAT @27500/year"], Deals.Phases(plan));
        Assert.Equal(["2026-10-15 1100000 due 2026-11-04: SEAT 1100000"], Deals.Invoices(plan));
        Assert.Equal("40 × USD 275.00 (net of USD 25.00 a unit) for 2026-10-15 to 2027-10-14", plan.Invoices[0].Lines[0].Why);
    }

    // The whole item's coupon: 40 × 25.00 = 1 000.00 off 12 000.00.
    [Fact]
    public void A_shown_amount_is_a_coupon_of_the_whole_item()
    {
        BillingPlan plan = Deals.New().Line("SEAT", 40, 300.00m, (Field, 25.00m), Shown).Planned();

        Assert.Equal(["2026-10-15..2027-10-15: 40 SEAT @30000/year -100000"], Deals.Phases(plan));
        Assert.Equal(["2026-10-15 1100000 due 2026-11-04: SEAT 1100000"], Deals.Invoices(plan));
        Assert.Equal("40 × USD 300.00 less USD 1000.00 for 2026-10-15 to 2027-10-14", plan.Invoices[0].Lines[0].Why);
    }

    // First 10 % of 300.00, then 20.00: 250.00 a seat. Shown: 12 000.00 − 1 200.00 − 800.00.
    [Theory]
    [InlineData(false, "2026-10-15..2027-10-15: 40 SEAT @25000/year", "40 × USD 250.00 (net of 10 % and USD 20.00 a unit)")]
    [InlineData(true, "2026-10-15..2027-10-15: 40 SEAT @30000/year -10% -80000", "40 × USD 300.00 less 10 % less USD 800.00")]
    public void The_amount_comes_after_the_percentage(bool shown, string phase, string why)
    {
        BillingPlan plan = Deals.New().Line("SEAT", 40, 300.00m, ("Discount", 10), (Field, 20.00m), ("Hub_Show_Discount__c", shown)).Planned();

        Assert.Equal([phase], Deals.Phases(plan));
        Assert.Equal(["2026-10-15 1000000 due 2026-11-04: SEAT 1000000"], Deals.Invoices(plan));
        Assert.Equal(why + " for 2026-10-15 to 2027-10-14", plan.Invoices[0].Lines[0].Why);
    }

    // Two a month at 100.00 less 5.00, billed quarterly: 2 × 3 × 5.00 = 30.00 off 600.00.
    [Fact]
    public void The_amount_is_for_the_price_basis()
    {
        BillingPlan plan = Deals.New().With(("Hub_Billing_Frequency__c", "Quarterly")).Line("SEAT", 2, 100.00m, PerMonth, (Field, 5.00m), Shown).Planned();

        Assert.Equal(["2026-10-15..2027-10-15: 2 SEAT @30000/3month -3000"], Deals.Phases(plan));
        Assert.All(plan.Invoices, invoice => Assert.Equal(57000, invoice.Amount.MinorUnits));
    }

    // 5 × 10.00, for three months less 5 × 2.00.
    [Theory]
    [InlineData(true, "5 SEAT @1000/month -1000")]
    [InlineData(false, "5 SEAT @800/month")]
    public void Discount_months_limit_the_amount_too(bool shown, string discounted)
    {
        BillingPlan plan = Deals.New().With(("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 5, 10.00m, PerMonth, (Field, 2.00m), ("Hub_Show_Discount__c", shown), ("Hub_Discount_Months__c", 3)).Planned();

        Assert.Equal([$"2026-10-15..2027-01-15: {discounted}", "2027-01-15..2027-10-15: 5 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal([.. Enumerable.Repeat(4000L, 3), .. Enumerable.Repeat(5000L, 9)], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
    }

    // A year of 1 × 100.00 less 10.00, then two months: 16.67 less 1.67. 7 × 100.00 less 7 × 10.00: 116.67 less 11.67.
    // 100.00 less 10.10: 16.67 less 1.68 where line and coupon are rounded each, 14.98 (14.983…) where they are one.
    [Theory]
    [InlineData(1, 10.00, true, "1 SEAT @1666.666666666667/2month -167", 1500)]
    [InlineData(7, 10.00, true, "7 SEAT @1666.666666666667/2month -1167", 10500)]
    [InlineData(7, 10.00, false, "7 SEAT @1500/2month", 10500)]
    [InlineData(1, 10.10, true, "1 SEAT @1666.666666666667/2month -168", 1499)]
    [InlineData(1, 10.10, false, "1 SEAT @1498.333333333333/2month", 1498)]
    public void A_stub_takes_its_share_of_the_amount(int quantity, double off, bool shown, string stub, long amount)
    {
        BillingPlan plan = Deals.New().With(("Hub_Term_Months__c", 14))
            .Line("SEAT", quantity, 100.00m, (Field, (decimal)off), ("Hub_Show_Discount__c", shown)).Planned();

        Assert.Equal($"2027-10-15..2027-12-15: {stub}", Deals.Phases(plan)[1]);
        Assert.Equal([(long)(quantity * (100m - (decimal)off) * 100), amount], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
    }

    // 3 × 7.250 less 3 × 0.250; 10 × ¥3 000 less 10 × ¥0.5; 2 × 1 500 crowns, sent ×100, less 2 × 100.
    [Theory]
    [InlineData("KWD", 3, 7.250, 0.250, 750, 21000)]
    [InlineData("JPY", 10, 3000, 0.5, 5, 29995)]
    [InlineData("ISK", 2, 1500, 100, 20000, 280000)]
    public void Amounts_off_are_in_the_currencys_minor_unit(string currency, int quantity, double price, double off, long coupon, long amount)
    {
        Deals Deal(bool shown) => Deals.New().With(("CurrencyIsoCode", currency)).Line("SEAT", quantity, (decimal)price, (Field, (decimal)off), ("Hub_Show_Discount__c", shown));

        Assert.Equal(coupon, Deal(true).Planned().Schedule!.Phases[0].Items[0].AmountOff);
        Assert.Null(Deal(false).Planned().Schedule!.Phases[0].Items[0].AmountOff);
        Assert.All([true, false], shown => Assert.Equal(amount, Assert.Single(Deal(shown).Planned().Invoices).Amount.MinorUnits));
    }

    // 1-50 at 12.00 and from 51 on at 11.00, each less 1.00: 50 × 11.00 + 10 × 10.00 = 650.00.
    [Fact]
    public void Every_tier_is_lowered()
    {
        BillingPlan plan = Deals.New().Line("SEAT", 60, 11.83m, Tiers("1-50: 12.00; 51+: 11.00"), Graduated, (Field, 1.00m)).Planned();

        Assert.Equal([1100m, 1000m], plan.Schedule!.Phases[0].Items[0].Tiers!.Tiers.Select(tier => tier.UnitAmount));
        Assert.Equal(65000, plan.Total.MinorUnits);
    }

    // 0.05 less 20 % less 0.01 is 0.03 a call.
    [Fact]
    public void A_usage_price_is_lowered()
    {
        Deals deal = Deals.New().With(("Hub_Billing_Frequency__c", "Monthly"), ("Hub_Term_Months__c", 1)).Usage("API", 0.05m, ("Discount", 20), (Field, 0.01m));
        var used = BillingSnapshot.Empty with { Usage = [new("00k000000000001AAA", new(2026, 10), 1000)] };

        BillingPlan plan = deal.Planned(billing: used);

        Assert.Equal(3m, plan.Schedule!.Phases[0].Items[0].UnitAmount);
        Assert.Equal(3000, plan.Total.MinorUnits);
    }

    // 2.5 days at 800.00 less 2.5 × 100.00 = 1 750.00, on a plain invoice and on a schedule's first one.
    [Fact]
    public void A_line_billed_once_may_have_a_fraction_of_the_amount()
    {
        BillingPlan plain = Deals.New().OneTime("TRAINING", 2.5m, 800.00m, (Field, 100.00m), Shown).Planned();
        BillingPlan first = Deals.New().Line("SEAT", 1, 10.00m).OneTime("TRAINING", 2.5m, 800.00m, (Field, 100.00m), Shown).Planned();

        Assert.Equal(25000, Assert.Single(plain.StandaloneInvoice!.Items).AmountOff);
        Assert.Equal(175000, plain.Total.MinorUnits);
        Assert.Equal(["2026-10-15..2027-10-15: 1 SEAT @1000/year + 2.5 TRAINING @80000 -25000"], Deals.Phases(first));
        Assert.Equal(176000, first.Total.MinorUnits);
    }

    // Two free months of four, then 2 × 10.00 less 2 × 1.00 twice.
    [Fact]
    public void Free_months_carry_the_items_billed_after_them()
    {
        BillingPlan plan = Deals.New().With(("Hub_Billing_Frequency__c", "Monthly"), ("Hub_Term_Months__c", 4), ("Hub_Free_Months__c", 2))
            .Line("SEAT", 2, 10.00m, PerMonth, (Field, 1.00m), Shown).Planned();

        Assert.Equal(["2026-10-15..2026-12-15 free: 2 SEAT @1000/month -200", "2026-12-15..2027-02-15: 2 SEAT @1000/month -200"], Deals.Phases(plan));
        Assert.Equal([1800L, 1800L], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
    }

    // 10 a year at 100.00 less 10.00 beside 2 a month at 50.00 less 5.00: 900.00 and 90.00.
    [Fact]
    public void Each_frequency_has_its_own_amount()
    {
        BillingPlan plan = Deals.New()
            .Line("SEAT", 10, 100.00m, (Field, 10.00m), Shown)
            .Line("SUPPORT", 2, 50.00m, PerMonth, (Field, 5.00m), Shown, ("Hub_Billing_Frequency__c", "Monthly")).Planned();

        Assert.Equal(["2026-10-15..2027-10-15: 10 SEAT @10000/year -10000, 2 SUPPORT @5000/month -1000"], Deals.Phases(plan));
        Assert.Equal([99000L, .. Enumerable.Repeat(9000L, 11)], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
    }

    // 10 × 20.00 less 10 × 1.00, and 5 × 20.00 less 5 × 2.00.
    [Fact]
    public void Two_lines_of_one_product_and_price_keep_their_own_amounts()
    {
        BillingPlan plan = Deals.New().Line("SEAT", 10, 20.00m, (Field, 1.00m), Shown).Line("SEAT", 5, 20.00m, (Field, 2.00m), Shown).Planned();

        Assert.Equal(["2026-10-15..2027-10-15: 10 SEAT @2000/year -1000, 5 SEAT @2000/year -1000"], Deals.Phases(plan));
        Assert.Equal(["2026-10-15 28000 due 2026-11-04: SEAT 19000, SEAT 9000"], Deals.Invoices(plan));
    }

    // 5 × (120.00 − 12.00) × 6/12 = 270.00; the coupon of 15 seats takes 180.00 off.
    [Theory]
    [InlineData(true, "15 SEAT @12000/year -18000")]
    [InlineData(false, "15 SEAT @10800/year")]
    public void An_upsell_is_charged_at_the_net_price(bool shown, string item)
    {
        BillingPlan plan = Deals.Planned(Annual(shown), (Deals.Amending("Upsell", "2027-07-01").Line("SEAT", 5, 120.00m, (Field, 12.00m), ("Hub_Show_Discount__c", shown)), "2027-06-01"));

        Assert.Equal($"2027-07-01..2028-01-01: {item}", Deals.Phases(plan)[1]);
        Assert.Equal(["2027-01-01 108000 due 2027-01-21: SEAT 108000", "2027-07-01 27000 due 2027-07-21: SEAT 27000"], Deals.Invoices(plan));
    }

    // −4 × 108.00 × 6/12 = −216.00, also where the reduction states the net price of 108.00.
    [Theory]
    [InlineData(120.00, 12.00)]
    [InlineData(108.00, null)]
    public void A_downsell_is_credited_at_the_net_price(double price, double? off)
    {
        BillingPlan plan = Deals.Planned(Annual(shown: true), (Deals.Amending("Downsell", "2027-07-01").Line("SEAT", -4, (decimal)price, (Field, (decimal?)off)), "2027-06-01"));

        Assert.Equal("2027-07-01..2028-01-01: 6 SEAT @12000/year -7200", Deals.Phases(plan)[1]);
        Assert.Equal("2027-07-01 -21600 due -: SEAT -21600", Deals.Invoices(plan)[1]);
    }

    // 108.00 a seat either way, but only ten of them show 12.00 off.
    [Fact]
    public void More_at_the_same_net_price_without_the_coupon_is_an_item_of_its_own()
    {
        BillingPlan plan = Deals.Planned(Annual(shown: true), (Deals.Amending("Upsell", "2027-07-01").Line("SEAT", 5, 108.00m), "2027-06-01"));

        Assert.Equal("2027-07-01..2028-01-01: 10 SEAT @12000/year -12000, 5 SEAT @10800/year", Deals.Phases(plan)[1]);
    }

    // Seats of another amount off are another item.
    [Fact]
    public void More_at_another_amount_off_stands_beside_what_was_sold()
    {
        BillingPlan plan = Deals.Planned(Annual(shown: true), (Deals.Amending("Upsell", "2028-01-01").With(("Hub_Contract_End__c", "2028-12-31"), ("Hub_Effective_Date__c", "2027-12-31"))
            .Line("SEAT", 5, 120.00m, (Field, 20.00m), Shown, ("Hub_Line_Start__c", "2028-01-01")), "2027-06-01"));

        Assert.Equal("2028-01-01..2029-01-01: 10 SEAT @12000/year -12000, 5 SEAT @12000/year -10000", Deals.Phases(plan)[^1]);
    }

    // Salesforce knows nothing of the amount: 40 × 300.00 less 10 % is its total.
    [Fact]
    public void Control_totals_know_the_percentage_only()
    {
        Deals Deal(decimal total) => Deals.New().With(("Amount", total)).Line("SEAT", 40, 300.00m, ("Discount", 10), (Field, 20.00m), ("TotalPrice", total));

        Assert.Equal(1000000, Deal(10800.00m).Planned().Total.MinorUnits);
        Assert.Contains(Deal(10000.00m).Findings(), problem => problem.Code == "line-total-contradiction");
    }

    [Theory]
    [InlineData(-5, "holds '-5'; an amount of 0 or more was expected")]
    [InlineData("five", "holds 'five'; a number was expected")]
    public void An_amount_that_is_none_is_a_finding(object value, string message)
    {
        Problem problem = Assert.Single(Deals.New().Line("SEAT", 1, 100.00m, (Field, value)).Findings());

        Assert.Equal(("value-invalid", Field), (problem.Code, problem.Field));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    // 100.00 less 10 % leaves 90.00; exactly that much may be taken off.
    [Theory]
    [InlineData(90.00, 0)]
    [InlineData(90.01, 1)]
    public void No_more_than_the_price_after_the_percentage_is_taken_off(double off, int findings)
    {
        PlanOutcome outcome = Deals.New().Line("SEAT", 1, 100.00m, ("Discount", 10), (Field, (decimal)off), Shown).Plan();

        ImmutableArray<Problem> problems = outcome is PlanOutcome.Rejected(var found) ? found : [];
        Assert.Equal(findings, problems.Length);
        Assert.All(problems, problem => Assert.Equal(
            ("discount-too-large", Field, "Product SEAT: USD 90.01 are taken off each unit, but its price is USD 90.00 (USD 100.00 less 10 %)."), (problem.Code, problem.Field, problem.Message)));
    }

    [Fact]
    public void The_lowest_tier_bounds_the_amount()
    {
        Problem problem = Assert.Single(Deals.New().Line("SEAT", 60, 11.83m, Tiers("1-50: 12.00; 51+: 2.00"), Graduated, (Field, 3.00m)).Findings());

        Assert.Equal("discount-too-large", problem.Code);
        Assert.Contains("lowest tier price is USD 2.00", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tiers_and_usage_cannot_show_an_amount()
    {
        ImmutableArray<Problem> problems = Deals.New()
            .Line("SEAT", 60, 11.83m, Tiers("1-50: 12.00; 51+: 11.00"), Graduated, (Field, 1.00m), Shown)
            .Usage("API", 0.05m, (Field, 0.01m), Shown).Findings();

        Assert.Equal([("discount-not-showable", "Hub_Show_Discount__c"), ("discount-not-showable", "Hub_Show_Discount__c")], problems.Select(problem => (problem.Code, problem.Field)));
        Assert.Contains("metered", problems[1].Message, StringComparison.Ordinal);
    }

    // A dinar is billed in steps of 0.010, so a year in steps of 0.120; a third of a cent a month cannot be a coupon.
    [Theory]
    [InlineData("KWD", 87.000, 3.060, "The nearest amounts off that work are KWD 3.000 and KWD 3.120.")]
    [InlineData("USD", 12.00, 0.04, "The nearest amounts off that work are USD 0.00 and USD 0.12.")]
    public void A_shown_amount_the_currency_cannot_represent_is_a_finding(string currency, double price, double off, string fix)
    {
        Problem problem = Assert.Single(Deals.New().With(("CurrencyIsoCode", currency), ("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 1, (decimal)price, (Field, (decimal)off), Shown).Findings());

        Assert.Equal(("amount-not-representable", Field, fix), (problem.Code, problem.Field, problem.Fix));
    }

    // 10.005 and 0.005 are no cents, what is left of both is; a coupon of half a cent is not.
    [Fact]
    public void Where_it_is_netted_only_what_is_left_must_be_representable()
    {
        Assert.Equal(1000, Deals.New().Line("SEAT", 1, 10.005m, (Field, 0.005m), ("TotalPrice", 10.005m)).Planned().Total.MinorUnits);
        Assert.Equal(
            ["UnitPrice", Field],
            Deals.New().Line("SEAT", 1, 10.005m, (Field, 0.005m), Shown).Findings().Where(problem => problem.Code == "amount-not-representable").Select(problem => problem.Field));
        Assert.Equal([Field], Deals.New().Line("SEAT", 1, 10.00m, (Field, 0.005m)).Findings().Select(problem => problem.Field));
    }

    [Fact]
    public void Every_defect_of_a_line_is_named_at_once() => Assert.Equal(
        ["discount-too-large", "discount-not-showable", "value-invalid"],
        Deals.New()
            .Line("SEAT", 60, 11.83m, Tiers("1-50: 12.00; 51+: 11.00"), Graduated, (Field, 13.00m), Shown)
            .Line("SUPPORT", 1, 100.00m, (Field, -1)).Findings().Select(problem => problem.Code).OrderBy(code => code == "value-invalid"));

    [Fact]
    public void An_amount_of_nothing_is_no_discount()
    {
        BillingPlan without = Deals.New().Line("SEAT", 40, 300.00m).Planned();
        BillingPlan empty = Deals.New().Line("SEAT", 40, 300.00m, (Field, null), Shown, ("Hub_Discount_Months__c", 0)).Planned();
        BillingPlan zero = Deals.New().Line("SEAT", 40, 300.00m, (Field, 0), Shown).Planned();

        Assert.Equal([without.Version, without.Version], [empty.Version, zero.Version]);
        Assert.DoesNotContain("amountOff", PlanJson.Text("1", new PlanOutcome.Planned(zero), []), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_amount_is_another_version_and_stands_in_the_output()
    {
        BillingPlan plan = Deals.New().Line("SEAT", 40, 300.00m, (Field, 25.00m), Shown).OneTime("SETUP", 1, 100.00m, (Field, 10.00m), Shown).Planned();
        BillingPlan other = Deals.New().Line("SEAT", 40, 300.00m, (Field, 26.00m), Shown).OneTime("SETUP", 1, 100.00m, (Field, 10.00m), Shown).Planned();
        string json = PlanJson.Text("1", new PlanOutcome.Planned(plan), []);

        Assert.NotEqual(plan.Version, other.Version);
        Assert.Contains("""{"product":"SEAT","quantity":40,"unitAmount":"30000","currency":"usd","interval":"year","intervalCount":1,"percentOff":null,"amountOff":100000,"usage":false}""", json, StringComparison.Ordinal);
        Assert.Contains("""{"product":"SETUP","quantity":1,"unitAmount":"10000","amountOff":1000}""", json, StringComparison.Ordinal);
    }

    // 10 % and 30.00 of 300.00 are 20 % together.
    [Theory]
    [InlineData(19.99, true)]
    [InlineData(20, false)]
    public void An_approval_counts_the_amount_as_percent_of_the_price(double limit, bool needed)
    {
        Deals deal = Deals.New().Line("SEAT", 1, 300.00m, ("Discount", 10), (Field, 30.00m));

        ImmutableArray<Problem> reasons = ApprovalRules.Reasons(deal.Snapshot(), deal.Planned(), new() { ApprovalDiscountPercent = (decimal)limit });

        Assert.Equal(needed ? [(Field, "The line has a discount of 20 % of its price, percentage and amount together; discounts above 19.99 % are approved by a person first.")] : [], reasons.Select(reason => (reason.Field, reason.Message)));
    }

    private static (string Field, object? Value) Graduated => ("Hub_Tiers_Mode__c", "Graduated");

    private static (string Field, object? Value) Tiers(string tiers) => ("Hub_Price_Tiers__c", tiers);

    // 10 seats at 120.00 a year less 12.00, 2027.
    private static (Deals Deal, string Processed) Annual(bool shown) => (
        Deals.New().With(("Hub_Contract_Start__c", "2027-01-01")).Line("SEAT", 10, 120.00m, (Field, 12.00m), ("Hub_Show_Discount__c", shown)), "2026-12-15");
}
