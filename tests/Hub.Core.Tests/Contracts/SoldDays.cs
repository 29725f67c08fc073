using System.Numerics;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>A period of billing in advance by the tests' own count.</summary>
/// <param name="Anchor">The day its dates are counted from.</param>
/// <param name="FullEnd">First day after a whole period; later than <paramref name="End"/> for a stub.</param>
/// <param name="Policy">Settles a stub.</param>
internal sealed record CountedPeriod(LocalDate Anchor, LocalDate Start, LocalDate End, LocalDate FullEnd, string Policy);

/// <summary>An exact fraction, in lowest terms so that long sums stay quick.</summary>
internal readonly record struct Fraction
{
    public Fraction(BigInteger over, BigInteger under)
    {
        BigInteger common = BigInteger.GreatestCommonDivisor(over, under);
        (Over, Under) = (over / common, under / common);
    }

    public BigInteger Over { get; }

    public BigInteger Under { get; }

    public static Fraction Zero => new(0, 1);

    public static Fraction One => new(1, 1);

    public static Fraction operator +(Fraction left, Fraction right) => new((left.Over * right.Under) + (right.Over * left.Under), left.Under * right.Under);

    public static Fraction operator -(Fraction left, Fraction right) => new((left.Over * right.Under) - (right.Over * left.Under), left.Under * right.Under);

    public static Fraction operator *(Fraction left, Fraction right) => new(left.Over * right.Over, left.Under * right.Under);

    /// <summary>True when a whole number is no further away than so many halves.</summary>
    public bool IsWithin(long number, int halves) => BigInteger.Abs(Over - (number * Under)) * 2 <= halves * Under;

    public override string ToString() => $"{BigInteger.Divide(Over * 1000, Under)}/1000";
}

/// <summary>What a contract is worth by counting its lines' days, quantity by quantity, with no help of the planner.</summary>
internal static class SoldDays
{
    /// <summary>Units sold on a day.</summary>
    public static int Quantity(IEnumerable<Stretch> stretches, LocalDate day) => stretches.Where(stretch => stretch.From <= day && day < stretch.To).Sum(stretch => stretch.Quantity);

    /// <summary>First day after the free months.</summary>
    public static LocalDate BillingStart(AmendedContract contract) => contract.Start.PlusMonths(contract.FreeMonths);

    /// <summary>Every billing period, each by the contract's end as it was known when the period began.</summary>
    public static IEnumerable<CountedPeriod> Periods(AmendedContract contract)
    {
        (LocalDate anchor, int months) = (contract.Start, contract.FreeMonths);
        LocalDate day = BillingStart(contract);
        while (contract.Ends.Last(end => end.KnownOn <= day) is var known && day < known.End)
        {
            while (anchor.PlusMonths(months + contract.PeriodMonths) <= day)
            {
                months += contract.PeriodMonths;
            }

            if (anchor.PlusMonths(months) != day)
            {
                // C5: from the original first day, where the day is one of its monthly dates.
                (anchor, months) = Exactly(contract.Start, day) is { } since ? (contract.Start, since) : (day, 0);
            }

            LocalDate whole = anchor.PlusMonths(months + contract.PeriodMonths);
            LocalDate end = known.Renewals.Where(renewal => renewal > day).Append(known.End).Append(whole).Min();
            yield return new(anchor, day, end, whole, known.Policy);
            day = end;
        }
    }

    /// <summary>What is charged once, and Σ over lines and periods of quantity × price of a period × the share of it that the policy charges.</summary>
    public static Fraction Total(AmendedContract contract)
    {
        CountedPeriod[] periods = [.. Periods(contract)];
        return contract.Stretches
            .SelectMany(stretch => periods.Select(period => new Fraction(stretch.Quantity * stretch.MonthlyPrice * contract.PeriodMonths, 1) * Share(stretch, period, contract)))
            .Aggregate(new Fraction(contract.OneTime.Sum(once => once.Price), 1), (sum, next) => sum + next);
    }

    /// <summary>What of a whole period's price a period costs; less than 1 for a stub.</summary>
    public static Fraction Whole(CountedPeriod period, AmendedContract contract) =>
        period.End == period.FullEnd ? Fraction.One
        : period.Policy != "Day" && Months(period) is { } months ? new(months, contract.PeriodMonths)
        : new(Period.DaysBetween(period.Start, period.End), Period.DaysBetween(period.Start, period.FullEnd));

    private static Fraction Share(Stretch stretch, CountedPeriod period, AmendedContract contract)
    {
        LocalDate from = LocalDate.Max(stretch.From, period.Start);
        LocalDate to = LocalDate.Min(stretch.To, period.End);
        return from >= to ? Fraction.Zero : Whole(period, contract) * (Left(from, stretch, period, contract) - Left(to, stretch, period, contract));
    }

    // Inside a period the policy decides what the rest of it costs; None waits for the next billing date.
    private static Fraction Left(LocalDate day, Stretch stretch, CountedPeriod period, AmendedContract contract) =>
        day == period.Start ? Fraction.One
        : day == period.End || stretch.Policy == "None" ? Fraction.Zero
        : stretch.Policy == "Month" && (period.End == period.FullEnd ? contract.PeriodMonths : Months(period)) is { } months
            ? new(Enumerable.Range(0, 200).Last(whole => day.PlusMonths(whole) <= period.End), months)
        : new(Period.DaysBetween(day, period.End), Period.DaysBetween(period.Start, period.End));

    private static int? Months(CountedPeriod period) => Exactly(period.Anchor, period.Start) is { } before && Exactly(period.Anchor, period.End) is { } after
        ? after - before
        : Exactly(period.Start, period.End);

    private static int? Exactly(LocalDate from, LocalDate to) =>
        Enumerable.Range(0, 500).Where(months => from.PlusMonths(months) == to).Select(months => (int?)months).FirstOrDefault();
}
