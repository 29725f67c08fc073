namespace Stripe;

/// <summary>What differs for one request from the client's defaults.</summary>
public class RequestOptions
{
    public string ApiKey { get; set; }

    /// <summary>At most 255 characters; a random one is sent with every POST that has none.</summary>
    public string IdempotencyKey { get; set; }

    public string StripeAccount { get; set; }

    public string StripeContext { get; set; }

    public string StripeRequestTrigger { get; set; }

    internal string StripeVersion { get; set; }
}
