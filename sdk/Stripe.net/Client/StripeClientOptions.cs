namespace Stripe;

/// <summary>How a <see cref="StripeClient"/> is built. Everything absent takes the published default.</summary>
public class StripeClientOptions
{
    public string ApiKey { get; set; }

    public string ClientId { get; set; }

    public IHttpClient HttpClient { get; set; }

    public string ApiBase { get; set; }

    public string ConnectBase { get; set; }

    public string FilesBase { get; set; }

    public string MeterEventsBase { get; set; }

    public string StripeAccount { get; set; }

    public string StripeContext { get; set; }
}
