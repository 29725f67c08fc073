using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Reconciliation;

/// <summary>Names runs so that they sort by time and a repeated start gives the same name.</summary>
public static class ReconciliationRuns
{
    private static readonly InstantPattern Stamp = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");

    /// <param name="start">Planned time of the timer's tick, or when a person asked; the same second and trigger are the same run.</param>
    /// <param name="trigger"><c>timer</c> or <c>manual</c>.</param>
    /// <param name="number">Counts the runs of one second, from 1.</param>
    public static string Id(Instant start, string trigger, int number = 1) => number == 1
        ? $"{Stamp.Format(start)}-{trigger}"
        : string.Create(CultureInfo.InvariantCulture, $"{Stamp.Format(start)}-{trigger}-{number:00}");

    /// <summary>Whether a run speaks of a later time than another; of two of the same time the one with the later id does.</summary>
    public static bool IsLater(ReconciliationRun run, ReconciliationRun other) =>
        run.AsOf != other.AsOf ? run.AsOf > other.AsOf : string.CompareOrdinal(run.RunId, other.RunId) > 0;

    /// <summary>A run that would start now, to ask for the one before it.</summary>
    public static ReconciliationRun Upcoming(Instant now) =>
        new(Id(now, "upcoming"), "manual", now, now, null, RunState.Extracting, 1, null, null, null);
}
