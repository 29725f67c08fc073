using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.StripeEvents;
using Hub.Core.Tests.Collections;
using NodaTime;

namespace Hub.Core.Tests.StripeEvents;

internal sealed class InMemoryInbox(Faults? faults = null) : IStripeEventInbox
{
    public Dictionary<string, InboxEvent> Events { get; } = [];

    public Task<InboxEvent> Accept(InboxEvent received, CancellationToken ct)
    {
        Events.TryAdd(received.EventId, received);
        faults?.After("inbox");
        return Task.FromResult(Events[received.EventId]);
    }

    public Task<InboxEvent?> Find(string eventId, CancellationToken ct) => Task.FromResult(Events.GetValueOrDefault(eventId));

    public Task MarkApplied(string eventId, Instant now, CancellationToken ct)
    {
        Events[eventId] = Events[eventId] with { AppliedAt = Events[eventId].AppliedAt ?? now };
        faults?.After("applied");
        return Task.CompletedTask;
    }
}

internal sealed class InMemoryInvoiceStates(Faults? faults = null) : IInvoiceStates, IIssuedInvoices
{
    public Dictionary<string, InvoiceState> States { get; } = [];

    public Task<InvoiceState?> Find(string invoiceId, CancellationToken ct) => Task.FromResult(States.GetValueOrDefault(invoiceId));

    public Task<bool> TrySave(InvoiceState state, InvoiceState? known, CancellationToken ct)
    {
        if (States.GetValueOrDefault(state.Invoice.Id)?.ReadAt != known?.ReadAt)
        {
            return Task.FromResult(false);
        }

        States[state.Invoice.Id] = state;
        faults?.After("state");
        return Task.FromResult(true);
    }

    public Task<System.Collections.Immutable.ImmutableArray<IssuedInvoice>> Of(SalesforceId opportunityId, CancellationToken ct) =>
        Task.FromResult<System.Collections.Immutable.ImmutableArray<IssuedInvoice>>(
        [
            .. States.Values.Select(state => state.Invoice).Where(invoice => invoice.OpportunityId == opportunityId.Value).Select(invoice => new IssuedInvoice(
                invoice.Id, invoice.Currency, invoice.Total, invoice.Credited, invoice.AmountPaid, invoice.Status == InvoiceStatus.Void, invoice.Created,
                invoice.FinalizedAt, invoice.HostedUrl)),
        ]);

    public async IAsyncEnumerable<InvoiceState> OfOpportunity(
        string opportunityId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        foreach (InvoiceState state in States.Values.Where(state => state.Invoice.OpportunityId == opportunityId))
        {
            yield return state;
        }
    }
}

/// <summary>Stripe as it is now; tests change it and then say so by events.</summary>
internal sealed class StripeNow : IStripeInvoices, IStripeSubscriptions
{
    public Dictionary<string, Invoice> Invoices { get; } = [];

    public Dictionary<string, SubscriptionFacts> Facts { get; } = [];

    public int Reads { get; private set; }

    /// <summary>Called after each read of an invoice with the number of reads so far.</summary>
    public Action<int>? OnRead { get; set; }

    public Task<Invoice?> Find(string invoiceId, CancellationToken ct)
    {
        Reads++;
        Invoice? found = Invoices.GetValueOrDefault(invoiceId);
        OnRead?.Invoke(Reads);
        return Task.FromResult(found);
    }

    public async IAsyncEnumerable<Invoice> OpenReceivables([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        foreach (Invoice invoice in Invoices.Values.Where(invoice => invoice is { Status: InvoiceStatus.Open, SentToCustomer: true }))
        {
            yield return invoice;
        }
    }

    public Task<SubscriptionFacts?> FindSubscription(string subscriptionId, CancellationToken ct) =>
        Task.FromResult(Facts.GetValueOrDefault(subscriptionId));

    public Task<SubscriptionFacts?> FindSchedule(string scheduleId, CancellationToken ct) => Task.FromResult(Facts.GetValueOrDefault(scheduleId));
}

internal sealed class InMemoryContracts(Faults? faults = null) : IContractRecords
{
    private int _version;

    public Dictionary<string, ContractRecord> Records { get; } = [];

    public Task<ContractRecord?> Find(SalesforceId opportunityId, CancellationToken ct) =>
        Task.FromResult(Records.GetValueOrDefault(opportunityId.Value));

    public Task<ContractRecord?> TrySave(ContractRecord record, CancellationToken ct)
    {
        string? stored = Records.GetValueOrDefault(record.OpportunityId.Value)?.ETag;
        if (stored != record.ETag)
        {
            return Task.FromResult<ContractRecord?>(null);
        }

        Records[record.OpportunityId.Value] = record with { ETag = $"v{++_version}" };
        faults?.After("contract");
        return Task.FromResult<ContractRecord?>(Records[record.OpportunityId.Value]);
    }
}
