using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Invoices;

namespace Hub.AzureStorage.Invoices;

/// <summary>What the stored invoice states of a contract say of its totals.</summary>
public sealed class IssuedInvoices(IInvoiceStates states) : IIssuedInvoices
{
    public async Task<ImmutableArray<IssuedInvoice>> Of(SalesforceId opportunityId, CancellationToken ct)
    {
        var invoices = ImmutableArray.CreateBuilder<IssuedInvoice>();
        await foreach (InvoiceState state in states.OfOpportunity(opportunityId.Value, ct))
        {
            Invoice invoice = state.Invoice;
            invoices.Add(new(
                invoice.Id, invoice.Currency, invoice.Total, invoice.Credited, invoice.AmountPaid, invoice.Status == InvoiceStatus.Void, invoice.Created,
                invoice.Status == InvoiceStatus.Draft ? null : invoice.FinalizedAt ?? invoice.Created, invoice.HostedUrl));
        }

        return invoices.ToImmutable();
    }
}
