using System.Collections.Immutable;
using Hub.Core.Audit;
using Hub.Core.Contracts;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.StripeEvents;

/// <summary>Applies a stored event by reading the present state of what it is about; its own snapshot may be out of date.</summary>
/// <remarks>
/// Because only present state is stored, events may come in any order and any number of times. Each path audits before it
/// stores: a replay after a crash sees the difference again and repeats the entry under the same id. What Salesforce shall show of a stored state is handed
/// over after it, by every event anew: equal values are not owed twice, and those that a crash left out are.
/// </remarks>
public sealed class ApplyStripeEvent(
    IStripeEventInbox inbox,
    ApplyInvoice invoice,
    IStripeSubscriptions subscriptions,
    IContractRecords contracts,
    IWriteBacks writeBacks,
    IAuditLog audit,
    TimeProvider time,
    ILogger<ApplyStripeEvent> log)
{
    private const string Actor = "ApplyStripeEvent";

    public async Task Handle(StripeEventReceived message, CancellationToken ct)
    {
        InboxEvent stored = await inbox.Find(message.EventId, ct)
            ?? throw new InvalidOperationException($"Stripe event {message.EventId} is not in the inbox.");
        if (stored.AppliedAt is not null)
        {
            log.EventApplied(stored.EventId, stored.Type, "applied before");
            return;
        }

        string outcome = await Apply(stored, ct);
        await inbox.MarkApplied(stored.EventId, Now(), ct);
        log.EventApplied(stored.EventId, stored.Type, outcome);
    }

    private Task<string> Apply(InboxEvent stored, CancellationToken ct) => EventRouting.Of(stored) switch
    {
        EventTarget.Invoice => invoice.Handle(stored.ObjectId, ct),
        EventTarget.Subscription => ApplySubscription(stored, ct),
        EventTarget.Schedule => ApplySubscription(stored, ct),
        _ => Task.FromResult("ignored"),
    };

    private async Task<string> ApplySubscription(InboxEvent stored, CancellationToken ct)
    {
        SubscriptionFacts? facts = EventRouting.Of(stored) == EventTarget.Schedule
            ? await subscriptions.FindSchedule(stored.ObjectId, ct)
            : await subscriptions.FindSubscription(stored.ObjectId, ct);
        if (facts is null)
        {
            return "gone";
        }

        string payload = CanonicalJson.Of(new
        {
            schedule = facts.ScheduleId,
            subscription = facts.SubscriptionId,
            status = facts.Status,
            type = stored.Type,
        });
        bool named = SalesforceId.TryParse(facts.OpportunityId, out SalesforceId opportunity);
        string subject = named ? opportunity.Value : stored.ObjectId;
        await audit.Append(new AuditEntry(stored.EventId, Actor, "subscription.changed", subject, payload), ct);
        return named && await Link(opportunity, facts, ct)
            ? "contract linked"
            : "seen";
    }

    // First what is shown, then what it follows from, see IWriteBacks.
    private async Task<bool> Link(SalesforceId opportunity, SubscriptionFacts facts, CancellationToken ct)
    {
        const int attempts = 5;
        WriteBackKey key = WriteBackPlanning.ContractKey(opportunity);
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            ShownValues? shown = await writeBacks.Find(key, ct);
            ContractRecord? record = await contracts.Find(opportunity, ct);
            if (SubscriptionLink.Of(record, facts) is not { } linked)
            {
                return false;
            }

            if (linked != record && await contracts.TrySave(linked with { UpdatedAt = Now() }, ct) is null)
            {
                continue;
            }

            // Whoever is applying the contract shows it when that is done, the subscription with it.
            ImmutableSortedDictionary<string, object?> fields = WriteBackPlanning.Contract(linked);
            string hash = WriteBackPlanning.Hash(fields);
            if (linked.State == ContractState.Applying || shown?.Hash == hash
                || await writeBacks.Owe([new(key, fields, hash, linked.BilledAccount?.Value ?? "", shown?.ETag)], ct) is [])
            {
                return linked != record;
            }
        }

        throw new InvalidOperationException($"Contract {opportunity} kept changing while its subscription was being linked.");
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
