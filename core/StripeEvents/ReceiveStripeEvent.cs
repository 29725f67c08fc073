using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.StripeEvents;

/// <summary>What the webhook endpoint answers: 2xx for the first two, 400 for a refusal.</summary>
public abstract record ReceiveOutcome
{
    private ReceiveOutcome()
    {
    }

    /// <summary>Stored and enqueued.</summary>
    public sealed record Accepted(string EventId) : ReceiveOutcome;

    /// <summary>Stored before; enqueued again only if it still waits to be applied.</summary>
    public sealed record Duplicate(string EventId) : ReceiveOutcome;

    /// <summary>No trace is left beyond a log line.</summary>
    public sealed record Refused(string Reason) : ReceiveOutcome;
}

/// <summary>Takes in what Stripe posts: verify, remember, enqueue, and only then answer.</summary>
public sealed class ReceiveStripeEvent(
    IStripeWebhook webhook, IStripeEventInbox inbox, IQueueSender queue, TimeProvider time, ILogger<ReceiveStripeEvent> log)
{
    /// <param name="body">The raw request body.</param>
    /// <param name="signature">The <c>Stripe-Signature</c> header; null when missing.</param>
    public Task<ReceiveOutcome> Handle(string body, string? signature, CancellationToken ct)
    {
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        return webhook.Verify(body, signature, now) switch
        {
            WebhookOutcome.Verified(var received) => Take(received, ct),
            WebhookOutcome.Refused(var reason) => Task.FromResult<ReceiveOutcome>(Refuse(reason)),
            var other => throw new InvalidOperationException($"Unknown webhook outcome {other.GetType().Name}."),
        };
    }

    // The queue write comes last before the answer: if it fails, Stripe delivers again, and the stored event is enqueued then.
    private async Task<ReceiveOutcome> Take(InboxEvent received, CancellationToken ct)
    {
        InboxEvent stored = await inbox.Accept(received, ct);
        if (stored.AppliedAt is null)
        {
            await queue.Send(StripeEventQueues.StripeEvent, new StripeEventReceived(stored.EventId), null, ct);
        }

        bool first = stored == received;
        log.EventReceived(stored.EventId, stored.Type, first ? "accepted" : "duplicate");
        return first ? new ReceiveOutcome.Accepted(stored.EventId) : new ReceiveOutcome.Duplicate(stored.EventId);
    }

    private ReceiveOutcome.Refused Refuse(string reason)
    {
        log.EventRefused(reason);
        return new ReceiveOutcome.Refused(reason);
    }
}
