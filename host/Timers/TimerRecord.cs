namespace Hub.Host.Timers;

/// <summary>What all hosts know together of one timer: when it is due and who runs it.</summary>
/// <param name="Schedule">The expression <see cref="Next"/> was computed from: that of the host which started last.</param>
/// <param name="ScheduleFrom">When the host that wrote <see cref="Schedule"/> started, on the machine's clock.</param>
/// <param name="Last">The last occurrence that ran to its end; null before the first.</param>
/// <param name="Next">The occurrence that is due next.</param>
/// <param name="LastUpdated">When the occurrences were last written, on the schedule's clock.</param>
/// <param name="Owner">Who runs the timer now; null when nobody does.</param>
/// <param name="LeaseUntil">Until when the owner is believed, on the machine's clock.</param>
/// <param name="Version">The stored version this was read from; null when nothing is stored yet.</param>
internal sealed record TimerRecord(
    string Function,
    string Schedule,
    DateTimeOffset ScheduleFrom,
    DateTimeOffset? Last,
    DateTimeOffset Next,
    DateTimeOffset LastUpdated,
    string? Owner,
    DateTimeOffset LeaseUntil,
    string? Version);
