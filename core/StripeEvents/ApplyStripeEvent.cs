using System.Collections.Immutable;
using Hub.Core.Audit;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
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
    IStripeInvoices invoices,
    IInvoiceStates states,
    IStripeSubscriptions subscriptions,
    IContractRecords contracts,
    IWriteBacks writeBacks,
    OweTotals totals,
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
        EventTarget.Invoice => ApplyInvoice(stored, ct),
        EventTarget.Subscription => ApplySubscription(stored, ct),
        EventTarget.Schedule => ApplySubscription(stored, ct),
        _ => Task.FromResult("ignored"),
    };

    private async Task<string> ApplyInvoice(InboxEvent stored, CancellationToken ct)
    {
        string outcome = await StoreInvoice(stored, ct);
        await Mirror(stored.ObjectId, ct);
        return outcome;
    }

    // Stored only in place of what was known before the read, whatever clocks say: a read that another worker overtook is read again. So of two
    // reads at the same time the later one counts, and no event is marked applied while an older state than the one it tells of stands.
    private async Task<string> StoreInvoice(InboxEvent stored, CancellationToken ct)
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

    // Also for an event that changed nothing: the one that did may have been cut off here. The totals come before the row, so that a row that is
    // handed over says that they are, too.
    private async Task Mirror(string invoiceId, CancellationToken ct)
    {
        const int attempts = 10;
        WriteBackKey key = InvoiceMirror.Key(invoiceId);
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            ShownValues? shown = await writeBacks.Find(key, ct);
            if (await states.Find(invoiceId, ct) is not { } state || !SalesforceId.TryParse(state.Invoice.OpportunityId, out SalesforceId opportunity))
            {
                return;
            }

            ImmutableSortedDictionary<string, object?>? fields = InvoiceMirror.Of(state.Invoice);
            string hash = fields is null ? "" : InvoiceMirror.Hash(fields, state.Invoice);
            if (shown is not null && shown.Hash == hash)
            {
                return;
            }

            await totals.Handle(opportunity, ct);
            if (fields is null)
            {
                return;
            }

            string account = (await contracts.Find(opportunity, ct))?.BilledAccount?.Value ?? "";
            if (await writeBacks.Owe([new(key, fields, hash, account, shown?.ETag)], ct) is [])
            {
                return;
            }
        }

        throw new InvalidOperationException($"The mirror of invoice {invoiceId} was changed by others {attempts} times in a row.");
    }

    private Instant Now() => Instant.FromDateTimeOffset(time.GetUtcNow());
}
