using System.Globalization;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Reconciliation;

/// <summary>Typed reading of Salesforce fields; null where a field is empty or holds something else.</summary>
internal static class SalesforceFields
{
    public static decimal? Number(this SalesforceRecord record, string field) =>
        decimal.TryParse(record.Text(field), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    public static int? Whole(this SalesforceRecord record, string field) =>
        record.Number(field) is { } number && number == decimal.Truncate(number) && Math.Abs(number) < 10_000 ? (int)number : null;

    public static bool IsTrue(this SalesforceRecord record, string field) =>
        string.Equals(record.Text(field), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A date, or the date part of what is written as one.</summary>
    public static LocalDate? Date(this SalesforceRecord record, string field) =>
        record.Text(field) is { Length: >= 10 } text && LocalDatePattern.Iso.Parse(text[..10]) is { Success: true } parsed ? parsed.Value : null;

    /// <summary>An instant such as <c>2026-10-01T08:30:00.000+0000</c>, as the date it is in the zone.</summary>
    public static LocalDate? DateOfInstant(this SalesforceRecord record, string field, DateTimeZone zone) =>
        DateTimeOffset.TryParse(record.Text(field), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            ? Instant.FromDateTimeOffset(instant).InZone(zone).Date
            : null;

    /// <summary>The 18-character form of an id; the text itself where it is none.</summary>
    public static string? Id18(string? text) => SalesforceId.TryParse(text, out SalesforceId id) ? id.Value : text?.Trim();
}
