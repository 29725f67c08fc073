namespace Hub.Core.Collections;

/// <summary>Queue names of the concept.</summary>
public static class CollectionQueues
{
    public const string Reminder = "reminder";
}

/// <summary>A dunning step of an invoice is ripe; facts are read again before anything leaves.</summary>
/// <param name="InvoiceId">Stripe invoice id.</param>
/// <param name="Step">Key of the policy's step, such as <c>S7</c>.</param>
public sealed record ReminderDue(string InvoiceId, string Step);
