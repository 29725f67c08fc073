using System.Collections;
using System.Text.Json.Serialization;
using Hub.Sdk.StripeWire;

namespace Stripe;

/// <summary>One page of a list, newest first. Lists inside an object hold only the first few: page their <see cref="Url"/>.</summary>
[JsonConverter(typeof(EntityConverterFactory))]
public class StripeList<T> : StripeEntity<StripeList<T>>, IHasObject, IEnumerable<T>
    where T : IStripeEntity
{
    [JsonPropertyName("object")]
    public string Object { get; set; }

    [JsonPropertyName("data")]
    public List<T> Data { get; set; }

    [JsonPropertyName("has_more")]
    public bool HasMore { get; set; }

    [JsonPropertyName("url")]
    public string Url { get; set; }

    public IEnumerator<T> GetEnumerator() => Data.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Data.GetEnumerator();

    public void Reverse() => Data.Reverse();
}
