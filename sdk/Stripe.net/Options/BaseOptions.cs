using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>Parameters of one request. Properties without a value are not sent.</summary>
public class BaseOptions : INestedOptions
{
    /// <summary>Fields to return as objects instead of ids; dotted paths, at most four levels, <c>data.</c> first on lists.</summary>
    [JsonPropertyName("expand")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<string> Expand { get; set; }

    /// <summary>Parameters this version has no property for, written at the top level under their own names.</summary>
    [JsonExtensionData]
    public IDictionary<string, object> ExtraParams { get; set; } = new Dictionary<string, object>();

    public void AddExpand(string value) => (Expand ??= []).Add(value);

    public void AddRangeExpand(IEnumerable<string> values) => (Expand ??= []).AddRange(values);

    public void AddExtraParam(string key, object value) => ExtraParams.Add(key, value);
}
