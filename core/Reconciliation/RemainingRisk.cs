using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>What the subscription will bill wrongly in the remaining periods: its items against the lines in force then.</summary>
internal static class RemainingRisk
{
    /// <param name="remaining">Starts of the periods that are neither due nor invoiced.</param>
    public static IEnumerable<Finding> Of(ContractCase books, IReadOnlyCollection<LocalDate> remaining)
    {
        if (books.Kept is not { } subscription)
        {
            return [];
        }

        // What the subscription's early end leaves out is the term's difference, not the lines'.
        // Nor do phases that are to follow differ as long as they are not there.
        LocalDate? stops = (subscription.CancelAt ?? subscription.ScheduleEnd) is { } end ? books.Terms.DateOf(end) : subscription.PhasesUntil;
        return remaining
            .Where(date => stops is not { } last || date < last)
            .SelectMany(date => At(books, subscription, date))
            .Select(finding => finding with { AtRisk = finding.Realised, Realised = 0, Period = null });
    }

    private static IEnumerable<Finding> At(ContractCase books, BilledSubscription subscription, LocalDate date)
    {
        ILookup<string, LinePiece> sold = Sold(books, date);
        ILookup<string, LinePiece> billed = Items(books, subscription, date).ToLookup(
            item => item.ProductId, item => Piece(item, books.Terms, date));
        bool known = subscription.ScheduleId is null || !subscription.Phases.IsDefaultOrEmpty;
        ILookup<string, LinePiece> now = Sold(books, InForce(books));
        return sold.Select(pieces => pieces.Key).Union(billed.Select(pieces => pieces.Key))
            .Where(product => known || Same(sold[product], now[product]))
            .SelectMany(product => LineWaterfall.Explain(
                $"{books.Key}/{books.ProductCode(product)}", books.Currency, [.. sold[product]], [.. billed[product]], date, books.Terms.Options.RoundingPerLine));
    }

    // Phases say what comes; for the rest of the present one the items say it, because they may have been edited by hand.
    // Where phases were not read, the present items are taken to stay until the sold lines change.
    private static IEnumerable<BilledItem> Items(ContractCase books, BilledSubscription subscription, LocalDate date)
    {
        BilledPhase? phase = subscription.Phases.IsDefaultOrEmpty
            ? null
            : subscription.Phases.LastOrDefault(phase => books.Terms.DateOf(phase.Start) is var start
                && start > books.Terms.AsOf && start <= date.PlusDays(books.Terms.Options.DateToleranceDays));
        return (phase?.Items ?? subscription.Items).Where(item => !item.Metered && !books.ProductsNotCompared.Contains(item.ProductId) && IsBilledOn(books, item, date));
    }

    // An annual item beside monthly ones is billed in every twelfth month only; a rest of a term is billed on its own first day.
    // Nothing recurring is billed in the free months.
    private static bool IsBilledOn(ContractCase books, BilledItem item, LocalDate date)
    {
        LocalDate first = books.Anchor.PlusMonths(books.Sold.FreeMonths);
        return books.Charges.Any(charge => charge.Date == date && !charge.Once && charge.ProductKey == item.ProductId)
            || (date >= first && item.Interval.Months() is > 0 and var months && Period.Between(first, date, PeriodUnits.Months).Months % months == 0);
    }

    private static ILookup<string, LinePiece> Sold(ContractCase books, LocalDate date) => books.Charges
        .Where(charge => charge.Date == date && !charge.Once)
        .ToLookup(charge => charge.ProductKey, LinePiece.Of);

    private static LocalDate InForce(ContractCase books) => books.Charges
        .Where(charge => !charge.Once)
        .Select(charge => charge.Date)
        .Distinct()
        .OrderBy(date => date > books.Terms.AsOf)
        .ThenByDescending(date => date <= books.Terms.AsOf ? date : LocalDate.MinIsoValue)
        .ThenBy(date => date)
        .FirstOrDefault();

    private static bool Same(IEnumerable<LinePiece> left, IEnumerable<LinePiece> right) =>
        left.OrderBy(piece => piece.UnitAmount).ThenBy(piece => piece.Quantity).SequenceEqual(right.OrderBy(piece => piece.UnitAmount).ThenBy(piece => piece.Quantity));

    private static LinePiece Piece(BilledItem item, MatchTerms terms, LocalDate date)
    {
        BilledItem then = item.DiscountEnds is { } ends && terms.DateOf(ends) <= date ? item with { PercentOff = [], AmountOff = 0 } : item;
        return new LinePiece(then.Quantity, then.UnitAmount ?? 0, Billed.Percent(then.PercentOff), then.OnePeriod()) { AmountOff = then.AmountOff };
    }
}
