using Hub.Core.Audit;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.StripeEvents;

/// <summary>Applies a stored event by reading the present state of what it is about; its own snapshot may be out of date.</summary>
/// <remarks>
/// Because only present state is stored, events may come in any order and any number of times. Each path audits before it
/// stores: a replay after a crash sees the difference again and repeats the entry under the same id. What a stored state makes others do is sent after it.
/// </remarks>
public sealed class ApplyStripeEvent(
    IStripeEventInbox inbox,
    IStripeInvoices invoices,
    IInvoiceStates states,
    IStripeSubscriptions subscriptions,
    IContractRecords contracts,
    IQueueSender queue,
    IAuditLog audit,
    TimeProvider time,
    ILogger<ApplyStripeEvent> log)
{
    private const string Actor = "ApplyStripeEvent";

    /// <summary>Value of <see cref="ContractChanged.Source"/>.</summary>
    private const string Source = "stripe-event";

    // Lets the other events of the same moment go first: they change the same record.
    private static readonly Duration WriteBackDelay = Duration.FromSeconds(1);

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
        EventTarget.Invoice => ApplyInvoice(stored, ct),
        EventTarget.Subscription => ApplySubscription(stored, ct),
        EventTarget.Schedule => ApplySubscription(stored, ct),
        _ => Task.FromResult("ignored"),
    };

    // Stored only in place of what was known before the read, whatever clocks say: a read that another worker overtook is read again. So of two
    // reads at the same time the later one counts, and no event is marked applied while an older state than the one it tells of stands.
    private async Task<string> ApplyInvoice(InboxEvent stored, CancellationToken ct)
    {
        const int attempts = 10;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            InvoiceState? known = await states.Find(stored.ObjectId, ct);
            Instant readAt = known is null ? Now() : Instant.Max(Now(), known.ReadAt + Duration.FromTicks(1));
            Invoice? invoice = await invoices.Find(stored.ObjectId, ct);
            if (invoice is null || (known is not null && InvoiceComparison.Same(known.Invoice, invoice)))
            {
                return "unchanged";
            }

            await AuditInvoice(invoice, known, ct);
            if (await states.TrySave(new InvoiceState(invoice, readAt), known, ct))
            {
                return "invoice stored";
            }
        }

        throw new InvalidOperationException($"The state of invoice {stored.ObjectId} was changed by others {attempts} times in a row.");
    }

    private Task AuditInvoice(Invoice invoice, InvoiceState? known, CancellationToken ct)
    {
        string payload = CanonicalJson.Of(new
        {
            invoice = invoice.Id,
            status = invoice.Status.ToString(),
            currency = invoice.Currency.StripeCode,
            total = invoice.Total,
            paid = invoice.AmountPaid,
            remaining = invoice.AmountRemaining,
            disputed = invoice.Disputed,
        });

        // Several events tell of one change and may be applied at the same time: the change itself is the id, what was known before and what
        // was found, so that it is one entry. A replay that finds yet another state leaves a second entry instead of none.
        string change = CanonicalJson.Of(new { before = known is null ? "" : AuditHash.TimeText(known.ReadAt), after = payload });
        string eventId = $"{invoice.Id}-{AuditHash.OfPayload(change)[..24]}";
        return audit.Append(new AuditEntry(eventId, Actor, "invoice.changed", invoice.Id, payload), ct);
    }

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
        return named && await Link(opportunity, facts, stored.EventId, ct)
            ? "contract linked"
            : "seen";
    }

    private async Task<bool> Link(SalesforceId opportunity, SubscriptionFacts facts, string eventId, CancellationToken ct)
    {
        const int attempts = 5;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            ContractRecord? record = await contracts.Find(opportunity, ct);
            if (SubscriptionLink.Of(record, facts, eventId) is not { } linked)
            {
                return false;
            }

            // Stored before it is sent, so that however soon the message is read it finds the link; a crash in between leaves the write-back owed.
            if (linked == record || await contracts.TrySave(linked with { UpdatedAt = Now() }, ct) is not null)
            {
                await queue.Send(ContractQueues.ContractSync, new ContractChanged(opportunity.Value, Source, Now()), WriteBackDelay, ct);
                return true;
            }
        }

        throw new InvalidOperationException($"Contract {opportunity} kept changing while its subscription was being linked.");
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
