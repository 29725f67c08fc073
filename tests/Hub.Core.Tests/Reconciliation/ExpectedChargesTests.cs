using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

public class ExpectedChargesTests
{
    [Fact]
    public void A_monthly_year_owes_twelve_times_the_same()
    {
        var charges = Of(TestBooks.Sold());

        Assert.Equal(12, charges.Length);
        Assert.All(charges, charge => Assert.Equal((50_000L, 1), (charge.Net, charge.Months)));
        Assert.Equal((new LocalDate(2027, 1, 1), new LocalDate(2027, 12, 1)), (charges[0].Date, charges[^1].Date));
    }

    [Theory]
    [InlineData("Month", 100, 120_000)] // 12 months of 100.00
    [InlineData("Quarter", 300, 120_000)]
    [InlineData("Year", 1200, 120_000)]
    [InlineData("Period", 1200, 120_000)]
    [InlineData("Term", 1200, 120_000)] // a term of one year is one period
    public void The_price_of_an_annual_period_follows_from_its_basis(string basis, int price, long net) => Assert.Equal(
        net, Assert.Single(Of(TestBooks.Sold(deal => deal["Hub_Billing_Frequency__c"] = "Annual", TestBooks.Line(quantity: 1, price: price, basis: basis)))).Net);

    [Fact]
    public void A_three_year_ramp_owes_each_years_own_quantity()
    {
        SoldContract ramp = TestBooks.Sold(
            deal => (deal["Hub_Term_Months__c"], deal["Hub_Billing_Frequency__c"]) = (36, "Annual"),
            Ramp(10, "2027-01-01", "2027-12-31"), Ramp(20, "2028-01-01", "2028-12-31"), Ramp(30, "2029-01-01", "2029-12-31"));

        Assert.Equal(
            [(new LocalDate(2027, 1, 1), 120_000L), (new LocalDate(2028, 1, 1), 240_000L), (new LocalDate(2029, 1, 1), 360_000L)],
            Of(ramp).Select(charge => (charge.Date, charge.Net)));

        static System.Text.Json.Nodes.JsonObject Ramp(int quantity, string from, string to) => TestBooks.Line(
            quantity: quantity, price: 120, basis: "Year", change: line => (line["Hub_Line_Start__c"], line["Hub_Line_End__c"]) = (from, to));
    }

    [Fact]
    public void Billing_dates_return_to_the_31st_after_a_short_month() => Assert.Equal(
        [new LocalDate(2027, 1, 31), new LocalDate(2027, 2, 28), new LocalDate(2027, 3, 31), new LocalDate(2027, 4, 30)],
        Of(TestBooks.Sold(deal => deal["Hub_Contract_Start__c"] = "2027-01-31")).Take(4).Select(charge => charge.Date));

    [Fact]
    public void A_rest_of_whole_months_costs_its_months_share()
    {
        // 14 months billed annually at 1,200.00: one year, then two months for 200.00.
        SoldContract sold = TestBooks.Sold(
            deal => (deal["Hub_Term_Months__c"], deal["Hub_Billing_Frequency__c"]) = (14, "Annual"), TestBooks.Line(quantity: 1, price: 1200, basis: "Year"));

        Assert.Equal([(120_000L, 12), (20_000L, 2)], Of(sold).Select(charge => (charge.Net, charge.Months)));
    }

    [Fact]
    public void A_line_that_ends_inside_a_period_owes_the_whole_of_it()
    {
        // Annual 1,200.00, the line ends in March of the only year: nothing is prorated, the year was billed in advance.
        SoldContract sold = TestBooks.Sold(
            deal => deal["Hub_Billing_Frequency__c"] = "Annual",
            TestBooks.Line(quantity: 1, price: 1200, basis: "Year", change: line => line["Hub_Line_End__c"] = "2027-03-31"));

        Assert.Equal([120_000L], Of(sold).Select(charge => charge.Net));
    }

    [Fact]
    public void A_rest_that_is_no_whole_month_costs_its_days_share()
    {
        // Quarterly 900.00 until 2027-04-10 inclusive: April 1 to 10 is 10 of the 91 days of the second quarter, 98.90.
        SoldContract sold = TestBooks.Sold(
            deal => (deal["Hub_Term_Months__c"], deal["Hub_Contract_End__c"], deal["Hub_Billing_Frequency__c"]) = (null, "2027-04-10", "Quarterly"),
            TestBooks.Line(quantity: 1, price: 900, basis: "Period"));

        Assert.Equal([90_000L, 9_890L], Of(sold).Select(charge => charge.Net));
    }

    [Fact]
    public void A_shown_discount_stays_a_discount_and_a_hidden_one_becomes_the_price()
    {
        ExpectedCharge shown = Of(TestBooks.Sold(null, Discounted(true)))[0];
        ExpectedCharge hidden = Of(TestBooks.Sold(null, Discounted(false)))[0];

        Assert.Equal((5_000m, 10m, 45_000L), (shown.UnitAmount, shown.PercentOff, shown.Net));
        Assert.Equal((4_500m, 0m, 45_000L), (hidden.UnitAmount, hidden.PercentOff, hidden.Net));
    }

    [Fact]
    public void A_limited_discount_ends_after_its_months()
    {
        var line = Discounted(true);
        line["Hub_Discount_Months__c"] = 3;

        Assert.Equal([45_000L, 45_000L, 45_000L, 50_000L], Of(TestBooks.Sold(null, line)).Take(4).Select(charge => charge.Net));
    }

    [Fact]
    public void Discounts_round_half_away_from_zero_once_per_line()
    {
        // 3 × 33.35 = 100.05, 10 % of it is 10.005: rounds to 10.01, which leaves 90.04.
        Assert.Equal(9_004, LineAmount.Net(3, 3_335, 10));
        Assert.Equal(-9_004, LineAmount.Net(-3, 3_335, 10));
    }

    [Fact]
    public void Free_months_are_not_billed_but_belong_to_the_term()
    {
        var charges = Of(TestBooks.Sold(deal => deal["Hub_Free_Months__c"] = 2));

        Assert.Equal(10, charges.Length);
        Assert.Equal(new LocalDate(2027, 3, 1), charges[0].Date);
    }

    [Fact]
    public void One_time_lines_belong_to_the_first_day()
    {
        var charges = Of(TestBooks.Sold(null, TestBooks.Line(), TestBooks.Line("SETUP", 1, 450, "Once", "OneTime")));

        ExpectedCharge setup = Assert.Single(charges, charge => charge.Once);
        Assert.Equal((new LocalDate(2027, 1, 1), 45_000L), (setup.Date, setup.Net));
    }

    [Fact]
    public void Three_decimal_prices_are_read_as_multiples_of_ten()
    {
        SoldContract sold = TestBooks.Sold(deal => deal["CurrencyIsoCode"] = "KWD", TestBooks.Line(quantity: 1, price: 7.246m));

        Assert.Equal(7_250, Of(sold)[0].Net);
    }

    [Fact]
    public void Zero_decimal_prices_are_counted_in_whole_units()
    {
        SoldContract sold = TestBooks.Sold(deal => deal["CurrencyIsoCode"] = "JPY", TestBooks.Line(quantity: 2, price: 1_500));

        Assert.Equal(3_000, Of(sold)[0].Net);
    }

    [Fact]
    public void Upfront_bills_the_whole_term_on_its_first_day()
    {
        SoldContract sold = TestBooks.Sold(
            deal => (deal["Hub_Term_Months__c"], deal["Hub_Billing_Frequency__c"]) = (24, "Upfront"), TestBooks.Line(quantity: 1, price: 100));

        ExpectedCharge charge = Assert.Single(Of(sold));
        Assert.Equal((240_000L, 24), (charge.Net, charge.Months));
    }

    [Theory]
    [InlineData("Hub_Contract_Start__c", "the contract has no start date")]
    [InlineData("Hub_Term_Months__c", "the contract has no term")]
    [InlineData("CurrencyIsoCode", "the opportunity has no currency")]
    [InlineData("Hub_Billing_Frequency__c", "a line has no price, price basis, charge type or billing frequency that could be read")]
    public void What_is_missing_is_named(string field, string reason) =>
        Assert.Contains(reason, TestBooks.Sold(deal => deal[field] = null).Unreadable);

    private static System.Text.Json.Nodes.JsonObject Discounted(bool shown) =>
        TestBooks.Line(change: line => (line["Discount"], line["Hub_Show_Discount__c"]) = (10, shown));

    private static System.Collections.Immutable.ImmutableArray<ExpectedCharge> Of(SoldContract sold) =>
        ExpectedCharges.Of(sold, sold.Start!.Value, TestBooks.Today);
}
