using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Something to be put on an invoice.</summary>
/// <param name="Amount">Before discounts and tax, minor units.</param>
/// <param name="Description">What the customer reads.</param>
/// <param name="Start">Service period, Unix seconds.</param>
/// <param name="End">End of it, exclusive.</param>
/// <param name="Parent">The line's <c>parent</c>.</param>
/// <param name="Price">Stored price; null for a bare amount.</param>
/// <param name="Quantity">Units, null when there are none to speak of.</param>
public sealed record Line(long Amount, string? Description, long Start, long End, JsonObject Parent, JsonObject? Price, decimal? Quantity)
{
    /// <summary>Ids of discounts of the line itself.</summary>
    public JsonArray Discounts { get; init; } = [];

    public bool Discountable { get; init; } = true;

    /// <summary>Copies of the line's own tax rates; empty: those of the subscription or invoice.</summary>
    public JsonArray TaxRates { get; init; } = [];

    public JsonObject Metadata { get; init; } = [];

    public string? Subscription { get; init; }
}
