namespace Hub.Core.StripeEvents;

public enum EventTarget
{
    /// <summary>Nothing the Hub keeps; the event is marked applied so that nobody waits for it.</summary>
    None,
    Invoice,
    Subscription,
    Schedule,
}

/// <summary>Which object an event asks the Hub to read again.</summary>
public static class EventRouting
{
    /// <remarks><c>invoice.upcoming</c> is about an invoice that does not exist yet and so has no id; an event about a credit note carries the id of its invoice.</remarks>
    public static EventTarget Of(InboxEvent stored) => stored.Type switch
    {
        _ when stored.ObjectId.Length == 0 => EventTarget.None,
        "invoice.upcoming" => EventTarget.None,
        _ when stored.Type.StartsWith("invoice.", StringComparison.Ordinal) => EventTarget.Invoice,
        _ when stored.Type.StartsWith("credit_note.", StringComparison.Ordinal) => EventTarget.Invoice,
        _ when stored.Type.StartsWith("customer.subscription.", StringComparison.Ordinal) => EventTarget.Subscription,
        _ when stored.Type.StartsWith("subscription_schedule.", StringComparison.Ordinal) => EventTarget.Schedule,
        _ => EventTarget.None,
    };
}
