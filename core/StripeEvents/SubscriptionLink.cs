using Hub.Core.Contracts;

namespace Hub.Core.StripeEvents;

/// <summary>Decides whether a contract's record must take over the subscription that its schedule has started.</summary>
public static class SubscriptionLink
{
    /// <summary>
    /// The record with the subscription in it and its write-back owed; the record itself when this event has put it there already and the write-back
    /// is still owed; null when there is nothing to do.
    /// </summary>
    /// <param name="eventId">The event that tells of the subscription. It alone asks for the write-back, and asks again when it is delivered again.</param>
    /// <remarks>A schedule the contract does not know is none of its business: reconciliation reports it, this does not adopt it.</remarks>
    public static ContractRecord? Of(ContractRecord? record, SubscriptionFacts facts, string eventId)
    {
        bool known = facts is { ScheduleId: not null, SubscriptionId: not null } && record?.Billing?.ScheduleId == facts.ScheduleId;
        return !known ? null
            : record!.Billing!.SubscriptionId != facts.SubscriptionId
                ? record with { Billing = record.Billing with { SubscriptionId = facts.SubscriptionId }, WrittenBack = WriteBackPlanning.Owed(eventId) }
            : record.WrittenBack == WriteBackPlanning.Owed(eventId) ? record
            : null;
    }
}
