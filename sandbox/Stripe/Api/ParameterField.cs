using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>What an endpoint declares about one parameter.</summary>
/// <param name="Kind">
/// <c>string</c>, <c>long</c>, <c>bool</c>, <c>unix</c>, <c>decimal</c>, <c>decimal-string</c>, <c>when</c> (word or time),
/// <c>count</c> (word or number), <c>range</c>, <c>map</c>, <c>maps</c>, <c>object</c>, <c>list:string</c>, <c>list:object</c>.
/// </param>
/// <param name="Required">Must be there, given its parent is.</param>
/// <param name="Clearable">May be sent empty to unset the field.</param>
/// <param name="Values">The words allowed; empty: any.</param>
/// <param name="Fields">Parameters below this one.</param>
public sealed record ParameterField(
    string Kind, bool Required, bool Clearable, IReadOnlyList<string> Values, IReadOnlyDictionary<string, ParameterField> Fields)
{
    public static IReadOnlyDictionary<string, ParameterField> Read(JsonObject? fields) =>
        (fields ?? []).ToDictionary(pair => pair.Key, pair => Read1((JsonObject)pair.Value!), StringComparer.Ordinal);

    private static ParameterField Read1(JsonObject json) => new(
        json.Text("t")!, json.ContainsKey("r"), json.ContainsKey("u"), [.. json.Texts("en")], Read(json.Obj("f")));
}
