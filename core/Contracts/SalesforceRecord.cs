using System.Collections.Immutable;
using System.Text.Json;

namespace Hub.Core.Contracts;

/// <summary>One record as the Salesforce REST API returns it, or as a books file lists it; fields that were not read are absent.</summary>
/// <remarks>
/// Rules read fields through this record so that a problem can name the field and quote its value. Field names compare without
/// regard to case, as Salesforce does. A number may be written <c>5.0</c> or <c>1.2345678E7</c>; it is read as decimal, never as double.
/// </remarks>
public sealed record SalesforceRecord(string Object, ImmutableDictionary<string, JsonElement> Fields)
{
    /// <summary>Reads the members of a JSON object; <c>attributes</c> is metadata and is left out.</summary>
    public static SalesforceRecord From(string @object, JsonElement json) => new(
        @object,
        json.EnumerateObject()
            .Where(member => !member.NameEquals("attributes"))
            .GroupBy(member => member.Name, StringComparer.OrdinalIgnoreCase)
            .ToImmutableDictionary(group => group.Key, group => group.Last().Value.Clone(), StringComparer.OrdinalIgnoreCase));

    /// <summary>The record's <c>Id</c> as the source gave it; empty when missing.</summary>
    public string Id => Text("Id") ?? "";

    /// <summary>The field's text, trimmed; null when absent, null or blank. Numbers and booleans give their JSON text.</summary>
    public string? Text(string field) => Fields.TryGetValue(field, out JsonElement value)
        ? value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            JsonValueKind.String => value.GetString()!.Trim() is { Length: > 0 } text ? text : null,
            _ => value.GetRawText(),
        }
        : null;
}
