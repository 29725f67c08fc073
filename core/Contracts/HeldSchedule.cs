using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>What a schedule in Stripe bills by its content, whoever wrote it.</summary>
/// <param name="EndBehavior">As Stripe names it; null when not known.</param>
public sealed record HeldSchedule(string? EndBehavior, ImmutableArray<HeldPhase> Phases)
{
    /// <summary>First day of the phase that runs now; null before the schedule starts. An update must name it unchanged.</summary>
    public LocalDate? CurrentPhaseStart { get; init; }

    /// <summary>Its <c>metadata.hub_phases_until</c>: end of the last phase the Hub sent where later ones are to follow; null: it sent all.</summary>
    public LocalDate? PhasesUntil { get; init; }

    /// <summary>Its <c>metadata.hub_phases_from</c>: day on which it took over from a schedule that had run out of phases; null: it is the first one.</summary>
    public LocalDate? PhasesFrom { get; init; }
}

/// <param name="Start">First day; null when not known.</param>
/// <param name="End">First day after the phase; null when not known.</param>
public sealed record HeldPhase(LocalDate? Start, LocalDate? End, ImmutableArray<HeldItem> Items)
{
    /// <summary>As Stripe names it, the phase's own or else the schedule's; null when not known.</summary>
    public string? CollectionMethod { get; init; }

    /// <summary>Days until an invoice is due, the phase's own or else the schedule's; null when not known, or where nothing is sent to be paid.</summary>
    public long? NetDays { get; init; }

    /// <summary>First day that is paid for: the start of a phase without free months. Null when not known.</summary>
    public LocalDate? PaidFrom { get; init; }

    /// <summary>There is a discount on the phase as a whole; the Hub gives none but on items.</summary>
    public bool Discounted { get; init; }

    /// <summary>Billed with the first invoice; null when not known, and once the phase has begun: they are billed by then and may be gone.</summary>
    public ImmutableArray<HeldOneTime>? OneTime { get; init; }
}

/// <param name="Amount">Minor units, quantity times unit amount, before discount; null when not known.</param>
/// <param name="PercentOff">As of <see cref="HeldDiscounts"/>.</param>
public sealed record HeldOneTime(string? ProductId, decimal? Amount, decimal? PercentOff)
{
    /// <inheritdoc cref="HeldDiscounts.AmountOff"/>
    public long? AmountOff { get; init; }
}

/// <param name="Price">Null when it is not known.</param>
/// <param name="Quantity">Null where Stripe states none, as for metered items.</param>
/// <param name="PercentOff">As of <see cref="HeldDiscounts"/>.</param>
public sealed record HeldItem(HeldPrice? Price, decimal? Quantity, decimal? PercentOff)
{
    /// <inheritdoc cref="HeldDiscounts.AmountOff"/>
    public long? AmountOff { get; init; }

    /// <summary>True when there is a discount of which no more than its coupon's id is known.</summary>
    public bool DiscountUnknown { get; init; }
}

/// <summary>What the coupons of an item take off together.</summary>
/// <param name="PercentOff">In percent (0–100]; null without a percentage; 0 for discounts of another kind than one percentage, one amount, or the percentage and then the amount.</param>
/// <param name="AmountOff">Minor units off the whole item, after the percentage; null without one.</param>
public readonly record struct HeldDiscounts(decimal? PercentOff, long? AmountOff)
{
    /// <param name="discounts">In the order in which Stripe applies them.</param>
    /// <param name="currency">Of the item; null when not known.</param>
    public static HeldDiscounts Of(ImmutableArray<HeldDiscount> discounts, string? currency) => discounts switch
    {
        [] => default,
        [{ PercentOff: { } percent }] => new(percent, null),
        [{ AmountOff: { } amount } off] when off.IsIn(currency) => new(null, amount),
        [{ PercentOff: { } percent }, { AmountOff: { } amount } off] when off.IsIn(currency) => new(percent, amount),
        _ => new(0, null),
    };
}

/// <summary>What one coupon takes off an item.</summary>
/// <param name="PercentOff">Null for an amount.</param>
/// <param name="AmountOff">Minor units; null for a percentage, and for an amount that does not last.</param>
/// <param name="Currency">Of the amount; null for a percentage.</param>
public sealed record HeldDiscount(decimal? PercentOff, long? AmountOff, string? Currency)
{
    internal bool IsIn(string? currency) => currency is null || string.Equals(currency, Currency, StringComparison.OrdinalIgnoreCase);
}

/// <param name="Currency">Lower-case code.</param>
/// <param name="Interval">Null for an interval the Hub never plans.</param>
/// <param name="UnitAmount">Minor units per billing period, up to 12 decimals; null when tiered.</param>
/// <param name="Tiers">Empty for a price without tiers.</param>
public sealed record HeldPrice(string? ProductId, string? Currency, BillingInterval? Interval, decimal? UnitAmount, ImmutableArray<HeldTier> Tiers);

/// <param name="UpTo">Last unit of the tier, inclusive; null: open.</param>
public sealed record HeldTier(long? UpTo, decimal? UnitAmount);
