namespace Hub.Core.StripeEvents;

/// <summary>Reads the current state of what a subscription or schedule event is about. Implemented by Hub.Stripe.</summary>
public interface IStripeSubscriptions
{
    /// <summary>Null when Stripe has no such subscription (any more).</summary>
    Task<SubscriptionFacts?> FindSubscription(string subscriptionId, CancellationToken ct);

    Task<SubscriptionFacts?> FindSchedule(string scheduleId, CancellationToken ct);

    /// <summary>Ids of all its invoices, drafts included, newest first.</summary>
    IAsyncEnumerable<string> InvoicesOf(string subscriptionId, CancellationToken ct);
}

/// <param name="ScheduleId">Null when no schedule manages it.</param>
/// <param name="SubscriptionId">Null while the schedule has not started.</param>
/// <param name="OpportunityId"><c>metadata.sf_opportunity_id</c>.</param>
/// <param name="Status">Status of the object that was asked for, as Stripe names it.</param>
public sealed record SubscriptionFacts(string? ScheduleId, string? SubscriptionId, string? OpportunityId, string Status);
