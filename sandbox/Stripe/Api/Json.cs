using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>Short ways to read and write API objects, which the simulator keeps in the shape it answers them.</summary>
/// <remarks>
/// Members that start with an underscore are the simulator's own notes or fields shown only when expanded; they never leave it.
/// Whole numbers are stored as <c>long</c>.
/// </remarks>
public static class Json
{
    public static string? Text(this JsonObject from, string key) =>
        from[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static string Id(this JsonObject from) => from.Text("id") ?? throw new InvalidOperationException("An object without id.");

    public static long? MaybeNumber(this JsonObject from, string key) => from[key] is JsonValue value ? Whole(value) : null;

    public static long Number(this JsonObject from, string key) =>
        from.MaybeNumber(key) ?? throw new InvalidOperationException($"No number '{key}' in {from.Text("object")} {from.Text("id")}.");

    public static bool Flag(this JsonObject from, string key) =>
        from[key] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public static decimal? MaybeDecimal(this JsonObject from, string key) => from[key] is not JsonValue value
        ? null
        : decimal.Parse(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(), NumberStyles.Number, CultureInfo.InvariantCulture);

    public static JsonObject? Obj(this JsonObject from, string key) => from[key] as JsonObject;

    public static JsonArray? Arr(this JsonObject from, string key) => from[key] as JsonArray;

    public static IEnumerable<JsonObject> Objects(this JsonObject from, string key) => (from.Arr(key) ?? []).OfType<JsonObject>();

    public static IEnumerable<string> Texts(this JsonObject from, string key) => (from.Arr(key) ?? []).Select(node => node!.GetValue<string>());

    /// <summary>The parameter was sent, and sent empty: the field is to be cleared.</summary>
    public static bool Clears(this JsonObject from, string key) => from.Text(key) is "";

    public static JsonNode? Copy(this JsonObject from, string key) => from[key]?.DeepClone();

    public static JsonObject CopyObject(this JsonObject from) => (JsonObject)from.DeepClone();

    /// <summary>Takes the named parameters over into an object: empty clears to null, absent leaves it alone.</summary>
    public static void Take(this JsonObject into, JsonObject parameters, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (parameters.ContainsKey(key))
            {
                into[key] = parameters.Clears(key) ? null : parameters.Copy(key);
            }
        }
    }

    public static JsonArray ToArray(this IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    /// <summary>An embedded list holding everything; long ones are cut when the object is shown.</summary>
    public static JsonObject List(string url, JsonArray data) => new()
    {
        ["object"] = "list",
        ["data"] = data,
        ["has_more"] = false,
        ["url"] = url,
    };

    /// <summary>A decimal as the API writes it: no exponent, no needless zeros.</summary>
    public static string Plain(this decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    private static long? Whole(JsonValue value) =>
        value.TryGetValue<long>(out var whole) ? whole
        : value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out whole) ? whole
        : null;
}
