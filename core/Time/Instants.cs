using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Time;

/// <summary>Instants as other systems write them.</summary>
public static class Instants
{
    private static readonly OffsetDateTimePattern[] Patterns =
    [
        OffsetDateTimePattern.Rfc3339,
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFFo<+HHmm>"),
        OffsetDateTimePattern.ExtendedIso,
    ];

    /// <summary>Reads ISO 8601 with <c>Z</c> or an offset in any spelling: <c>+02:00</c>, <c>+0200</c> (Salesforce), <c>+02</c>.</summary>
    /// <returns>Null when the text is null or no instant; a local time without an offset is none.</returns>
    public static Instant? Parse(string? text) => text is null ? null
        : Patterns.Select(pattern => pattern.Parse(text)).FirstOrDefault(parsed => parsed.Success)?.Value.ToInstant();
}
