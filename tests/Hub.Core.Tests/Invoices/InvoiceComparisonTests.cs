using Hub.Core.Invoices;

namespace Hub.Core.Tests.Invoices;

public class InvoiceComparisonTests
{
    [Fact]
    public void Two_reads_of_an_unchanged_invoice_are_the_same() => Assert.True(InvoiceComparison.Same(TestInvoice.Open(), TestInvoice.Open()));

    [Fact]
    public void A_payment_makes_another_state() =>
        Assert.False(InvoiceComparison.Same(TestInvoice.Open(), TestInvoice.Open() with { AmountPaid = 1, AmountRemaining = 9_999 }));

    [Fact]
    public void A_changed_or_added_line_makes_another_state()
    {
        Assert.False(InvoiceComparison.Same(TestInvoice.Open(), TestInvoice.Open() with { Lines = [TestInvoice.Line() with { Quantity = 2 }] }));
        Assert.False(InvoiceComparison.Same(TestInvoice.Open(), TestInvoice.Open() with { Lines = [TestInvoice.Line(), TestInvoice.Line()] }));
        Assert.False(InvoiceComparison.Same(TestInvoice.Open(), TestInvoice.Open() with { Lines = [TestInvoice.Line() with { PercentOff = [10] }] }));
    }
}
