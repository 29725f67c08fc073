using System.Collections.Immutable;
using Hub.Core.Invoices;
using Hub.Core.Money;
using Hub.Core.Reconciliation;
using NodaTime;
using NodaTime.Extensions;
using Stripe;
using Invoice = Hub.Core.Invoices.Invoice;

namespace Hub.Stripe;

/// <summary>From Stripe's invoice to the Hub's.</summary>
internal sealed class InvoiceReader(StripeApi api, CouponValues coupons)
{
    private static readonly ImmutableHashSet<string> OpenDispute =
        ["needs_response", "under_review", "warning_needs_response", "warning_under_review"];

    /// <summary>What a list needs to have expanded for <see cref="Read"/>.</summary>
    public static List<string> ListExpansion => ["data.lines.data.discounts"];

    /// <summary>What a single read needs to have expanded for <see cref="ReadWithPayments"/>.</summary>
    public static List<string> SingleExpansion => ["lines.data.discounts", "payments.data.payment.payment_intent"];

    /// <summary>The invoice without its payments in flight and disputes, which a list cannot show.</summary>
    public async Task<Invoice> Read(global::Stripe.Invoice invoice, CancellationToken ct) => new(
        invoice.Id,
        invoice.Number,
        invoice.CustomerId,
        invoice.CustomerEmail,
        invoice.CustomerName,
        invoice.Parent?.SubscriptionDetails?.SubscriptionId,
        Opportunity(invoice),
        Status(invoice.Status),
        invoice.CollectionMethod == "send_invoice",
        invoice.Livemode,
        Currency.Parse(invoice.Currency),
        invoice.Total,
        invoice.TotalExcludingTax ?? invoice.Total,
        invoice.AmountDue,
        invoice.AmountPaid,
        invoice.AmountRemaining,
        Processing: 0,
        Disputed: 0,
        invoice.Created.ToInstant(),
        invoice.StatusTransitions?.FinalizedAt?.ToInstant(),
        invoice.EffectiveAt?.ToInstant(),
        invoice.DueDate?.ToInstant(),
        invoice.HostedInvoiceUrl,
        await Lines(invoice, ct))
    {
        Credited = invoice.PrePaymentCreditNotesAmount + invoice.PostPaymentCreditNotesAmount,
    };

    /// <summary>The invoice as it stands now, payments in flight and open disputes included.</summary>
    public async Task<Invoice> ReadWithPayments(global::Stripe.Invoice invoice, CancellationToken ct)
    {
        List<InvoicePayment> payments = invoice.Payments?.Data ?? [];
        long disputed = 0;
        foreach (string intent in payments.Where(payment => payment.Status == "paid").Select(payment => payment.Payment?.PaymentIntentId).OfType<string>())
        {
            disputed += await Disputed(intent, ct);
        }

        return await Read(invoice, ct) with
        {
            Processing = payments.Where(IsProcessing).Sum(payment => payment.AmountRequested),
            Disputed = disputed,
        };
    }

    private static bool IsProcessing(InvoicePayment payment) =>
        payment.Status == "open" && payment.Payment?.PaymentIntent?.Status == "processing";

    private async Task<long> Disputed(string paymentIntentId, CancellationToken ct)
    {
        long sum = 0;
        await foreach (Dispute dispute in api.Disputes.ListAutoPagingAsync(new DisputeListOptions { PaymentIntent = paymentIntentId, Limit = 100 }, null, ct))
        {
            sum += OpenDispute.Contains(dispute.Status) ? dispute.Amount : 0;
        }

        return sum;
    }

    private static string? Opportunity(global::Stripe.Invoice invoice) =>
        invoice.Metadata?.GetValueOrDefault(MetadataKeys.Opportunity)
        ?? invoice.Parent?.SubscriptionDetails?.Metadata?.GetValueOrDefault(MetadataKeys.Opportunity);

    // The lines inside an invoice are only the first few.
    private async Task<ImmutableArray<InvoiceLine>> Lines(global::Stripe.Invoice invoice, CancellationToken ct)
    {
        ImmutableArray<InvoiceLine>.Builder lines = ImmutableArray.CreateBuilder<InvoiceLine>();
        if (invoice.Lines is not { HasMore: true })
        {
            foreach (InvoiceLineItem line in invoice.Lines?.Data ?? [])
            {
                lines.Add(await Line(line, ct));
            }

            return lines.ToImmutable();
        }

        var all = new InvoiceLineItemListOptions { Limit = 100, Expand = ["data.discounts"] };
        await foreach (InvoiceLineItem line in api.InvoiceLines.ListAutoPagingAsync(invoice.Id, all, null, ct))
        {
            lines.Add(await Line(line, ct));
        }

        return lines.ToImmutable();
    }

    private async Task<InvoiceLine> Line(InvoiceLineItem line, CancellationToken ct)
    {
        BilledDiscounts discounts = await coupons.Of(line.Discounts, ct);
        return new InvoiceLine(
            line.Id,
            line.Pricing?.PriceDetails?.Product,
            line.QuantityDecimal ?? line.Quantity ?? 0,
            line.Pricing?.UnitAmountDecimal,
            line.Amount,
            line.DiscountAmounts?.Sum(discount => discount.Amount) ?? 0,
            discounts.PercentOff,
            line.Period.Start.ToInstant(),
            line.Period.End.ToInstant(),
            line.Parent?.SubscriptionItemDetails?.Proration ?? line.Parent?.InvoiceItemDetails?.Proration ?? false)
        {
            AmountOff = discounts.AmountOff,
        };
    }

    private static InvoiceStatus Status(string status) => status switch
    {
        "draft" => InvoiceStatus.Draft,
        "open" => InvoiceStatus.Open,
        "paid" => InvoiceStatus.Paid,
        "uncollectible" => InvoiceStatus.Uncollectible,
        "void" => InvoiceStatus.Void,
        _ => throw new InvalidOperationException($"Unknown invoice status {status}."),
    };
}
