namespace Hub.Stripe;

/// <summary>How the Hub reaches Stripe. Section <c>Stripe</c>.</summary>
public sealed class StripeOptions
{
    public const string Section = "Stripe";

    /// <summary>Secret or, better, restricted key of one account, test or live.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Origin of the API. Empty: Stripe's own. https, or http on loopback for a simulator.</summary>
    public string ApiBase { get; set; } = "";

    /// <summary>Signing secret of the webhook endpoint.</summary>
    public string WebhookSecret { get; set; } = "";

    /// <summary>Requests per second of this process, repeats included, 1–100. Default 15: leaves room for others below Stripe's 25 per endpoint.</summary>
    public int RequestsPerSecond { get; set; } = 15;

    /// <summary>Seconds a webhook's signature may be old or ahead, 1–3600. Default 300, as Stripe recommends.</summary>
    public int WebhookToleranceSeconds { get; set; } = 300;
}
