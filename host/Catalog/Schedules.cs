using NCrontab;

namespace Hub.Host.Catalog;

/// <summary>Reads schedules the way the timer trigger does.</summary>
internal static class Schedules
{
    /// <summary>Parses six fields, seconds first; five fields are read as without seconds. Null when the text is neither.</summary>
    public static CrontabSchedule? TryParse(string text)
    {
        int fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        return fields is 5 or 6
            ? CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 })
            : null;
    }

    /// <summary>The first occurrence strictly after <paramref name="instant"/>; schedules are UTC.</summary>
    public static DateTimeOffset After(this CrontabSchedule schedule, DateTimeOffset instant) =>
        new(schedule.GetNextOccurrence(instant.UtcDateTime), TimeSpan.Zero);
}
