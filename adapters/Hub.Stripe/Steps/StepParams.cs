using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stripe;

namespace Hub.Stripe;

/// <summary>Parameters of a step between plan and wire.</summary>
internal static partial class StepParams
{
    private const int KeyDigits = 32;
    private const string ClaimedCurrency = "hub_currency";

    // References stand only where Stripe takes an id; the same characters in a PO number are a PO number.
    private static readonly ImmutableHashSet<string> IdParameters = ["customer", "invoice", "price", "coupon", "id"];

    /// <summary>The step's request with the ids that earlier steps returned in place of their references; the object in its path becomes <c>id</c>.</summary>
    public static JsonElement Resolve(StripeStep step, IReadOnlyList<string> ids)
    {
        JsonNode root = JsonNode.Parse(step.Params.GetRawText())!;
        if (step.Id is { } id)
        {
            root["id"] = id;
        }

        Resolve(root, ids);
        return JsonSerializer.SerializeToElement(root);
    }

    /// <summary>The same parameters as options; whatever SDK is in use writes them as Stripe's form encoding wants them.</summary>
    /// <param name="parameters">Without references.</param>
    /// <param name="inPath">The parameter that stands in the path instead; null when there is none.</param>
    public static BaseOptions ToOptions(JsonElement parameters, string? inPath)
    {
        var options = new BaseOptions();
        foreach (JsonProperty member in parameters.EnumerateObject().Where(member => member.Name != inPath))
        {
            options.AddExtraParam(member.Name, Value(member.Value));
        }

        return options;
    }

    /// <summary>A key that another content does not share: the same key with other parameters is an error at Stripe.</summary>
    public static string KeyOfContent(string key, JsonElement parameters) =>
        $"{key}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonNode.Parse(parameters.GetRawText())!.ToJsonString())))[..KeyDigits]}";

    /// <summary>What a claim freezes: the parameters, and beside them the currency, which is not sent.</summary>
    public static string Frozen(JsonElement parameters, string? currency)
    {
        if (currency is null)
        {
            return parameters.GetRawText();
        }

        JsonNode root = JsonNode.Parse(parameters.GetRawText())!;
        root[ClaimedCurrency] = currency;
        return root.ToJsonString();
    }

    /// <summary>The two halves of <see cref="Frozen"/>.</summary>
    public static (JsonElement Parameters, string? Currency) Thawed(string frozen)
    {
        JsonNode root = JsonNode.Parse(frozen)!;
        string? currency = (string?)root[ClaimedCurrency];
        root.AsObject().Remove(ClaimedCurrency);
        return (JsonSerializer.SerializeToElement(root), currency);
    }

    public static string? Text(JsonElement parameters, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (!parameters.TryGetProperty(name, out parameters))
            {
                return null;
            }
        }

        return parameters.GetString();
    }

    private static void Resolve(JsonNode node, IReadOnlyList<string> ids)
    {
        if (node is JsonArray array)
        {
            foreach (JsonNode? item in array)
            {
                Resolve(item!, ids);
            }
        }
        else if (node is JsonObject parent)
        {
            foreach (string name in parent.Select(member => member.Key).Where(name => name != "metadata").ToArray())
            {
                if (IdParameters.Contains(name) && parent[name] is JsonValue value && Reference().Match(value.GetValue<string>()) is { Success: true } match)
                {
                    parent[name] = ids[int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 1];
                }
                else
                {
                    Resolve(parent[name]!, ids);
                }
            }
        }
    }

    // Flags go as the text Stripe documents: an SDK may format a boolean that is no property of its own as .NET does, "True".
    private static object Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => json.GetDecimal(),
        JsonValueKind.Array => json.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.Object => json.EnumerateObject().ToDictionary(member => member.Name, member => Value(member.Value)),
        _ => throw new InvalidOperationException($"A parameter cannot be {json.ValueKind}."),
    };

    [GeneratedRegex(@"^\$(\d{1,3})\.id$")]
    private static partial Regex Reference();
}
