using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>What a subscription is to hold: a price and how much of it.</summary>
/// <param name="Price">The stored price.</param>
/// <param name="Quantity">Units; null for a metered price.</param>
/// <param name="Discounts">As specified, not yet given.</param>
/// <param name="TaxRates">Copies of the item's own rates.</param>
/// <param name="Metadata">The item's metadata.</param>
public sealed record ItemSpec(JsonObject Price, long? Quantity, JsonArray Discounts, JsonArray TaxRates, JsonObject Metadata);
