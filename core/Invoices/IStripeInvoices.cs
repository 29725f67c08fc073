using NodaTime;

namespace Hub.Core.Invoices;

/// <summary>Reads invoices from Stripe; paging, retry and rate are the adapter's affair. Implemented by Hub.Stripe.</summary>
public interface IStripeInvoices
{
    /// <summary>Null when Stripe has no such invoice (any more).</summary>
    Task<Invoice?> Find(string invoiceId, CancellationToken ct);

    /// <summary>Every open invoice that is sent to the customer (not charged automatically), page by page, newest first.</summary>
    IAsyncEnumerable<Invoice> OpenReceivables(CancellationToken ct);
}

/// <summary>Last known state of each invoice, rebuilt from Stripe's current state at every event, so that event order does not matter. Implemented by Hub.AzureStorage.</summary>
public interface IInvoiceStates
{
    Task<InvoiceState?> Find(string invoiceId, CancellationToken ct);

    /// <summary>Stores the state in place of <paramref name="known"/>; false when another one is stored by now, and then this read may be the older.</summary>
    /// <param name="known">What <see cref="Find"/> gave before the invoice was read from Stripe; null when it gave nothing.</param>
    Task<bool> TrySave(InvoiceState state, InvoiceState? known, CancellationToken ct);

    /// <summary>States of the invoices of one contract, by invoice id.</summary>
    IAsyncEnumerable<InvoiceState> OfOpportunity(string opportunityId, CancellationToken ct);
}

/// <param name="ReadAt">When the invoice was read from Stripe; later than that of the state it replaced, so that it names the state.</param>
public sealed record InvoiceState(Invoice Invoice, Instant ReadAt);
