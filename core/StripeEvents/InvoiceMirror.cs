using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.Money;
using NodaTime.Text;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.StripeEvents;

/// <summary>The row in which Salesforce shows an invoice.</summary>
public static class InvoiceMirror
{
    private const int LongestUrl = 255;

    public static WriteBackKey Key(string invoiceId) => new(F.Objects.Invoice, invoiceId, "mirror");

    /// <summary>Null for what is not mirrored: a draft, and an invoice of no contract.</summary>
    public static ImmutableSortedDictionary<string, object?>? Of(Invoice invoice)
    {
        if (!SalesforceId.TryParse(invoice.OpportunityId, out SalesforceId opportunity) || Status(invoice.Status) is not { } status)
        {
            return null;
        }

        return ImmutableSortedDictionary.CreateRange<string, object?>(
            StringComparer.Ordinal,
            [
                new(F.Invoice.Opportunity, opportunity.Value),
                new(F.Invoice.Number, invoice.Number),
                new(F.CurrencyIsoCode, invoice.Currency.Code),
                new(F.Invoice.Status, status),
                new(F.Invoice.Total, new Amount(invoice.Total, invoice.Currency).ToMajorUnits()),
                new(F.Invoice.PaidAmount, new Amount(invoice.AmountPaid, invoice.Currency).ToMajorUnits()),
                new(F.Invoice.DueDate, invoice.DueAt is { } due ? LocalDatePattern.Iso.Format(due.InUtc().Date) : null),

                // The field holds 255 characters; an address cut short would lead nowhere.
                new(F.Invoice.Url, invoice.HostedUrl is { Length: <= LongestUrl } url ? url : null),
            ]);
    }

    /// <summary>Names the row's values and what else of the invoice the contract's totals depend on.</summary>
    public static string Hash(ImmutableSortedDictionary<string, object?> fields, Invoice invoice) =>
        WriteBackPlanning.Hash(fields.Add(nameof(invoice.Credited), invoice.Credited));

    private static string? Status(InvoiceStatus status) => status switch
    {
        InvoiceStatus.Open => "Open",
        InvoiceStatus.Paid => "Paid",
        InvoiceStatus.Void => "Void",
        InvoiceStatus.Uncollectible => "Written Off",
        _ => null,
    };
}
