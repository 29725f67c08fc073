using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>Parameters of a search. Results are eventually consistent: never decide from them that something does not exist.</summary>
public class SearchOptions : BaseOptions
{
    [JsonPropertyName("query")]
    public string Query { get; set; }

    [JsonPropertyName("limit")]
    public long? Limit { get; set; }

    [JsonPropertyName("page")]
    public string Page { get; set; }

    internal SearchOptions Copy() => (SearchOptions)MemberwiseClone();
}
