using System.Text.Json.Serialization;
using Hub.Sdk.StripeWire;

namespace Stripe;

/// <summary>What an event is about.</summary>
[JsonConverter(typeof(EntityConverterFactory))]
public class EventData : StripeEntity<EventData>
{
    /// <summary>The object as it was when the event arose, never expanded; null for a type unknown here.</summary>
    [JsonPropertyName("object")]
    public IHasObject Object { get; set; }

    /// <summary>Changed fields and their old values; only on <c>*.updated</c>.</summary>
    [JsonPropertyName("previous_attributes")]
    public dynamic PreviousAttributes { get; set; }

    /// <summary><see cref="Object"/> untyped: fields by their JSON names, absent ones null.</summary>
    public dynamic RawObject =>
        RawJsonElement is { } raw && raw.TryGetProperty("object", out var element) ? DynamicJson.Wrap(element) : null;
}
