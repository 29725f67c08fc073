using NodaTime;

namespace Hub.Core.StripeEvents;

/// <summary>Verifies what arrives at the webhook endpoint. Implemented by Hub.Stripe.</summary>
public interface IStripeWebhook
{
    /// <summary>Checks the signature over the raw body and reads the event's envelope.</summary>
    /// <param name="body">The request body exactly as received.</param>
    /// <param name="signature">The <c>Stripe-Signature</c> header; null when missing.</param>
    /// <param name="now">The signature's timestamp may be at most 300 s from it.</param>
    WebhookOutcome Verify(string body, string? signature, Instant now);
}

public abstract record WebhookOutcome
{
    private WebhookOutcome()
    {
    }

    public sealed record Verified(InboxEvent Event) : WebhookOutcome;

    /// <summary>Wrong or missing signature, too old, another API version, or no event; the reason holds nothing of the payload.</summary>
    public sealed record Refused(string Reason) : WebhookOutcome;
}
