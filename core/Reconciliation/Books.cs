using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>What was sold. Implemented by Hub.Salesforce.</summary>
public interface IContractedBook
{
    /// <summary>Every opportunity that is won or carries a Hub pointer, deleted ones included, with its records; pages are fetched as consumed.</summary>
    IAsyncEnumerable<ContractedDeal> Deals(CancellationToken ct);
}

/// <param name="IsDeleted">In the recycle bin, or merged away.</param>
public sealed record ContractedDeal(DealSnapshot Deal, bool IsDeleted);

/// <summary>What is billed. Implemented by Hub.Stripe.</summary>
public interface IBilledBook
{
    /// <summary>Subscriptions of every status.</summary>
    IAsyncEnumerable<BilledSubscription> Subscriptions(CancellationToken ct);

    /// <summary>Schedules that have no subscription (not started yet, or canceled before they started).</summary>
    IAsyncEnumerable<BilledSchedule> PendingSchedules(CancellationToken ct);

    /// <summary>Invoices of every status with all their lines.</summary>
    IAsyncEnumerable<Invoice> Invoices(CancellationToken ct);

    IAsyncEnumerable<BilledCreditNote> CreditNotes(CancellationToken ct);
}

/// <param name="Status">As Stripe names it: active, past_due, trialing, unpaid, paused, canceled, incomplete, incomplete_expired.</param>
/// <param name="OpportunityId">Its <c>metadata.sf_opportunity_id</c> as stored; null when it has none.</param>
/// <param name="AccountId"><c>metadata.sf_account_id</c> of its customer; null when unknown.</param>
/// <param name="StartDate">Instant of <c>start_date</c>.</param>
/// <param name="CancelAt"><c>cancel_at</c>; null when open-ended.</param>
/// <param name="ScheduleEnd">End of its schedule's last phase where that cancels; null otherwise.</param>
/// <param name="Phases">Phases of its schedule, past ones included, where the reader expanded it; default when not read.</param>
public sealed record BilledSubscription(
    string Id,
    string Status,
    bool Livemode,
    string CustomerId,
    string? AccountId,
    string? OpportunityId,
    string Currency,
    Instant StartDate,
    Instant? CancelAt,
    Instant? CanceledAt,
    Instant? EndedAt,
    string? ScheduleId,
    Instant? ScheduleEnd,
    int? DaysUntilDue,
    bool SentToCustomer,
    ImmutableArray<BilledItem> Items,
    ImmutableArray<BilledPhase> Phases = default)
{
    /// <summary>End of the last phase that its schedule was sent where later ones are to follow; null: it has all.</summary>
    public LocalDate? PhasesUntil { get; init; }
}

/// <param name="UnitAmount">Minor units, up to 12 decimals; null when tiered.</param>
/// <param name="PercentOff">Discounts on the item, each applied after the other.</param>
/// <param name="DiscountEnds">End of the shortest discount; null: lasts.</param>
public sealed record BilledItem(
    string Id,
    string ProductId,
    decimal Quantity,
    decimal? UnitAmount,
    BillingInterval Interval,
    bool Metered,
    ImmutableArray<decimal> PercentOff,
    Instant? DiscountEnds)
{
    /// <summary>Amounts off the item together, minor units, as <see cref="BilledDiscounts.AmountOff"/>.</summary>
    public long AmountOff { get; init; }
}

/// <summary>Discounts that Stripe applies one after the other, as percentages and then one amount.</summary>
/// <param name="PercentOff">Each applied after the other.</param>
/// <param name="AmountOff">Minor units after all percentages: an amount is itself reduced by the percentages that stand behind it.</param>
public sealed record BilledDiscounts(ImmutableArray<decimal> PercentOff, long AmountOff)
{
    public static BilledDiscounts None { get; } = new([], 0);

    public BilledDiscounts AndPercent(decimal percent) => new(PercentOff.Add(percent), LineAmount.Round(AmountOff * (100 - percent) / 100));

    public BilledDiscounts AndAmount(long amount) => this with { AmountOff = AmountOff + amount };
}

public sealed record BilledSchedule(
    string Id,
    string Status,
    bool Livemode,
    string CustomerId,
    string? AccountId,
    string? OpportunityId,
    string Currency,
    Instant Start,
    Instant End,
    bool EndsByCanceling,
    ImmutableArray<BilledPhase> Phases)
{
    /// <inheritdoc cref="BilledSubscription.PhasesUntil"/>
    public LocalDate? PhasesUntil { get; init; }
}

public sealed record BilledPhase(Instant Start, Instant End, ImmutableArray<BilledItem> Items);

/// <param name="Net"><c>total_excluding_tax</c>, minor units.</param>
/// <param name="Status"><c>issued</c> or <c>void</c>.</param>
/// <param name="AdjustmentId"><c>metadata.hub_adjustment_id</c>.</param>
public sealed record BilledCreditNote(string Id, string InvoiceId, string CustomerId, string Currency, long Net, string Status, string? AdjustmentId, Instant Created);
