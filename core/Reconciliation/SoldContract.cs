using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>What one opportunity sold, as reconciliation reads it; its own reading, so that a mistake in planning shows as a difference.</summary>
/// <param name="Key">18-character id of the root opportunity.</param>
/// <param name="IsAmendment">Changes another contract; not compared yet.</param>
/// <param name="Currency">Lower case; null when the opportunity names none.</param>
/// <param name="ReversedOn">When it stopped being won or was deleted; null when unknown or still won.</param>
/// <param name="End">First day after the contract; null: open-ended.</param>
/// <param name="FreeMonths">First months of the term that are not billed.</param>
/// <param name="StubByDays">A last period that is no whole one is priced by days instead of months.</param>
/// <param name="SubscriptionPointer">Subscription that Salesforce names; null when empty.</param>
/// <param name="Unreadable">Why no expectation can be computed, in words; empty when it can.</param>
public sealed record SoldContract(
    string Key,
    string OpportunityId,
    bool IsWon,
    bool IsDeleted,
    bool IsAmendment,
    bool IsHeld,
    string? Currency,
    LocalDate? ClosedOn,
    LocalDate? ReversedOn,
    LocalDate? Start,
    LocalDate? End,
    bool AutoRenew,
    int FreeMonths,
    bool StubByDays,
    string? SubscriptionPointer,
    string? SchedulePointer,
    ImmutableArray<SoldLine> Lines,
    ImmutableArray<string> Unreadable)
{
    /// <summary>True when nothing recurs: a single invoice, no subscription, no term.</summary>
    public bool IsOnce => !Lines.IsEmpty && Lines.All(line => line.Charge == SoldCharge.Once);
}

public enum SoldCharge
{
    Recurring,
    Once,

    /// <summary>Billed by meter readings, which no book holds, or by tiers, which are not read yet; left out on both sides.</summary>
    NotCompared,
}

public enum PriceBasis
{
    Month,
    Quarter,
    Year,

    /// <summary>One billing period.</summary>
    Period,

    /// <summary>The whole term of the line.</summary>
    Term,
    Once,
}

/// <param name="ProductKey">Stripe product id; <c>sf:</c> and the Salesforce id where the product has none.</param>
/// <param name="UnitPrice">Minor units per unit and <paramref name="Basis"/>, before discount.</param>
/// <param name="PeriodMonths">Months of a billing period; 0: the whole term of the line at once.</param>
/// <param name="PercentOff">0 to 100.</param>
/// <param name="ShowDiscount">Billed as gross price with a discount; otherwise the price is net.</param>
/// <param name="DiscountMonths">Months from the line's first day in which the discount holds; null: all.</param>
/// <param name="End">First day after the line; null: the contract's.</param>
public sealed record SoldLine(
    string ProductKey,
    string ProductCode,
    SoldCharge Charge,
    decimal Quantity,
    decimal UnitPrice,
    PriceBasis Basis,
    int PeriodMonths,
    decimal PercentOff,
    bool ShowDiscount,
    int? DiscountMonths,
    LocalDate? Start,
    LocalDate? End)
{
    /// <summary>Minor units off one unit and <see cref="Basis"/>, after <see cref="PercentOff"/> and as long as it; 0 when there is none.</summary>
    public decimal AmountOff { get; init; }
}
