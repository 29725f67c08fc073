using System.Text.Json.Serialization;
using Hub.Sdk.StripeWire;

namespace Stripe;

/// <summary>Why Stripe refused a request.</summary>
[JsonConverter(typeof(EntityConverterFactory))]
public class StripeError : StripeEntity<StripeError>
{
    /// <summary>One of: api_error, card_error, idempotency_error, invalid_request_error.</summary>
    [JsonPropertyName("type")]
    public string Type { get; set; }

    [JsonPropertyName("code")]
    public string Code { get; set; }

    /// <summary>The parameter at fault, in Stripe's bracket notation.</summary>
    [JsonPropertyName("param")]
    public string Param { get; set; }

    [JsonPropertyName("message")]
    public string Message { get; set; }

    [JsonPropertyName("decline_code")]
    public string DeclineCode { get; set; }

    [JsonPropertyName("doc_url")]
    public string DocUrl { get; set; }

    [JsonPropertyName("request_log_url")]
    public string RequestLogUrl { get; set; }

    [JsonPropertyName("charge")]
    public string Charge { get; set; }

    [JsonPropertyName("advice_code")]
    public string AdviceCode { get; set; }

    [JsonPropertyName("network_advice_code")]
    public string NetworkAdviceCode { get; set; }

    [JsonPropertyName("network_decline_code")]
    public string NetworkDeclineCode { get; set; }

    [JsonPropertyName("payment_method_type")]
    public string PaymentMethodType { get; set; }

    [JsonPropertyName("payment_intent")]
    public PaymentIntent PaymentIntent { get; set; }

    [JsonPropertyName("payment_method")]
    public PaymentMethod PaymentMethod { get; set; }

    [JsonPropertyName("setup_intent")]
    public SetupIntent SetupIntent { get; set; }

    [JsonPropertyName("user_message")]
    public string UserMessage { get; set; }
}
