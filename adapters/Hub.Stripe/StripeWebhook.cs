using System.Text.Json;
using Hub.Core.StripeEvents;
using Microsoft.Extensions.Options;
using NodaTime;
using NodaTime.Extensions;
using Stripe;

namespace Hub.Stripe;

/// <summary>Verifies what arrives at the webhook endpoint, on the body exactly as received.</summary>
internal sealed class StripeWebhook(IOptions<StripeOptions> options) : IStripeWebhook
{
    public WebhookOutcome Verify(string body, string? signature, Instant now)
    {
        if (string.IsNullOrWhiteSpace(signature))
        {
            return new WebhookOutcome.Refused("The Stripe-Signature header is missing.");
        }

        try
        {
            Event received = EventUtility.ConstructEvent(
                body, signature, options.Value.WebhookSecret, options.Value.WebhookToleranceSeconds, now.ToUnixTimeSeconds());
            return received is { Id.Length: > 0, Type.Length: > 0 }
                ? new WebhookOutcome.Verified(new InboxEvent(received.Id, received.Type, ObjectId(body, received.Type), received.Created.ToInstant(), now, null))
                : new WebhookOutcome.Refused("The body is no event.");
        }
        catch (StripeException e)
        {
            // The SDK's own messages speak of header, time and version, never of the payload.
            return new WebhookOutcome.Refused(e.Message);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            return new WebhookOutcome.Refused("The body is no event.");
        }
    }

    // Read from the body, because objects of a type unknown to the SDK have an id too. A preview (invoice.upcoming) has none. A credit note is a
    // change of its invoice, and that is what is read again.
    private static string ObjectId(string body, string type)
    {
        using var json = JsonDocument.Parse(body);
        JsonElement about = json.RootElement.GetProperty("data").GetProperty("object");
        string member = type.StartsWith("credit_note.", StringComparison.Ordinal) ? "invoice" : "id";
        return about.TryGetProperty(member, out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : "";
    }
}
