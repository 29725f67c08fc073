using System.Collections.Immutable;
using Hub.Core.Invoices;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

/// <summary>The standard contract less USD 2.00 a seat, shown: 10 × 50.00 − 20.00 = 480.00 a month. January to March are invoiced, nine months remain.</summary>
public sealed class AmountDiscountMatchingTests
{
    private const string Seats = TestBooks.Opportunity + "/SEAT";

    [Fact]
    public void What_is_billed_as_sold_differs_in_nothing()
    {
        ContractVerdict verdict = Match(Books());

        Assert.True(verdict.FootOk);
        Assert.Empty(verdict.Rows);
        Assert.Equal((144_000, 144_000), (verdict.Expected, verdict.Billed));
    }

    // March without the coupon: 20.00 too much. The items without it: 20.00 in each of nine months.
    [Fact]
    public void A_coupon_that_is_gone_is_a_difference_of_the_discount()
    {
        ContractVerdict invoiced = Match(Books(march: TestBooks.LineOn(new(2027, 3, 1))));
        ContractVerdict ahead = Match(Books(item: TestBooks.Item()));

        Assert.Equal(("DISCOUNT_MISMATCH", Seats, 2_000L, 0L), TestBooks.Only(invoiced));
        Assert.Contains("SEAT is billed with 0 % and USD 0.00 discount; sold were 0 % and USD 20.00.", invoiced.Rows[0].Why, StringComparison.Ordinal);
        Assert.Equal(("DISCOUNT_MISMATCH", Seats, 0L, 18_000L), TestBooks.Only(ahead));
    }

    // Two more seats in March, each at 48.00.
    [Fact]
    public void More_units_at_the_sold_amount_off_are_a_difference_of_the_quantity() => Assert.Equal(
        ("QUANTITY_MISMATCH", Seats, 9_600L, 0L), TestBooks.Only(Match(Books(march: Line(3, quantity: 12, off: 2_400)))));

    // 55.00 instead of 50.00 in March.
    [Fact]
    public void Another_price_with_the_sold_amount_off_is_a_difference_of_the_price() => Assert.Equal(
        ("PRICE_MISMATCH", Seats, 5_000L, 0L), TestBooks.Only(Match(Books(march: Line(3, unit: 5_500)))));

    // Nobody sold an amount: 20.00 less in March is money that nothing explains, and the items are compared without it.
    [Fact]
    public void An_amount_off_that_was_not_sold_explains_nothing()
    {
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions = [TestBooks.Subscription(items: TestBooks.Item() with { AmountOff = 2_000 })],
            Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), TestBooks.Invoice(3, Line(3))],
        };

        Assert.Equal(("AMOUNT_UNEXPLAINED", Seats, -2_000L, 0L), TestBooks.Only(Match(books)));
    }

    // 15.00 and 5.00, with 10 % between them: 13.50 + 5.00.
    [Fact]
    public void Discounts_one_after_the_other_are_percentages_and_one_amount()
    {
        BilledDiscounts discounts = BilledDiscounts.None.AndAmount(1_500).AndPercent(10).AndAmount(500);

        Assert.Equal([10m], discounts.PercentOff.AsEnumerable());
        Assert.Equal(1_850, discounts.AmountOff);
    }

    private static ContractVerdict Match(ContractBooks books) => ContractMatching.Match(books, TestBooks.Terms());

    private static ContractBooks Books(InvoiceLine? march = null, BilledItem? item = null) => new(
        TestBooks.Opportunity,
        TestBooks.Sold(null, TestBooks.Line(change: line => (line["Hub_Discount_Amount__c"], line["Hub_Show_Discount__c"]) = (2, true))),
        [TestBooks.Subscription(items: item ?? TestBooks.Item() with { AmountOff = 2_000 })],
        [TestBooks.Invoice(1, Line(1)), TestBooks.Invoice(2, Line(2)), TestBooks.Invoice(3, march ?? Line(3))],
        []);

    private static InvoiceLine Line(int month, decimal quantity = 10, decimal unit = 5_000, long off = 2_000) =>
        TestBooks.LineOn(new LocalDate(2027, month, 1), "SEAT", quantity, unit) with { Discount = off, AmountOff = off };
}
