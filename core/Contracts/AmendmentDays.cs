using Hub.Core.Time;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>The days of an amending opportunity: what it leaves empty is the contract's (C18).</summary>
internal sealed class AmendmentDays
{
    private const int LongestTermMonths = 1200;

    private readonly FieldReading _opportunity;
    private readonly DealType _type;
    private readonly SoldContract _amended;
    private readonly FieldReading? _renewed;
    private readonly Problems _problems;

    /// <param name="named">The Contract record that the opportunity names; that of a renewal's own term wins over its fields.</param>
    public AmendmentDays(FieldReading opportunity, DealType type, SoldContract amended, SalesforceRecord? named, Problems problems)
    {
        (_opportunity, _type, _amended, _problems) = (opportunity, type, amended, problems);
        Effective = ReadEffective();
        _renewed = Renewed(type, named, Effective, problems);
    }

    /// <summary>What the days of an amendment say where its contract is not known: the months of a renewal's own term; null where the contract decides.</summary>
    /// <inheritdoc cref="AmendmentDays(FieldReading, DealType, SoldContract, SalesforceRecord?, Problems)" path="/param"/>
    public static int? Alone(FieldReading opportunity, DealType type, SalesforceRecord? named, Problems problems)
    {
        NoFreeMonths(opportunity, problems);
        Field<LocalDate> effective = opportunity.Date(F.Opportunity.EffectiveDate);
        FieldReading? renewed = Renewed(type, named, effective.Value, problems);
        Field<int> months = renewed?.Count(F.Contract.ContractTerm, LongestTermMonths) ?? opportunity.Count(F.Opportunity.TermMonths, LongestTermMonths);
        Field<LocalDate> last = renewed?.Date(F.Contract.EndDate) ?? opportunity.Date(F.Opportunity.ContractEnd);
        Field<LocalDate> start = opportunity.Date(F.Opportunity.ContractStart);
        LocalDate? from = type switch
        {
            DealType.Termination => null,
            DealType.Renewal => effective.Value,
            _ => start.Value,
        };
        if (from is { } first && months.Value is { } count && last.Value is { } recorded && !IsClamped(first) && Months.Add(first, count).PlusDays(-1) is var computed && computed != recorded)
        {
            Contradiction(opportunity, first, count, computed, recorded, problems);
        }

        return type == DealType.Renewal ? months.Value : null;
    }

    // The contract may have begun on a later day that this month does not have, and its months count from there (C5).
    private static bool IsClamped(LocalDate day) => day.Day < 31 && day == day.With(DateAdjusters.EndOfMonth);

    private static FieldReading? Renewed(DealType type, SalesforceRecord? named, LocalDate? effective, Problems problems) =>
        type == DealType.Renewal && named is not null && (named.Text(F.Contract.ContractTerm) ?? named.Text(F.Contract.EndDate)) is not null
            && new FieldReading(named, new()).Date(F.Contract.StartDate).Value is { } start && start == effective
            ? new(named, problems)
            : null;

    /// <summary>First day of the change; null when it is a problem.</summary>
    public LocalDate? Effective { get; }

    /// <summary>First day on which lines of the opportunity may run.</summary>
    public LocalDate? Start => _type == DealType.Renewal ? _amended.Term!.End : _amended.Term!.Start;

    /// <summary>The days lines of the opportunity may run: a renewal's own term, else the contract as it stands then; null when a date is a problem.</summary>
    public ContractTerm? Term()
    {
        NoFreeMonths(_opportunity, _problems);
        ContractTerm before = _amended.Term!;
        Field<int> months = _renewed?.Count(F.Contract.ContractTerm, LongestTermMonths) ?? _opportunity.Count(F.Opportunity.TermMonths, LongestTermMonths);
        Field<LocalDate> last = _renewed?.Date(F.Contract.EndDate) ?? _opportunity.Date(F.Opportunity.ContractEnd);
        Field<LocalDate> start = _opportunity.Date(F.Opportunity.ContractStart);
        if (Effective is not { } effective || months.Bad || last.Bad || start.Bad)
        {
            return null;
        }

        if (_type == DealType.Termination)
        {
            return before with { End = effective };
        }

        if (_type != DealType.Renewal && start.Missing && months.Value is { } stated && !IsAgreedOrLonger(stated, effective))
        {
            return null;
        }

        LocalDate from = _type == DealType.Renewal ? effective : start.Value ?? (Ends(effective, months.Value) ? effective : before.Start);
        int? term = months.Value ?? (_type == DealType.Renewal && last.Missing ? TermMonths() : null);
        LocalDate? end = term is { } count ? After(from, count) : last.Value?.PlusDays(1) ?? before.End;
        return Agrees(from, term, last.Value, end, effective)
            ? _type == DealType.Renewal ? new(effective, end, 0) : before with { End = end }
            : null;
    }

    private LocalDate? ReadEffective()
    {
        ContractTerm term = _amended.Term!;
        Field<LocalDate> stated = _opportunity.Date(F.Opportunity.EffectiveDate);
        bool fits = stated.Value is { } date && _type switch
        {
            DealType.Renewal => date == term.End,
            DealType.Termination => date > term.Start && (term.End is not { } end || date <= end),
            _ => date >= term.Start && (term.End is not { } end || date < end),
        };
        if (fits || stated.Bad)
        {
            return stated.Value;
        }

        string days = term.LastDay is { } last ? $"runs from {Problems.Text(term.Start)} to {Problems.Text(last)}" : $"runs from {Problems.Text(term.Start)} without an end";
        string expected = _type switch
        {
            DealType.Renewal when term.LastDay is { } end => $"a renewal begins on {Problems.Text(end.PlusDays(1))}, the day after the contract's last day",
            DealType.Renewal => "a contract without an end needs no renewal",
            DealType.Termination => "the first day without service must lie inside it, after its first day",
            _ => "the first day of the change must lie inside it",
        };
        _problems.Add(
            ProblemCodes.EffectiveDateInvalid, _opportunity.Record, F.Opportunity.EffectiveDate,
            $"The effective date is {(stated.Value is { } wrong ? Problems.Text(wrong) : "empty")}; the contract {days}, and {expected}.",
            "Enter the first day of the change; for a termination the first day without service, for a renewal the day after the contract's last day.");
        return null;
    }

    // Agreed with the last term: months from its first day to its last.
    private int? TermMonths()
    {
        ContractTerm term = _amended.Term!;
        LocalDate start = term.Renewals is [.., var renewed] ? renewed.Day : term.Start;
        if (term.End is { } end && (Months.Exactly(term.Start, end) - Months.Exactly(term.Start, start) ?? Months.Exactly(start, end)) is { } months)
        {
            return months;
        }

        _problems.Add(
            ProblemCodes.TermMissing, _opportunity.Record, F.Opportunity.TermMonths,
            "The renewal states neither a term nor an end, and the term before was no whole number of months.",
            "Enter the term in months in Hub_Term_Months__c or the last day in Hub_Contract_End__c.");
        return null;
    }

    // Months count from the contract's first day (C5), so that a contract of the 31st stays one.
    private LocalDate After(LocalDate from, int months) => Months.Exactly(_amended.Term!.Start, from) is { } before
        ? Months.Add(_amended.Term.Start, before + months)
        : Months.Add(from, months);

    private bool Ends(LocalDate from, int? months) => months is { } count && After(from, count) == _amended.Term!.End;

    // A term without a start is the contract's, or what is left of it: neither shortens the contract. A longer one extends it.
    private bool IsAgreedOrLonger(int months, LocalDate effective)
    {
        LocalDate whole = After(_amended.Term!.Start, months);
        if (_amended.Term.End is not { } end || whole >= end || Ends(effective, months))
        {
            return true;
        }

        _problems.Add(
            ProblemCodes.TermContradiction, _opportunity.Record, F.Opportunity.TermMonths,
            $"{Problems.Text(months)} months end on {Problems.Text(whole.PlusDays(-1))} counted from the contract's first day and on {Problems.Text(After(effective, months).PlusDays(-1))} counted from the effective date, "
                + $"but the contract ends on {Problems.Text(end.PlusDays(-1))}.",
            "Empty the term where the end stays, or state the new last day in Hub_Contract_End__c.");
        return false;
    }

    private bool Agrees(LocalDate from, int? months, LocalDate? last, LocalDate? end, LocalDate effective)
    {
        if (months is { } count && last is { } recorded && end!.Value.PlusDays(-1) is var computed && computed != recorded)
        {
            Contradiction(_opportunity, from, count, computed, recorded, _problems);
            return false;
        }

        if (_type == DealType.Renewal && months is null && last is null)
        {
            return false;
        }

        if (end is { } stop && stop <= effective)
        {
            _problems.Add(
                ProblemCodes.TermContradiction, _opportunity.Record, F.Opportunity.ContractEnd,
                $"The change takes effect on {Problems.Text(effective)}, but the contract would end on {Problems.Text(stop.PlusDays(-1))}, before it.",
                "Correct the end or the effective date; to end the contract early, use an opportunity of type Termination.");
            return false;
        }

        return true;
    }

    private static void Contradiction(FieldReading opportunity, LocalDate from, int months, LocalDate computed, LocalDate recorded, Problems problems) => problems.Add(
        ProblemCodes.TermContradiction, opportunity.Record, F.Opportunity.ContractEnd,
        $"From {Problems.Text(from)} {Problems.Text(months)} months end on {Problems.Text(computed)}, but the recorded end is {Problems.Text(recorded)}.",
        $"Correct start, term or end so that they agree, or empty the end: it is then computed as {Problems.Text(computed)}.");

    private static void NoFreeMonths(FieldReading opportunity, Problems problems)
    {
        if (opportunity.Record.Text(F.Opportunity.FreeMonths) is not null && !opportunity.IsZero(F.Opportunity.FreeMonths))
        {
            problems.Add(
                ProblemCodes.ValueInvalid, opportunity.Record, F.Opportunity.FreeMonths,
                "Free months are agreed with a new contract; this opportunity amends one.", "Empty Hub_Free_Months__c, and express what is given free as a discount.");
        }
    }
}
