using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Objects;

/// <summary>Key-value notes on objects: merged on update, a key dropped by an empty value, all dropped by an empty map.</summary>
public static class Metadata
{
    private const int MaxKeys = 50;
    private const int MaxKeyLength = 40;
    private const int MaxValueLength = 500;

    /// <summary>The metadata after a request; <paramref name="before"/> is untouched.</summary>
    /// <exception cref="ApiException">Too many keys, or one too long.</exception>
    public static JsonObject Merge(JsonObject? before, JsonObject parameters, string key = "metadata", string? param = null)
    {
        if (parameters.Clears(key))
        {
            return [];
        }

        var merged = before?.CopyObject() ?? [];
        foreach (var (name, value) in parameters.Obj(key) ?? [])
        {
            Put(merged, name, value!.GetValue<string>(), param ?? key);
        }

        return merged.Count <= MaxKeys
            ? merged
            : throw ApiException.Invalid($"You can only have up to {MaxKeys} metadata keys", param ?? key);
    }

    private static void Put(JsonObject merged, string name, string value, string param)
    {
        if (name.Length > MaxKeyLength)
        {
            throw ApiException.Invalid($"Metadata keys can't be longer than {MaxKeyLength} characters: {name}", param);
        }

        if (value.Length > MaxValueLength)
        {
            throw ApiException.Invalid($"Metadata values can have up to {MaxValueLength} characters, but you passed in a value that is {value.Length} characters. Invalid key: {name}", $"{param}[{name}]");
        }

        if (value.Length == 0)
        {
            merged.Remove(name);
        }
        else
        {
            merged[name] = value;
        }
    }
}
