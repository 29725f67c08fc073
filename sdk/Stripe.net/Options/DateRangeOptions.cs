using System.Text.Json.Serialization;
using Hub.Sdk.StripeWire;

namespace Stripe;

/// <summary>Bounds of a time filter, sent as <c>gt</c>, <c>gte</c>, <c>lt</c>, <c>lte</c> in Unix seconds.</summary>
public class DateRangeOptions : INestedOptions
{
    [JsonPropertyName("gt")]
    [JsonConverter(typeof(UnixSecondsConverter))]
    public DateTime? GreaterThan { get; set; }

    [JsonPropertyName("gte")]
    [JsonConverter(typeof(UnixSecondsConverter))]
    public DateTime? GreaterThanOrEqual { get; set; }

    [JsonPropertyName("lt")]
    [JsonConverter(typeof(UnixSecondsConverter))]
    public DateTime? LessThan { get; set; }

    [JsonPropertyName("lte")]
    [JsonConverter(typeof(UnixSecondsConverter))]
    public DateTime? LessThanOrEqual { get; set; }
}
