using Hub.Core.Money;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>One period of billing in advance.</summary>
/// <param name="Start">Billing date.</param>
/// <param name="End">First day after what is billed.</param>
/// <param name="FullEnd">First day after a whole period; later than <paramref name="End"/> for a stub (C5).</param>
internal readonly record struct BillingPeriod(LocalDate Start, LocalDate End, LocalDate FullEnd)
{
    public bool IsStub => End != FullEnd;
}

/// <summary>The billing dates of one frequency within a contract, always counted from the contract's start (C5), after its free months (C16).</summary>
/// <param name="term">The contract's days.</param>
/// <param name="periodMonths">Months of a period; null: the whole, broken term is one period.</param>
internal sealed class BillingCalendar(ContractTerm term, int? periodMonths)
{
    /// <summary>The period a billed day lies in; a day in the free months counts as the first billed one.</summary>
    public BillingPeriod At(LocalDate date)
    {
        LocalDate day = LocalDate.Max(date, term.BillingStart);
        if (periodMonths is not { } months)
        {
            return Period(term.BillingStart, term.BillingStart.PlusDays(Months.Days(term.Start, term.End!.Value)));
        }

        int index = Months.Whole(term.BillingStart, day) / months;
        while (Boundary(index + 1) <= day)
        {
            index++;
        }

        while (Boundary(index) > day)
        {
            index--;
        }

        return Period(Boundary(index), Boundary(index + 1));
    }

    /// <summary>All periods up to the contract's end, or those that begin before <paramref name="horizon"/>.</summary>
    public IEnumerable<BillingPeriod> Periods(LocalDate horizon)
    {
        BillingPeriod period = At(term.BillingStart);
        while (period.Start < horizon)
        {
            yield return period;
            if (period.End == term.End)
            {
                yield break;
            }

            period = At(period.End);
        }
    }

    /// <summary>Share of a whole period's price that a stub costs; 1 for a whole period.</summary>
    public Rational Share(BillingPeriod period, ProrationPolicy policy) => !period.IsStub ? Rational.One
        : StubMonths(period) is { } months && policy != ProrationPolicy.Day && periodMonths is { } whole ? new Rational(months, whole)
        : new Rational(Months.Days(period.Start, period.End), Months.Days(period.Start, period.FullEnd));

    /// <summary>Length as Stripe's recurring interval: years when whole, else months, else days.</summary>
    public BillingInterval Interval(BillingPeriod period)
    {
        int? months = period.IsStub ? StubMonths(period) : periodMonths;
        return months is { } count
            ? count % 12 == 0 ? new(IntervalUnit.Year, count / 12) : new(IntervalUnit.Month, count)
            : new(IntervalUnit.Day, Months.Days(period.Start, period.End));
    }

    /// <summary>Share of the period that is left from a day within it, by the proration policy (C7).</summary>
    public Rational Remaining(LocalDate from, BillingPeriod period, ProrationPolicy policy) => policy switch
    {
        ProrationPolicy.None => Rational.Zero,
        ProrationPolicy.Month when MonthsOf(period) is { } whole => new Rational(Months.Whole(from, period.End), whole),
        _ => new Rational(Months.Days(from, period.End), Months.Days(period.Start, period.End)),
    };

    private int? MonthsOf(BillingPeriod period) => period.IsStub ? StubMonths(period) : periodMonths;

    private int? StubMonths(BillingPeriod period)
    {
        int? fromStart = Months.Exactly(term.Start, period.Start);
        return fromStart is { } first && Months.Exactly(term.Start, period.End) is { } last ? last - first : Months.Exactly(period.Start, period.End);
    }

    private LocalDate Boundary(int index) => Months.Add(term.Start, term.FreeMonths + (index * periodMonths!.Value));

    private BillingPeriod Period(LocalDate start, LocalDate fullEnd) =>
        new(start, term.End is { } end && end < fullEnd ? end : fullEnd, fullEnd);
}
