using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hub.Sdk.StripeGenerator;

/// <summary>The whitelisted part of Stripe's API, as <c>api.json</c> holds it.</summary>
/// <param name="Version">API version, such as <c>2026-07-29.dahlia</c>.</param>
/// <param name="Services">Service class (without <c>Stripe.</c>) to its operations.</param>
/// <param name="Options">Options class to its parameters.</param>
/// <param name="Entities">Entity class to its fields.</param>
/// <param name="EventTypes">Event types, such as <c>invoice.paid</c>.</param>
public sealed record ApiDescription(
    string Version,
    SortedDictionary<string, ServiceDescription> Services,
    SortedDictionary<string, ClassDescription> Options,
    SortedDictionary<string, ClassDescription> Entities,
    IReadOnlyList<string> EventTypes)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="JsonException">The text is not a description.</exception>
    public static ApiDescription Parse(string json) =>
        JsonSerializer.Deserialize<ApiDescription>(json, Format) ?? throw new JsonException("The description is empty.");

    public string ToJson() => JsonSerializer.Serialize(this, Format) + "\n";
}

/// <param name="Client">Accessor on the client, such as <c>V1.Invoices.LineItems</c>.</param>
public sealed record ServiceDescription(string Client, IReadOnlyList<OperationDescription> Operations);

/// <param name="Name">Method name without <c>Async</c>.</param>
/// <param name="Http">GET, POST or DELETE.</param>
/// <param name="Path">Path with <c>{id}</c> or <c>{parentId}</c>.</param>
/// <param name="Returns">Entity, <c>StripeList&lt;T&gt;</c> or <c>StripeSearchResult&lt;T&gt;</c>.</param>
/// <param name="MandatoryOptions">The options argument has no default.</param>
/// <param name="AutoPaging">Also has an auto-paging twin.</param>
public sealed record OperationDescription(
    string Name, string Http, string Path, string Returns, string Options, bool MandatoryOptions, bool AutoPaging);

/// <param name="Base">Options: base class, <c>INestedOptions</c> for a nested one. Entities: null.</param>
/// <param name="File">Resource whose file holds the class.</param>
public sealed record ClassDescription(string? Base, string File, SortedDictionary<string, FieldDescription> Fields);

/// <param name="Type">Type as described: <c>string</c>, <c>unix</c>, <c>decimal-string</c>, <c>enum|unix</c>, <c>List&lt;…&gt;</c>, a class.</param>
/// <param name="Name">C# name where it is not the PascalCase of the JSON name.</param>
/// <param name="Clearable">Options: an assigned null is sent as an empty value.</param>
/// <param name="Nullable">Entities: may be null or absent.</param>
/// <param name="Expandable">Entities: an id or, when expanded, the object.</param>
/// <param name="Values">Known values, for the comment and for string enums.</param>
public sealed record FieldDescription(
    string Type, string? Name = null, bool Clearable = false, bool Nullable = false, bool Expandable = false, IReadOnlyList<string>? Values = null);
