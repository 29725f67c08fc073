using NodaTime;

namespace Hub.Core.Time;

/// <summary>The named time zone in which the Hub's "today" lies (setting <c>Hub:BillingTimeZone</c>).</summary>
public sealed record BillingZone
{
    private readonly DateTimeZone _zone;

    private BillingZone(DateTimeZone zone) => _zone = zone;

    public static BillingZone Utc { get; } = new(DateTimeZone.Utc);

    /// <summary>IANA name, such as <c>Europe/London</c>.</summary>
    public string Name => _zone.Id;

    /// <summary>Finds a zone by its IANA name; null when there is none of that name.</summary>
    public static BillingZone? Find(string? name) =>
        name is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone ? new(zone) : null;

    /// <summary>The first instant of a date in the zone.</summary>
    public Instant StartOf(LocalDate date) => date.AtStartOfDayInZone(_zone).ToInstant();

    /// <summary>The calendar date of an instant in the zone.</summary>
    public LocalDate DateOf(Instant instant) => instant.InZone(_zone).Date;
}
