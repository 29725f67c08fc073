using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NodaTime;

namespace Hub.Core.Books;

/// <summary>Reads members of Stripe objects; what is absent or of another kind is null.</summary>
internal static class StripeJson
{
    public static string? Text(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Id of a reference, expanded or not.</summary>
    public static string? Reference(this JsonElement json, string name) => json.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } id => id.GetString(),
        { ValueKind: JsonValueKind.Object } expanded => expanded.Text("id"),
        _ => null,
    };

    /// <summary>A number, or a decimal written as text.</summary>
    public static decimal? Number(this JsonElement json, string name) => json.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out decimal value) => value,
        { ValueKind: JsonValueKind.String } text when decimal.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) => value,
        _ => null,
    };

    public static Instant? Time(this JsonElement json, string name) =>
        json.Number(name) is { } seconds ? Instant.FromUnixTimeSeconds((long)seconds) : null;

    /// <summary>Dates in Stripe are midnights of UTC (C1).</summary>
    public static LocalDate? Date(this JsonElement json, string name) => json.Time(name)?.InUtc().Date;

    public static string? Metadata(this JsonElement json, string key) => json.Member("metadata")?.Text(key);

    /// <summary>Items of a list, bare or in Stripe's envelope.</summary>
    public static ImmutableArray<JsonElement> List(this JsonElement json, string name) => json.Member(name) switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        { ValueKind: JsonValueKind.Object } envelope => envelope.List("data"),
        _ => [],
    };

    /// <summary>True where the field was exported, also when it is null.</summary>
    public static bool States(this JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out _);

    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
