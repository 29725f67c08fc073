using System.Collections.Immutable;

namespace Hub.Sandbox.Seed;

/// <param name="Currency">The one currency all its deals are sold in.</param>
public sealed record Customer(string Id, string Name, string Country, string City, string Street, string Currency, string ContactId, string First, string Last, string Email);

/// <summary>A deal of the story before it becomes records.</summary>
/// <param name="WonAt">When the stage became won; the record was last touched <paramref name="SavedAfter"/> later.</param>
/// <param name="Start">First day of the contract; null for one-time lines only, or where it was forgotten.</param>
/// <param name="End">Last day, inclusive; null: computed from the term.</param>
/// <param name="Months">Term.</param>
public sealed record Deal(
    Customer Customer,
    DateTimeOffset WonAt,
    TimeSpan SavedAfter,
    DateOnly? Start,
    DateOnly? End,
    int? Months,
    string? Frequency,
    string Terms,
    ImmutableArray<DealLine> Lines)
{
    public string Stage { get; init; } = "Closed Won";

    public string? PurchaseOrder { get; init; }

    /// <summary>Billing contact; null: the customer's.</summary>
    public string? ContactId { get; init; }

    /// <summary>What the recorded amount differs from the sum of the lines by, major units.</summary>
    public decimal AmountError { get; init; }
}

/// <param name="Product">Product code.</param>
/// <param name="UnitPrice">Major units per unit and price basis.</param>
/// <param name="Basis">Price basis; null where it was forgotten.</param>
/// <param name="Start">First day, where it is not the contract's.</param>
/// <param name="End">Last day, inclusive.</param>
public sealed record DealLine(string Product, decimal Quantity, decimal UnitPrice, string? Basis, DateOnly? Start = null, DateOnly? End = null)
{
    /// <summary>Percent; null: none.</summary>
    public decimal? Discount { get; init; }

    public bool ShowDiscount { get; init; }

    /// <summary>Months the discount lasts; null: the whole line.</summary>
    public int? DiscountMonths { get; init; }

    /// <summary>As Salesforce sums it: one unit of the price basis, however long the line runs.</summary>
    public decimal Total => UnitPrice * Quantity * (100m - (Discount ?? 0m)) / 100m;
}
