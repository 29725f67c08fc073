using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>What Stripe refuses in a schedule as a whole (C23, pitfalls 3 and 4).</summary>
internal static class PhaseChecks
{
    private const int MonthsPerYear = 12;
    private const int MostItems = 20;

    public static void Run(ImmutableArray<Phase> phases, DealFacts facts, LocalDate processingDate, int mostPhases, Problems problems)
    {
        int ahead = phases.Count(phase => phase.End > processingDate);
        if (ahead > mostPhases)
        {
            SalesforceRecord last = facts.Lines.Where(line => line.Runs).OrderBy(line => line.Start).LastOrDefault()?.Record ?? facts.Deal.Opportunity;
            problems.Add(
                ProblemCodes.TooManyPhases, last, F.Line.LineStart,
                string.Create(CultureInfo.InvariantCulture, $"The contract needs {ahead} phases; Stripe's limit is {mostPhases} current or future phases."),
                "Agree fewer, longer steps (such as quarterly), or have rolling phases switched on (Contracts:RollingPhases).");
        }

        if (phases.FirstOrDefault(phase => phase.Items.Length > MostItems) is { } full)
        {
            TooMany(full.Items.Length, "recurring or usage lines run at the same time", full.Items[MostItems].LineId, facts, problems);
        }

        if (phases is [{ OneTime.Length: > MostItems } first, ..])
        {
            TooMany(first.OneTime.Length, "one-time lines are to go on the first invoice", first.OneTime[MostItems].LineId, facts, problems);
        }

        if (!problems.All.Any(problem => problem.Code == ProblemCodes.IntervalUnsupported)
            && phases.FirstOrDefault(phase => !Compatible(phase)) is { } mixed)
        {
            Intervals(mixed, facts, problems);
        }
    }

    /// <summary>True when the intervals of every phase can stand beside each other.</summary>
    public static bool AreCompatible(IEnumerable<Phase> phases) => phases.All(Compatible);

    private static void TooMany(int count, string what, SalesforceId lineId, DealFacts facts, Problems problems) => problems.Add(
        ProblemCodes.TooManyItems, Line(lineId, facts), F.Line.ProductId,
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}; Stripe takes at most {MostItems} of them."),
        string.Create(CultureInfo.InvariantCulture, $"Combine lines so that at most {MostItems} are left, or sell on two opportunities."));

    private static SalesforceRecord Line(SalesforceId lineId, DealFacts facts) =>
        (facts.Lines.FirstOrDefault(line => SalesforceId.OfExport(line.Record.Id) == lineId) ?? facts.Lines.FirstOrDefault())?.Record ?? facts.Deal.Opportunity;

    private static void Intervals(Phase phase, DealFacts facts, Problems problems)
    {
        string intervals = string.Join(" and ", phase.Items.Select(item => item.Interval).Distinct().Select(Text));
        SalesforceId lineId = phase.Items.MaxBy(item => item.Interval.Unit == IntervalUnit.Day ? int.MaxValue : MonthsOf(item.Interval))!.LineId;
        problems.Add(
            ProblemCodes.IntervalUnsupported, Line(lineId, facts), F.Line.BillingFrequency,
            $"From {Problems.Text(phase.Start)} to {Problems.Text(phase.End.PlusDays(-1))} the contract would be billed in intervals of {intervals}; "
                + "Stripe takes only intervals of which each is a multiple of the shortest.",
            "Choose a term that is a whole number of billing periods of every line, or bill all lines equally often.");
    }

    private static bool Compatible(Phase phase)
    {
        BillingInterval[] intervals = [.. phase.Items.Select(item => item.Interval).Distinct()];
        if (intervals.Length < 2)
        {
            return true;
        }

        return intervals.All(interval => interval.Unit != IntervalUnit.Day)
            && intervals.Min(MonthsOf) is var shortest && intervals.All(interval => MonthsOf(interval) % shortest == 0);
    }

    private static int MonthsOf(BillingInterval interval) => interval.Unit == IntervalUnit.Year ? interval.Count * MonthsPerYear : interval.Count;

    private static string Text(BillingInterval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval.Count} {interval.Unit.ToString().ToLowerInvariant()}{(interval.Count == 1 ? "" : "s")}");
}
