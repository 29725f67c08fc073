using System.Runtime.CompilerServices;
using Hub.Core.Invoices;
using Stripe;
using Invoice = Hub.Core.Invoices.Invoice;

namespace Hub.Stripe;

/// <summary>Reads invoices.</summary>
/// <remarks>
/// <see cref="Find"/> tells payments in flight and open disputes; <see cref="OpenReceivables"/> leaves both at 0, because a list cannot show
/// them: whoever acts on an invoice reads it again first.
/// </remarks>
internal sealed class StripeInvoices(StripeApi api, InvoiceReader reader) : IStripeInvoices
{
    public async Task<Invoice?> Find(string invoiceId, CancellationToken ct)
    {
        try
        {
            var options = new InvoiceGetOptions { Expand = InvoiceReader.SingleExpansion };
            global::Stripe.Invoice invoice = await api.Invoices.GetAsync(invoiceId, options, null, ct);
            return invoice.Deleted == true ? null : await reader.ReadWithPayments(invoice, ct);
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return null;
        }
    }

    public async IAsyncEnumerable<Invoice> OpenReceivables([EnumeratorCancellation] CancellationToken ct)
    {
        var filter = new InvoiceListOptions
        {
            Status = "open",
            CollectionMethod = "send_invoice",
            Limit = 100,
            Expand = InvoiceReader.ListExpansion,
        };
        await foreach (global::Stripe.Invoice invoice in api.Invoices.ListAutoPagingAsync(filter, null, ct))
        {
            yield return await reader.Read(invoice, ct);
        }
    }
}
