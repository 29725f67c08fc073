using System.Collections.Immutable;
using Hub.Core.Audit;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using NodaTime;

namespace Hub.Core.StripeEvents;

/// <summary>Stores the present state of an invoice and hands over what Salesforce shall show of it.</summary>
public sealed class ApplyInvoice(
    IStripeInvoices invoices, IInvoiceStates states, IContractRecords contracts, IWriteBacks writeBacks, OweTotals totals, IAuditLog audit, TimeProvider time)
{
    private const string Actor = "ApplyStripeEvent";

    /// <returns>What came of it, in words for the log.</returns>
    public async Task<string> Handle(string invoiceId, CancellationToken ct)
    {
        string outcome = await Store(invoiceId, ct);
        await Mirror(invoiceId, ct);
        return outcome;
    }

    // Stored only in place of what was known before the read, whatever clocks say: a read that another worker overtook is read again. So of two
    // reads at the same time the later one counts, and no event is marked applied while an older state than the one it tells of stands.
    private async Task<string> Store(string invoiceId, CancellationToken ct)
    {
        const int attempts = 10;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            InvoiceState? known = await states.Find(invoiceId, ct);
            Instant readAt = known is null ? Now() : Instant.Max(Now(), known.ReadAt + Duration.FromTicks(1));
            Invoice? invoice = await invoices.Find(invoiceId, ct);
            if (invoice is null || (known is not null && InvoiceComparison.Same(known.Invoice, invoice)))
            {
                return "unchanged";
            }

            await Audited(invoice, known, ct);
            if (await states.TrySave(new InvoiceState(invoice, readAt), known, ct))
            {
                return "invoice stored";
            }
        }

        throw new InvalidOperationException($"The state of invoice {invoiceId} was changed by others {attempts} times in a row.");
    }

    private Task Audited(Invoice invoice, InvoiceState? known, CancellationToken ct)
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
