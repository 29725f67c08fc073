using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>Paging parameters of a list. Cursors are object ids and exclusive.</summary>
public class ListOptions : BaseOptions
{
    /// <summary>Objects per page, 1 to 100; 10 when absent.</summary>
    [JsonPropertyName("limit")]
    public long? Limit { get; set; }

    [JsonPropertyName("starting_after")]
    public string StartingAfter { get; set; }

    [JsonPropertyName("ending_before")]
    public string EndingBefore { get; set; }

    internal ListOptions Copy() => (ListOptions)MemberwiseClone();
}
