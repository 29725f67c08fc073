using System.Collections.Immutable;
using Hub.Core.Invoices;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>An invoice line with the period of the contract that it bills; null where it bills none.</summary>
public sealed record PlacedLine(Invoice Invoice, InvoiceLine Line, LocalDate? Period)
{
    public long Net => Line.Net();
}

/// <summary>The invoices of a contract, sorted into its periods.</summary>
/// <param name="Lines">Lines of final invoices that bill a period, each product once per subscription and period.</param>
/// <param name="Duplicates">Lines that bill a product of a period again, on a later invoice.</param>
/// <param name="Prorations">Proration lines of final invoices.</param>
/// <param name="AfterEnd">Lines of final invoices for periods after the contract's end.</param>
/// <param name="Elsewhere">Lines of final invoices that bill no period of the contract.</param>
/// <param name="NotFinal">Lines of drafts and void invoices.</param>
/// <param name="Headers">Final invoices.</param>
public sealed record BilledPeriods(
    ImmutableArray<PlacedLine> Lines,
    ImmutableArray<PlacedLine> Duplicates,
    ImmutableArray<PlacedLine> Prorations,
    ImmutableArray<PlacedLine> AfterEnd,
    ImmutableArray<PlacedLine> Elsewhere,
    ImmutableArray<PlacedLine> NotFinal,
    ImmutableArray<Invoice> Headers)
{
    /// <summary>Sorts the lines; those of <paramref name="notCompared"/> are left out.</summary>
    public static BilledPeriods Of(
        ImmutableArray<Invoice> invoices, ImmutableArray<ExpectedCharge> charges, LocalDate? end, ImmutableHashSet<string> notCompared, bool once, MatchTerms terms)
    {
        var calendar = new Calendar(charges, once, terms);
        Invoice[] ordered = [.. invoices.OrderBy(invoice => invoice.DateOf(terms)).ThenBy(invoice => invoice.Id, StringComparer.Ordinal)];
        PlacedLine[] placed =
        [
            .. ordered.SelectMany(invoice => invoice.Lines
                .Where(line => line.ProductId is null || !notCompared.Contains(line.ProductId))
                .Select(line => new PlacedLine(invoice, line, line.Proration ? null : calendar.PeriodOf(line)))),
        ];
        PlacedLine[] final = [.. placed.Where(line => line.Invoice.IsFinal())];
        PlacedLine[] astray = [.. final.Where(line => line.Period is null && !line.Line.Proration)];
        ILookup<bool, PlacedLine> inPeriods = final.Where(line => line.Period is not null).ToLookup(line => IsRepeat(line, final));
        return new BilledPeriods(
            [.. inPeriods[false]],
            [.. inPeriods[true]],
            [.. final.Where(line => line.Line.Proration)],
            [.. astray.Where(line => IsAfter(line, end, terms))],
            [.. astray.Where(line => !IsAfter(line, end, terms))],
            [.. placed.Where(line => !line.Invoice.IsFinal() && line.Period is not null)],
            [.. ordered.Where(invoice => invoice.IsFinal())]);
    }

    // The lines come in order of invoice date and id, so the first one found is the one that counts.
    private static bool IsRepeat(PlacedLine line, PlacedLine[] final) => final.First(other =>
        other.Period == line.Period
        && other.Line.ProductId == line.Line.ProductId
        && other.Invoice.SubscriptionId == line.Invoice.SubscriptionId).Invoice.Id != line.Invoice.Id;

    private static bool IsAfter(PlacedLine line, LocalDate? end, MatchTerms terms) =>
        end is { } last && terms.DateOf(line.Line.PeriodStart).PlusDays(terms.Options.DateToleranceDays) >= last;

    private sealed class Calendar(ImmutableArray<ExpectedCharge> charges, bool once, MatchTerms terms)
    {
        private readonly LocalDate[] _dates = [.. charges.Select(charge => charge.Date).Distinct().Order()];
        private readonly HashSet<string> _onceOnly =
            [.. charges.Where(charge => charge.Once).Select(charge => charge.ProductKey).Except(charges.Where(charge => !charge.Once).Select(charge => charge.ProductKey))];

        // What is billed once belongs to the first invoice, whatever service period its line shows.
        public LocalDate? PeriodOf(InvoiceLine line) => _dates switch
        {
            [] => null,
            _ when once || (line.ProductId is { } product && _onceOnly.Contains(product)) => _dates[0],
            _ => Nearest(terms.DateOf(line.PeriodStart)),
        };

        private LocalDate? Nearest(LocalDate start) => _dates
            .Where(date => terms.IsSameDate(date, start))
            .OrderBy(date => Math.Abs(Period.DaysBetween(date, start)))
            .Select(date => (LocalDate?)date)
            .FirstOrDefault();
    }
}
