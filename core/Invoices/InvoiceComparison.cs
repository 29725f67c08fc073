namespace Hub.Core.Invoices;

/// <summary>Equality by content: the arrays inside an invoice compare by reference, which says nothing about two reads of one invoice.</summary>
public static class InvoiceComparison
{
    public static bool Same(Invoice left, Invoice right) =>
        left with { Lines = [] } == right with { Lines = [] }
        && left.Lines.Length == right.Lines.Length
        && left.Lines.Zip(right.Lines).All(pair => Same(pair.First, pair.Second));

    private static bool Same(InvoiceLine left, InvoiceLine right) =>
        left with { PercentOff = [] } == right with { PercentOff = [] } && left.PercentOff.SequenceEqual(right.PercentOff);
}
