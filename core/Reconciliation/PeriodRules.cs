using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <param name="Expected">Net of the covered periods: the due and the invoiced ones.</param>
/// <param name="BilledAfterEnd">Whether a period after the contract's end was billed.</param>
/// <param name="CreditedWithDuplicates">Invoices whose credit notes are part of a duplicate's row.</param>
internal sealed record PeriodVerdict(
    ImmutableArray<Finding> Findings, long Expected, bool BilledAfterEnd, ImmutableHashSet<string> CreditedWithDuplicates);

/// <summary>Kinds 8, 17–20, 23, 27–31, 33 and 34: what each period owes against what was invoiced for it.</summary>
internal static class PeriodRules
{
    public static PeriodVerdict Of(ContractCase books)
    {
        BilledPeriods billed = BilledPeriods.Of(
            books.Invoices, books.Charges, books.Sold.AutoRenew ? null : books.End, books.ProductsNotCompared, books.Sold.IsOnce, books.Terms);
        HashSet<LocalDate> invoiced = [.. billed.Lines.Select(line => line.Period!.Value)];
        LocalDate[] dates = [.. books.Charges.Select(charge => charge.Date).Distinct().Order()];
        LocalDate[] uncovered = [.. dates.Where(date => !invoiced.Contains(date) && IsDue(books, billed, date))];
        LocalDate[] remaining = [.. dates.Where(date => !invoiced.Contains(date) && !uncovered.Contains(date))];
        bool cancelled = IsCancelledInTerm(books);
        ImmutableArray<Finding> findings =
        [
            .. cancelled ? [Cancelled(books, uncovered, remaining)] : uncovered.SelectMany(date => Uncovered(books, billed, date)),
            .. invoiced.Order().SelectMany(date => Lines(books, billed, date)),
            .. cancelled ? [] : RemainingRisk.Of(books, remaining),
            .. Leftovers(books, billed),
        ];
        return new PeriodVerdict(
            findings,
            books.Charges.Where(charge => invoiced.Contains(charge.Date) || uncovered.Contains(charge.Date)).Sum(charge => charge.Net),
            !billed.AfterEnd.IsEmpty,
            [.. billed.Duplicates.Select(line => line.Invoice.Id)]);
    }

    // A period is not due yet while its only invoice is a draft within the draft grace.
    private static bool IsDue(ContractCase books, BilledPeriods billed, LocalDate date) =>
        books.Terms.IsDue(date)
        && !billed.NotFinal.Any(line => line.Period == date && IsDraft(line) && !books.Terms.IsOver(line.Invoice.DateOf(books.Terms), books.Terms.Options.DraftGraceDays));

    private static bool IsCancelledInTerm(ContractCase books) =>
        books.Kept is null && !books.Ended.IsEmpty && !books.Sold.IsOnce && (books.End is not { } end || books.Terms.AsOf < end);

    // 8. Suppresses the checks of due periods and of the term.
    private static Finding Cancelled(ContractCase books, LocalDate[] uncovered, LocalDate[] remaining)
    {
        BilledSubscription last = books.Ended.OrderBy(subscription => subscription.StartDate).ThenBy(subscription => subscription.Id, StringComparer.Ordinal).Last();
        string when = (last.EndedAt ?? last.CanceledAt) is { } ended ? $" since {Iso(books.Terms.DateOf(ended))}" : "";
        return new Finding(
            Kinds.CancelledWon, books.Key, -Net(books, uncovered), -Net(books, remaining),
            $"Subscription {last.Id} is canceled{when}, but the contract is won and runs {(books.End is { } end ? $"until {Iso(end.PlusDays(-1))}" : "without end")}.");
    }

    // 27, 28, 29
    private static IEnumerable<Finding> Uncovered(ContractCase books, BilledPeriods billed, LocalDate date)
    {
        long net = Net(books, [date]);
        PlacedLine? draft = billed.NotFinal.FirstOrDefault(line => line.Period == date && IsDraft(line));
        PlacedLine? voided = billed.NotFinal.FirstOrDefault(line => line.Period == date && !IsDraft(line));
        yield return (draft, voided) switch
        {
            ({ } stuck, _) => new Finding(
                Kinds.DraftStuck, stuck.Invoice.Id, -net, 0, $"Invoice {stuck.Invoice.Id} over {books.Text(net)} is still a draft.", date),
            (_, { } gone) => new Finding(
                Kinds.VoidNotRebilled, gone.Invoice.Id, -net, 0, $"Invoice {gone.Invoice.Id} was voided and nothing bills its {books.Text(net)} again.", date),
            _ => new Finding(
                Kinds.UnbilledPeriod, $"{books.Key}/{Iso(date)}", -net, 0, $"The period from {Iso(date)} owes {books.Text(net)} and has no invoice."),
        };
    }

    // 17–20, 33, 34 on one invoiced period
    private static IEnumerable<Finding> Lines(ContractCase books, BilledPeriods billed, LocalDate date)
    {
        ILookup<string, LinePiece> sold = books.Charges.Where(charge => charge.Date == date).ToLookup(
            charge => charge.ProductKey, LinePiece.Of);
        ILookup<string, LinePiece> invoiced = billed.Lines.Where(line => line.Period == date).ToLookup(line => line.Line.ProductId ?? "", Piece);
        return sold.Select(pieces => pieces.Key).Union(invoiced.Select(pieces => pieces.Key)).SelectMany(product => LineWaterfall.Explain(
            ProductKey(books, product), books.Currency, [.. sold[product]], [.. invoiced[product]], date, books.Terms.Options.RoundingPerLine));
    }

    private static LinePiece Piece(PlacedLine line)
    {
        decimal quantity = line.Line.Quantity;
        decimal unit = line.Line.UnitAmount ?? (quantity == 0 ? line.Line.Amount : line.Line.Amount / quantity);
        return new LinePiece(quantity, unit, Billed.Percent(line.Line.PercentOff), line.Net) { AmountOff = line.Line.AmountOff };
    }

    private static IEnumerable<Finding> Leftovers(ContractCase books, BilledPeriods billed) =>
    [
        .. billed.Duplicates.GroupBy(line => line.Invoice.Id).Select(lines => Duplicate(books, lines.Key, [.. lines])),
        .. billed.AfterEnd.GroupBy(line => line.Invoice.Id).Select((lines, index) => AfterEnd(books, lines.Key, lines.Sum(line => line.Net), index == 0)),
        .. billed.Prorations.GroupBy(line => line.Invoice.Id).Select(lines => Proration(books, lines.Key, lines.Sum(line => line.Net))),
        .. billed.Elsewhere.Select(line => Elsewhere(books, line)),
        .. billed.Headers.SelectMany(invoice => Header(books, invoice)),
    ];

    // 30
    private static Finding Duplicate(ContractCase books, string invoiceId, PlacedLine[] lines)
    {
        long net = lines.Sum(line => line.Net);
        long credited = books.Credited([lines[0].Invoice]);
        return new Finding(
            Kinds.DuplicateInvoice, invoiceId, net - credited, 0,
            $"Invoice {invoiceId} bills {books.Text(net)} that an earlier invoice has billed already.");
    }

    // 31. The next period is at risk once, not once per invoice.
    private static Finding AfterEnd(ContractCase books, string invoiceId, long net, bool first) => new(
        Kinds.BilledAfterEnd, invoiceId, net, first ? books.Kept?.OnePeriod() ?? 0 : 0,
        $"Invoice {invoiceId} bills {books.Text(net)} for time after the contract's end on {Iso(books.End!.Value)}.");

    // 23. Lines that net to (nearly) nothing are the usual pair of credit and charge.
    private static Finding Proration(ContractCase books, string invoiceId, long net) => Math.Abs(net) <= 1
        ? new Finding(Kinds.Rounding, $"{books.Key}/proration", net, 0, "Proration lines net to nothing but a rounding difference.")
        : new Finding(
            Kinds.ProrationLeftover, invoiceId, net, 0,
            $"Invoice {invoiceId} has proration lines of {books.Text(net)} although no amendment was sold.");

    private static Finding Elsewhere(ContractCase books, PlacedLine line) => new(
        Kinds.AmountUnexplained, ProductKey(books, line.Line.ProductId ?? ""), line.Net, 0,
        $"Invoice {line.Invoice.Id} bills {books.Text(line.Net)} for {books.ProductCode(line.Line.ProductId)} from {Iso(books.Terms.DateOf(line.Line.PeriodStart))}, which is no period of the contract.");

    // An invoice may come to another total than its lines.
    private static IEnumerable<Finding> Header(ContractCase books, Invoices.Invoice invoice)
    {
        long rest = invoice.Net - invoice.Lines.Sum(line => line.Net());
        if (rest != 0)
        {
            bool rounding = Math.Abs(rest) <= (long)books.Terms.Options.RoundingPerLine * invoice.Lines.Length;
            yield return new Finding(
                rounding ? Kinds.Rounding : Kinds.AmountUnexplained, $"{books.Key}/invoice", rest, 0,
                $"Invoice {invoice.Id} comes to {books.Text(rest)} more than its lines.");
        }
    }

    private static long Net(ContractCase books, IReadOnlyCollection<LocalDate> dates) =>
        books.Charges.Where(charge => dates.Contains(charge.Date)).Sum(charge => charge.Net);

    private static bool IsDraft(PlacedLine line) => line.Invoice.Status == Invoices.InvoiceStatus.Draft;

    private static string ProductKey(ContractCase books, string product) => $"{books.Key}/{books.ProductCode(product.Length == 0 ? null : product)}";

    private static string Iso(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}
