using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

/// <summary>A line is rounded once (C7); Stripe rounds price and percentage each. What is sent for a stub leads to the line all the same.</summary>
public sealed class StubPriceTests
{
    // A quarter and a month. 33.33⅓ less 12.5 % is 29.16⅔: 33.33 − 4.17 would be 29.16, and 33.34 − 4.17 is 29.17. Four of them: 133.34 − 16.67. Dinars end in 0: 33.333⅓ is 33.330.
    [Theory]
    [InlineData("USD", 12.5, 1, 2917, "3334")]
    [InlineData("USD", 0, 1, 3333, null)]
    [InlineData("USD", 10, 1, 3000, null)]
    [InlineData("USD", 12.5, 4, 11667, "3333.5")]
    [InlineData("KWD", 0, 1, 33330, "33330")]
    [InlineData("KWD", 0, 3, 100000, null)]
    [InlineData("USD", 100, 1, 0, null)]
    public void The_price_that_leads_to_the_line_is_sent(string currency, double percent, int quantity, long line, string? sent)
    {
        BillingPlan plan = Deal(currency, 100.00m, (decimal)percent, quantity, 4).Planned();

        PhaseItem stub = plan.Schedule!.Phases[^1].Items[0];
        Assert.Equal(sent, stub.BilledUnitAmount?.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(line, InStripe(stub));
        Assert.Equal(line, plan.Invoices.Where(invoice => invoice.Date == Deals.Date("2027-01-15")).Sum(invoice => invoice.Amount.MinorUnits));

        // What is shown of the plan stays the share of the price (C5).
        Assert.Equal(currency == "KWD" ? 33333.333333333333m : 3333.333333333333m, stub.UnitAmount);
        Assert.Null(ScheduleComparison.Difference(plan, new("cancel", [.. plan.Schedule.Phases.Select(phase => HeldPhases.Of(phase, plan))])));
    }

    [Fact]
    public void Whatever_is_sold_Stripe_bills_the_line()
    {
        var random = new Random(20261122);
        int adjusted = 0;
        for (int deal = 0; deal < 3000; deal++)
        {
            // Prices in whole dollars and percentages in quarters times 400 are always representable in a whole period.
            int months = random.Next(1, 36);
            decimal percent = random.Next(0, 400) / 4m;
            PlanOutcome outcome = Deal("USD", 4m * random.Next(1, 5000), percent, random.Next(1, 50), months).Plan();
            BillingPlan plan = PlanJson.PlanOf(outcome) ?? throw new InvalidOperationException(string.Join('\n', ((PlanOutcome.Rejected)outcome).Problems));

            Phase last = plan.Schedule!.Phases[^1];
            adjusted += last.Items[0].BilledUnitAmount is null ? 0 : 1;
            Assert.Equal(plan.Invoices.Where(invoice => invoice.Date == last.Start).Sum(invoice => invoice.Amount.MinorUnits), InStripe(last.Items[0]));
        }

        Assert.InRange(adjusted, 100, 1500);
    }

    private static Deals Deal(string currency, decimal price, decimal percent, int quantity, int months) => Deals.New()
        .With(("CurrencyIsoCode", currency), ("Hub_Billing_Frequency__c", "Quarterly"), ("Hub_Term_Months__c", months))
        .Line("SEAT", quantity, price, ("Hub_Price_Basis__c", "Quarter"), ("Discount", percent), ("Hub_Show_Discount__c", true));

    // Stripe's own arithmetic: the line, then what the coupon takes off it.
    private static long InStripe(PhaseItem item)
    {
        decimal amount = Round(item.Quantity!.Value * item.SentUnitAmount!.Value);
        return (long)(amount - Round(amount * (item.PercentOff ?? 0) / 100));
    }

    private static decimal Round(decimal value) => Math.Round(value, MidpointRounding.AwayFromZero);
}
