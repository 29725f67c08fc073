using System.Globalization;

namespace Hub.Sandbox.Stripe;

/// <summary>Settings of the Stripe simulator, from the command line.</summary>
/// <param name="Key"><c>--stripe-key</c>: the secret key it accepts; default <c>sk_test_sandbox</c>.</param>
/// <param name="RatePerSecond"><c>--stripe-rate</c>: requests per second of real time; default 25, 0 is off.</param>
/// <param name="WebhookUrl"><c>--webhook-url</c>: an endpoint that listens to all events from the start; none by default.</param>
/// <param name="WebhookSecret"><c>--webhook-secret</c>: its signing secret.</param>
/// <param name="ManualWebhooks"><c>--webhooks manual</c>: deliver only on <c>POST /sandbox/webhooks/deliver</c>; default <c>auto</c>.</param>
public sealed record StripeSettings(string Key, int RatePerSecond, string? WebhookUrl, string WebhookSecret, bool ManualWebhooks)
{
    /// <exception cref="FormatException">A setting is not what its name promises.</exception>
    public static StripeSettings From(IConfiguration configuration) => new(
        configuration["stripe-key"] ?? "sk_test_sandbox",
        int.Parse(configuration["stripe-rate"] ?? "25", CultureInfo.InvariantCulture),
        configuration["webhook-url"],
        configuration["webhook-secret"] ?? "whsec_sandbox",
        (configuration["webhooks"] ?? "auto") switch
        {
            "auto" => false,
            "manual" => true,
            var other => throw new FormatException($"--webhooks is auto or manual, not {other}."),
        });
}
