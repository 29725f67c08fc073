using Hub.Core.Contracts;

namespace Hub.Core.StripeEvents;

/// <summary>Decides whether a contract's record must take over the subscription that its schedule has started.</summary>
public static class SubscriptionLink
{
    /// <summary>The record with the subscription in it, which may be the record as it is; null when the contract does not know the schedule.</summary>
    /// <remarks>A schedule the contract does not know is none of its business: reconciliation reports it, this does not adopt it.</remarks>
    public static ContractRecord? Of(ContractRecord? record, SubscriptionFacts facts)
    {
        bool known = facts is { ScheduleId: not null, SubscriptionId: not null } && record?.Billing?.ScheduleId == facts.ScheduleId;
        return !known ? null
            : record!.Billing!.SubscriptionId == facts.SubscriptionId ? record
            : record with { Billing = record.Billing with { SubscriptionId = facts.SubscriptionId } };
    }
}
