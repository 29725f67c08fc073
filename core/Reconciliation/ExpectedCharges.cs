using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>What one line owes on the first day of one billing period.</summary>
/// <param name="Date">First day of the period.</param>
/// <param name="UnitAmount">Minor units per unit for this very period, before discount; may have decimals.</param>
/// <param name="PercentOff">Shown discount, 0 to 100.</param>
/// <param name="Months">Length of the period; 0 for what is billed once, and for a rest that is no whole number of months.</param>
public sealed record ExpectedCharge(
    LocalDate Date, string ProductKey, string ProductCode, decimal Quantity, decimal UnitAmount, decimal PercentOff, int Months, bool Once)
{
    /// <summary>Shown amount off the whole charge, after the percentage; minor units.</summary>
    public long AmountOff { get; init; }

    /// <summary>Net of the charge, minor units.</summary>
    public long Net => LineAmount.Net(Quantity, UnitAmount, PercentOff, AmountOff);
}

/// <summary>What a line comes to.</summary>
public static class LineAmount
{
    /// <summary>f(q, p, d) = q·p − round(q·p·d), half away from zero, less an amount off; minor units.</summary>
    /// <remarks>The only place where reconciliation rounds what a line comes to: gross and discount once each, as Stripe does.</remarks>
    public static long Net(decimal quantity, decimal unitAmount, decimal percentOff, long amountOff = 0) =>
        Round(quantity * unitAmount) - Round(quantity * unitAmount * percentOff / 100) - amountOff;

    internal static long Round(decimal amount) => (long)Math.Round(amount, MidpointRounding.AwayFromZero);
}

/// <summary>The expected schedule of a contract: every charge from its first day to its last.</summary>
public static class ExpectedCharges
{
    /// <summary>Charges of a readable contract, by date; empty for an unreadable one.</summary>
    /// <param name="anchor">Date the periods are counted from: the contract's start, or Stripe's where the two differ.</param>
    /// <param name="asOf">An open-ended contract is laid out for two years, or to the end of the year of its life that lies ahead.</param>
    public static ImmutableArray<ExpectedCharge> Of(SoldContract contract, LocalDate anchor, LocalDate asOf)
    {
        if (!contract.Unreadable.IsEmpty)
        {
            return [];
        }

        int shift = contract.Start is { } start ? Period.DaysBetween(start, anchor) : 0;
        LocalDate end = contract.End?.PlusDays(shift) ?? Horizon(anchor, asOf);
        var grid = new Grid(contract, anchor, anchor.PlusMonths(contract.FreeMonths), end, shift);
        return
        [
            .. contract.Lines.SelectMany(line => line.Charge switch
            {
                SoldCharge.Once => [Once(grid, line)],
                SoldCharge.Recurring => Recurring(grid, line),
                _ => [],
            }).OrderBy(charge => charge.Date).ThenBy(charge => charge.ProductKey, StringComparer.Ordinal),
        ];
    }

    /// <summary>Charges of the terms that an auto-renewing contract has begun after its first one, at the prices it ended with.</summary>
    /// <param name="until">Terms that begin on or after this day are left out; null: none.</param>
    /// <remarks>A term that is no whole number of months or of billing periods is not laid out again: it ends with a rest, and what follows that is nowhere said.</remarks>
    public static ImmutableArray<ExpectedCharge> Renewals(SoldContract contract, LocalDate anchor, LocalDate? until)
    {
        if (until is not { } last || !contract.AutoRenew || contract.Start is not { } start || contract.End is not { } end
            || WholeMonths(start, 0, end) is not { } months || contract.Lines.Any(line => line.PeriodMonths > 0 && months % line.PeriodMonths != 0))
        {
            return [];
        }

        SoldContract term = contract with
        {
            Start = anchor,
            End = anchor.PlusMonths(months),
            FreeMonths = 0,
            Lines = [.. contract.Lines.Where(line => line.Charge == SoldCharge.Recurring && (line.End is null || line.End >= end)).Select(Renewed)],
        };
        ImmutableArray<ExpectedCharge> charges = Of(term, anchor, anchor);
        return
        [
            .. Enumerable.Range(1, int.MaxValue - 1).TakeWhile(number => anchor.PlusMonths(number * months) < last)
                .SelectMany(number => charges.Select(charge => charge with { Date = anchor.PlusMonths((number * months) + Time.Months.Whole(anchor, charge.Date)) })),
        ];
    }

    // A discount for so many months is over when the contract renews.
    private static SoldLine Renewed(SoldLine line) => line.DiscountMonths is null
        ? line with { Start = null, End = null }
        : line with { Start = null, End = null, PercentOff = 0, AmountOff = 0 };

    private static LocalDate Horizon(LocalDate start, LocalDate asOf)
    {
        int years = 2;
        while (start.PlusYears(years) <= asOf)
        {
            years++;
        }

        return start.PlusYears(years);
    }

    private static ExpectedCharge Once(Grid grid, SoldLine line)
    {
        (decimal unit, decimal percent, decimal off) = Discounted(line, line.UnitPrice, line.AmountOff, true);
        return new ExpectedCharge(grid.Anchor, line.ProductKey, line.ProductCode, line.Quantity, unit, percent, 0, true) { AmountOff = LineAmount.Round(line.Quantity * off) };
    }

    private static IEnumerable<ExpectedCharge> Recurring(Grid grid, SoldLine line)
    {
        LocalDate first = LocalDate.Max(line.Start?.PlusDays(grid.Shift) ?? grid.Billed, grid.Billed);
        LocalDate end = LocalDate.Min(line.End?.PlusDays(grid.Shift) ?? grid.End, grid.End);
        int lineMonths = WholeMonths(first, 0, end) ?? 0;
        return line.PeriodMonths == 0
            ? [Charge(grid.Contract, line, new Slot(first, end, end, lineMonths, lineMonths), first, lineMonths)]
            : Periods(grid, line, first, end, lineMonths);
    }

    // Billing dates are counted from the first one, so that the 31st comes back after a short month. A line that ends inside a period owes
    // the whole of it: only the contract's end makes a period shorter.
    private static IEnumerable<ExpectedCharge> Periods(Grid grid, SoldLine line, LocalDate first, LocalDate end, int lineMonths)
    {
        for (int number = 0; grid.Billed.PlusMonths(number * line.PeriodMonths) is var date && date < end; number++)
        {
            if (date >= first)
            {
                LocalDate full = grid.Billed.PlusMonths((number + 1) * line.PeriodMonths);
                int months = full <= grid.End ? line.PeriodMonths : WholeMonths(grid.Billed, number * line.PeriodMonths, grid.End) ?? 0;
                var slot = new Slot(date, LocalDate.Min(full, grid.End), full, months, line.PeriodMonths);
                yield return Charge(grid.Contract, line, slot, first, lineMonths);
            }
        }
    }

    private static ExpectedCharge Charge(SoldContract contract, SoldLine line, Slot slot, LocalDate lineStart, int lineMonths)
    {
        bool discounted = line.DiscountMonths is not { } limit || slot.Start < lineStart.PlusMonths(limit);
        (decimal price, decimal percent, decimal off) = Discounted(
            line, PriceOf(contract, line, line.UnitPrice, slot, lineMonths), PriceOf(contract, line, line.AmountOff, slot, lineMonths), discounted);
        return new ExpectedCharge(slot.Start, line.ProductKey, line.ProductCode, line.Quantity, price, percent, slot.Months, false) { AmountOff = LineAmount.Round(line.Quantity * off) };
    }

    // A last period that is no whole one costs its share: by months, or by days where months do not divide it or the policy says so.
    private static decimal PriceOf(SoldContract contract, SoldLine line, decimal perBasis, Slot slot, int lineMonths)
    {
        decimal full = PricePer(line.Basis, perBasis, slot.FullMonths, lineMonths);
        bool stub = slot.End < slot.FullEnd;
        return stub switch
        {
            false => full,
            true when slot.Months == 0 || contract.StubByDays =>
                full * Period.DaysBetween(slot.Start, slot.End) / Period.DaysBetween(slot.Start, slot.FullEnd),
            true => full * slot.Months / slot.FullMonths,
        };
    }

    private static decimal PricePer(PriceBasis basis, decimal price, int months, int lineMonths) => basis switch
    {
        PriceBasis.Month => price * months,
        PriceBasis.Quarter => price * months / 3,
        PriceBasis.Year => price * months / 12,
        PriceBasis.Term => lineMonths == 0 ? price : price * months / lineMonths,
        _ => price,
    };

    private static (decimal Unit, decimal PercentOff, decimal UnitOff) Discounted(SoldLine line, decimal unit, decimal unitOff, bool discounted) => (discounted, line.ShowDiscount) switch
    {
        (false, _) => (unit, 0, 0),
        (true, true) => (unit, line.PercentOff, unitOff),
        (true, false) => ((unit * (100 - line.PercentOff) / 100) - unitOff, 0, 0),
    };

    /// <summary>Months from the origin's <paramref name="offset"/>-th month to the end, counted from the origin; null when they are not whole.</summary>
    private static int? WholeMonths(LocalDate origin, int offset, LocalDate end)
    {
        for (int months = 1; origin.PlusMonths(offset + months) is var date && date <= end; months++)
        {
            if (date == end)
            {
                return months;
            }
        }

        return null;
    }

    private sealed record Grid(SoldContract Contract, LocalDate Anchor, LocalDate Billed, LocalDate End, int Shift);

    private sealed record Slot(LocalDate Start, LocalDate End, LocalDate FullEnd, int Months, int FullMonths);
}
