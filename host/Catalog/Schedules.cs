using NCrontab;

namespace Hub.Host.Catalog;

/// <summary>Reads schedules the way the timer trigger does.</summary>
internal static class Schedules
{
    // Dates and weekdays repeat after 400 years; what does not come within them never does.
    private static readonly (DateTime Start, DateTime End) Cycle = (new(2000, 1, 1), new(2400, 1, 2));

    /// <summary>Parses six fields, seconds first; five fields are read as without seconds. Null when the text is neither.</summary>
    public static CrontabSchedule? TryParse(string text)
    {
        int fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        return fields is 5 or 6
            ? CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 })
            : null;
    }

    /// <summary>Whether any day of any year is named; 30 February is none.</summary>
    public static bool EverComes(this CrontabSchedule schedule) => schedule.GetNextOccurrence(Cycle.Start, Cycle.End) < Cycle.End;

    /// <summary>The first occurrence strictly after <paramref name="instant"/>; schedules are UTC.</summary>
    public static DateTimeOffset After(this CrontabSchedule schedule, DateTimeOffset instant) =>
        new(schedule.GetNextOccurrence(instant.UtcDateTime), TimeSpan.Zero);
}
