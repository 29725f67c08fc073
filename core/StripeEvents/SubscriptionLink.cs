using Hub.Core.Contracts;

namespace Hub.Core.StripeEvents;

/// <summary>Decides whether a contract's record must take over the subscription that its schedule has started.</summary>
public static class SubscriptionLink
{
    /// <summary>The record with the subscription in it; null when there is nothing to change.</summary>
    /// <remarks>A schedule the contract does not know is none of its business: reconciliation reports it, this does not adopt it.</remarks>
    public static ContractRecord? Of(ContractRecord? record, SubscriptionFacts facts) =>
        record?.Billing is { } billing
        && facts is { ScheduleId: not null, SubscriptionId: not null }
        && billing.ScheduleId == facts.ScheduleId
        && billing.SubscriptionId != facts.SubscriptionId
            ? record with { Billing = billing with { SubscriptionId = facts.SubscriptionId } }
            : null;
}
