using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Hub.Core.Contracts;
using Stripe;

namespace Hub.Stripe;

/// <summary>Collects steps and hands out references to what they will return.</summary>
/// <param name="contract">The contract's original opportunity.</param>
/// <param name="version">Version of the plan, or key of the adjustment: what tells objects of one contract apart.</param>
internal sealed class StepList(SalesforceId contract, string version)
{
    private const int LongestKey = 255;

    private static readonly JsonSerializerOptions Format = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private readonly List<StripeStep> _steps = [];

    /// <summary>Adds a step unless one with its key is there; returns the reference to its id, such as <c>$2.id</c>.</summary>
    public string Add(string operation, string key, BaseOptions options, string? id = null)
    {
        int known = _steps.FindIndex(step => step.IdempotencyKey == key);
        if (known < 0)
        {
            known = _steps.Count;
            _steps.Add(new StripeStep(operation, Checked(key), Params(options)) { Id = id });
        }

        return $"${known + 1}.id";
    }

    /// <summary>Adds a step that happens once per claim, whatever its content, under a key that follows the content.</summary>
    public string AddClaimed(string operation, string claim, BaseOptions options, string currency, bool sought)
    {
        JsonElement parameters = Params(options);
        _steps.Add(new StripeStep(operation, Checked(StepParams.KeyOfContent(claim, parameters)), parameters) { Claim = claim, Currency = currency, Sought = sought });
        return $"${_steps.Count}.id";
    }

    /// <summary>Adds a price under a lookup key by which it is found again; equal prices of a line are one, different ones are numbered.</summary>
    public string AddPrice(SalesforceId lineId, PriceCreateOptions options)
    {
        for (int number = 1; ; number++)
        {
            string key = options.LookupKey = Key(StripeOperations.CreatePrice, string.Create(CultureInfo.InvariantCulture, $"{lineId}:{number}"));
            string wanted = Params(options).GetRawText();
            if (_steps.Find(step => step.IdempotencyKey == key) is not { } known || known.Params.GetRawText() == wanted)
            {
                return Add(StripeOperations.CreatePrice, key, options);
            }
        }
    }

    /// <summary>Operation, opportunity and version, and what tells several such objects of one version apart.</summary>
    public string Key(string operation, string? part = null) =>
        $"{operation}:{contract}:{version}" + (part is null ? "" : $":{part}");

    public ImmutableArray<StripeStep> ToImmutableArray() => [.. _steps];

    private static string Checked(string key) => key.Length <= LongestKey
        ? key
        : throw new InvalidOperationException($"The idempotency key {key} is longer than {LongestKey} characters.");

    // Nulls are dropped here and not left to the serializer: whether options with converters of their own heed its settings is up to the SDK.
    private static JsonElement Params(BaseOptions options)
    {
        JsonObject parameters = JsonSerializer.SerializeToNode(options, options.GetType(), Format)!.AsObject();
        Prune(parameters);
        return JsonSerializer.SerializeToElement(parameters);
    }

    private static void Prune(JsonNode? node)
    {
        if (node is JsonObject parent)
        {
            foreach (string name in parent.Where(member => member.Value is null).Select(member => member.Key).ToArray())
            {
                parent.Remove(name);
            }
        }

        foreach (JsonNode? child in node switch
        {
            JsonObject holder => holder.Select(member => member.Value),
            JsonArray list => list,
            _ => [],
        })
        {
            Prune(child);
        }
    }
}
