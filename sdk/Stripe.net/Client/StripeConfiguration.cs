namespace Stripe;

/// <summary>Versions, and process-wide defaults for code that builds services without a client.</summary>
public static class StripeConfiguration
{
    private static IStripeClient stripeClient;

    /// <summary>The API version every request asks for.</summary>
    public static string ApiVersion => "2026-07-29.dahlia";

    public static string StripeNetVersion => "52.2.0";

    public static string ApiKey { get; set { field = value; stripeClient = null; } }

    public static int MaxNetworkRetries { get; set { field = value; stripeClient = null; } } = SystemNetHttpClient.DefaultMaxNumberRetries;

    public static bool EnableTelemetry { get; set { field = value; stripeClient = null; } } = true;

    public static AppInfo AppInfo { internal get; set { field = value; stripeClient = null; } }

    public static IStripeClient StripeClient
    {
        get => stripeClient ??= new StripeClient(
            ApiKey, httpClient: new SystemNetHttpClient(null, MaxNetworkRetries, AppInfo, EnableTelemetry));
        set => stripeClient = value;
    }
}
