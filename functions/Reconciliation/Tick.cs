using Microsoft.Azure.Functions.Worker;
using NodaTime;

namespace Hub.Functions.Reconciliation;

/// <summary>The planned time of a timer's tick, which a repetition of the tick repeats.</summary>
internal static class Tick
{
    /// <summary>Null when the schedule is not monitored or was run by hand: there is no tick to repeat.</summary>
    public static Instant? Of(TimerInfo timer) => timer.ScheduleStatus is { Next: { Year: > 1 } next }
        ? Instant.FromDateTimeUtc(DateTime.SpecifyKind(next, DateTimeKind.Utc))
        : null;
}
