using System.Collections.Immutable;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Invoices;

public enum InvoiceStatus
{
    Draft,
    Open,
    Paid,
    Uncollectible,
    Void,
}

/// <summary>A Stripe invoice as the Hub needs it: receivable, reconciliation and explanation read the same record.</summary>
/// <remarks>Amounts are minor units of <paramref name="Currency"/>. There is no overdue status in Stripe; overdue follows from status, due date and remaining amount.</remarks>
/// <param name="OpportunityId"><c>sf_opportunity_id</c> of the invoice's own metadata, else of its subscription's; null when neither has one.</param>
/// <param name="DueAt">Instant Stripe gives; null when a payment method is charged.</param>
/// <param name="EffectiveAt">Printed issue date when set.</param>
/// <param name="Total">After discount and tax.</param>
/// <param name="Net"><c>total_excluding_tax</c>.</param>
/// <param name="Processing">Payment in flight for this invoice, minor units.</param>
/// <param name="Disputed">Part under an open dispute, minor units.</param>
public sealed record Invoice(
    string Id,
    string? Number,
    string CustomerId,
    string? CustomerEmail,
    string? CustomerName,
    string? SubscriptionId,
    string? OpportunityId,
    InvoiceStatus Status,
    bool SentToCustomer,
    bool Livemode,
    Currency Currency,
    long Total,
    long Net,
    long AmountDue,
    long AmountPaid,
    long AmountRemaining,
    long Processing,
    long Disputed,
    Instant Created,
    Instant? FinalizedAt,
    Instant? EffectiveAt,
    Instant? DueAt,
    string? HostedUrl,
    ImmutableArray<InvoiceLine> Lines)
{
    /// <summary>Sum of its credit notes, minor units, not negative.</summary>
    public long Credited { get; init; }
}

/// <param name="ProductId">Stripe product; null for a line without price.</param>
/// <param name="Quantity">Whole or decimal quantity.</param>
/// <param name="Amount">Before discounts, minor units.</param>
/// <param name="Discount">Sum of the line's discount amounts, minor units, not negative.</param>
/// <param name="PercentOff">Percent of the line's discounts, each applied after the other; empty when none.</param>
/// <param name="PeriodStart">Start of the service period.</param>
public sealed record InvoiceLine(
    string Id,
    string? ProductId,
    decimal Quantity,
    decimal? UnitAmount,
    long Amount,
    long Discount,
    ImmutableArray<decimal> PercentOff,
    Instant PeriodStart,
    Instant PeriodEnd,
    bool Proration)
{
    /// <summary>Amounts of the line's discounts together, minor units, each less what percentages after it leave of it; 0 when none.</summary>
    public long AmountOff { get; init; }
}
