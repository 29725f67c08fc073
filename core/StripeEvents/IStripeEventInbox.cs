using NodaTime;

namespace Hub.Core.StripeEvents;

/// <summary>Queue names of the concept.</summary>
public static class StripeEventQueues
{
    public const string StripeEvent = "stripe-event";
}

/// <summary>A verified Stripe event waits to be applied.</summary>
/// <param name="EventId"><c>evt_…</c></param>
public sealed record StripeEventReceived(string EventId);

/// <summary>Every Stripe event the Hub accepted, so that a repeated delivery changes nothing. Implemented by Hub.AzureStorage.</summary>
public interface IStripeEventInbox
{
    /// <summary>Inserts the event as received, or returns what is stored under its id.</summary>
    Task<InboxEvent> Accept(InboxEvent received, CancellationToken ct);

    Task<InboxEvent?> Find(string eventId, CancellationToken ct);

    /// <summary>Marks the event applied; repeating it is a no-op.</summary>
    Task MarkApplied(string eventId, Instant now, CancellationToken ct);
}

/// <param name="EventId">Stripe's event id.</param>
/// <param name="Type">Stripe's event type, such as <c>invoice.paid</c>.</param>
/// <param name="ObjectId">Id of the object the event is about; its current state is fetched, the event's snapshot is not trusted.</param>
/// <param name="Created">When Stripe created the event.</param>
/// <param name="AppliedAt">Null until applied.</param>
public sealed record InboxEvent(string EventId, string Type, string ObjectId, Instant Created, Instant ReceivedAt, Instant? AppliedAt);
