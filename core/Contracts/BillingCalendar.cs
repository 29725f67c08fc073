using Hub.Core.Money;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>One period of billing in advance.</summary>
/// <param name="Start">Billing date.</param>
/// <param name="End">First day after what is billed.</param>
/// <param name="FullEnd">First day after a whole period; later than <paramref name="End"/> for a stub (C5).</param>
/// <param name="Months">Months that are billed; null when they are no whole number.</param>
/// <param name="Share">Share of a whole period's price that is billed; 1 unless it is a stub.</param>
internal readonly record struct BillingPeriod(LocalDate Start, LocalDate End, LocalDate FullEnd, int? Months, Rational Share)
{
    private const int MonthsPerYear = 12;

    public bool IsStub => End != FullEnd;

    /// <summary>Date from which months are counted.</summary>
    public LocalDate Anchor { get; init; } = Start;

    /// <summary>Length as Stripe's recurring interval: years when whole, else months, else days.</summary>
    public BillingInterval Interval => Months is { } count
        ? count % MonthsPerYear == 0 ? new(IntervalUnit.Year, count / MonthsPerYear) : new(IntervalUnit.Month, count)
        : new(IntervalUnit.Day, Time.Months.Days(Start, End));

    /// <summary>Share of the period that is left from a day within it, by the proration policy (C7).</summary>
    public Rational Remaining(LocalDate from, ProrationPolicy policy) => policy switch
    {
        ProrationPolicy.None => Rational.Zero,
        ProrationPolicy.Month when Months is { } whole => new Rational(WholeMonths(from), whole),
        _ => new Rational(Time.Months.Days(from, End), Time.Months.Days(Start, End)),
    };

    // Months of the contract that lie wholly between the day and the period's end.
    private int WholeMonths(LocalDate from)
    {
        if (Time.Months.Exactly(Anchor, End) is not { } last)
        {
            return Time.Months.Whole(from, End);
        }

        int first = Time.Months.Whole(Anchor, from);
        return Math.Max(0, last - (Time.Months.Add(Anchor, first) < from ? first + 1 : first));
    }
}

/// <summary>The billing dates of one frequency within a term, always counted from one first date (C5), after the free months (C16).</summary>
/// <param name="anchor">Date from which billing dates are counted; the first one is <paramref name="skip"/> months later.</param>
/// <param name="skip">Free months at the beginning.</param>
/// <param name="end">First day without billing; null for none.</param>
/// <param name="periodMonths">Months of a period; null: the whole, broken term is one period.</param>
/// <param name="brokenDays">Days of that one period.</param>
/// <param name="proration">Settles a stub.</param>
internal sealed class BillingCalendar(LocalDate anchor, int skip, LocalDate? end, int? periodMonths, int brokenDays, ProrationPolicy proration)
{
    private LocalDate First => Months.Add(anchor, skip);

    /// <summary>The period a billed day lies in; a day in the free months counts as the first billed one.</summary>
    public BillingPeriod At(LocalDate date)
    {
        LocalDate day = LocalDate.Max(date, First);
        if (periodMonths is not { } months)
        {
            return Period(First, First.PlusDays(brokenDays));
        }

        int index = Months.Whole(First, day) / months;
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

    private LocalDate Boundary(int index) => Months.Add(anchor, skip + (index * periodMonths!.Value));

    private BillingPeriod Period(LocalDate start, LocalDate fullEnd)
    {
        // An end in the free months leaves nothing to bill: the item stays what it is.
        LocalDate last = end is { } stop && stop < fullEnd && stop > start ? stop : fullEnd;
        if (last == fullEnd)
        {
            return new(start, last, fullEnd, periodMonths, Rational.One) { Anchor = anchor };
        }

        int? months = StubMonths(start, last);
        Rational share = months is { } count && proration != ProrationPolicy.Day && periodMonths is { } whole
            ? new(count, whole)
            : new(Months.Days(start, last), Months.Days(start, fullEnd));
        return new(start, last, fullEnd, months, share) { Anchor = anchor };
    }

    private int? StubMonths(LocalDate start, LocalDate last) =>
        Months.Exactly(anchor, start) is { } first && Months.Exactly(anchor, last) is { } until ? until - first : Months.Exactly(start, last);
}

/// <summary>The billing periods of one frequency of a contract: each by the contract's days as they were known when the period began.</summary>
/// <param name="contract">The contract.</param>
/// <param name="periodMonths">Months of a period; null: the whole, broken term is one period.</param>
internal sealed class BillingTimeline(SoldContract contract, int? periodMonths)
{
    private readonly ContractTerm _term = contract.Term!;

    /// <summary>The period a billed day lies in; a day in the free months counts as the first billed one, one after the last as the last.</summary>
    public BillingPeriod At(LocalDate date)
    {
        if (IsPlain)
        {
            return Calendar(_term.Start, _term.FreeMonths, _term.Start).At(date);
        }

        BillingPeriod? found = null;
        foreach (BillingPeriod period in Periods(LocalDate.MaxIsoValue))
        {
            found = period;
            if (date < period.End)
            {
                break;
            }
        }

        // A contract that ended in its free months has none; its items are those that would have been billed.
        return found ?? Calendar(_term.Start, _term.FreeMonths, _term.Start).At(date);
    }

    /// <summary>All periods up to the contract's end, or those that begin before <paramref name="horizon"/>.</summary>
    public IEnumerable<BillingPeriod> Periods(LocalDate horizon)
    {
        ContractTerm first = contract.EarlierTerms is [var earlier, ..] ? earlier.Term : _term;
        (LocalDate anchor, int skip) = (first.Start, first.FreeMonths);
        LocalDate day = first.BillingStart;
        while (day < horizon && (EndOn(day) is not { } end || day < end))
        {
            BillingPeriod period = Calendar(anchor, skip, day).At(day);
            if (period.Start != day)
            {
                // The day is none of the dates counted so far: a renewed term, or what an extension added to a stub that is billed already.
                // Months are counted from the contract's first day on, where the day is one of its monthly dates.
                (anchor, skip) = Months.Exactly(first.Start, day) is { } months ? (first.Start, months) : (day, 0);
                period = Calendar(anchor, skip, day).At(day);
            }

            yield return period;
            day = period.End;
        }
    }

    private bool IsPlain => contract.EarlierTerms.IsEmpty && _term.Renewals.IsEmpty;

    private BillingCalendar Calendar(LocalDate anchor, int skip, LocalDate day)
    {
        (LocalDate? stop, ProrationPolicy proration) = StopAfter(day);
        return new(anchor, skip, stop, periodMonths, BrokenDays, proration);
    }

    private int BrokenDays
    {
        get
        {
            ContractTerm first = contract.EarlierTerms is [var earlier, ..] ? earlier.Term : _term;
            return first.End is { } end ? Months.Days(first.Start, end) : 0;
        }
    }

    private LocalDate? EndOn(LocalDate day) => TermOn(day).End;

    private (LocalDate? Day, ProrationPolicy Proration) StopAfter(LocalDate day)
    {
        // Renewed terms follow one another.
        ContractTerm term = TermOn(day);
        foreach (Renewed renewal in term.Renewals)
        {
            if (renewal.Day > day)
            {
                return (renewal.Day, renewal.Before);
            }
        }

        return (term.CutShort ? term.AgreedEnd : term.End, ProrationOn(day));
    }

    private ContractTerm TermOn(LocalDate day) => EarlierOn(day)?.Term ?? _term;

    private ProrationPolicy ProrationOn(LocalDate day) => EarlierOn(day)?.Proration ?? contract.Proration;

    private EarlierTerm? EarlierOn(LocalDate day)
    {
        foreach (EarlierTerm earlier in contract.EarlierTerms)
        {
            if (day < earlier.Until)
            {
                return earlier;
            }
        }

        return null;
    }
}
