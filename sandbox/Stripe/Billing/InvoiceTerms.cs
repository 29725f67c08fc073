using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>What an invoice takes over from whatever causes it.</summary>
/// <param name="Customer">The stored customer.</param>
/// <param name="Currency">Lower-case code.</param>
/// <param name="Reason">The invoice's <c>billing_reason</c>.</param>
/// <param name="CollectionMethod"><c>send_invoice</c> or <c>charge_automatically</c>.</param>
public sealed record InvoiceTerms(JsonObject Customer, string Currency, string Reason, string CollectionMethod)
{
    public long? DaysUntilDue { get; init; }

    /// <summary>A fixed due date, which wins over days.</summary>
    public long? DueDate { get; init; }

    public bool AutoAdvance { get; init; } = true;

    /// <summary>The stored subscription that bills; null for a one-off.</summary>
    public JsonObject? Subscription { get; init; }

    public JsonArray DefaultTaxRates { get; init; } = [];

    /// <summary>Ids of discounts on the whole invoice.</summary>
    public JsonArray Discounts { get; init; } = [];

    public string? Description { get; init; }

    public string? Footer { get; init; }

    public JsonNode? CustomFields { get; init; }

    public JsonObject Metadata { get; init; } = [];

    public long? PeriodStart { get; init; }
}
