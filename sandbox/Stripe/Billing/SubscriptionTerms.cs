using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>What a new subscription starts with.</summary>
/// <param name="Customer">The stored customer.</param>
/// <param name="Currency">Lower-case code.</param>
/// <param name="Items">What it holds.</param>
/// <param name="Start">First moment of service, Unix seconds; in the past: backdated.</param>
/// <param name="Anchor">What all billing dates are counted from.</param>
public sealed record SubscriptionTerms(JsonObject Customer, string Currency, IReadOnlyList<ItemSpec> Items, long Start, long Anchor)
{
    public long? TrialEnd { get; init; }

    public bool AutomaticTax { get; init; }

    public string ProrationBehavior { get; init; } = "create_prorations";

    public string CollectionMethod { get; init; } = "charge_automatically";

    public long? DaysUntilDue { get; init; }

    public JsonArray Discounts { get; init; } = [];

    public JsonArray DefaultTaxRates { get; init; } = [];

    public JsonObject Metadata { get; init; } = [];

    public string? Description { get; init; }

    public JsonObject? InvoiceSettings { get; init; }

    public string? DefaultPaymentMethod { get; init; }

    public JsonObject? BillingMode { get; init; }

    public string? Schedule { get; init; }

    public long? CancelAt { get; init; }

    public bool CancelAtPeriodEnd { get; init; }

    /// <summary>Charges besides the items, for the first invoice.</summary>
    public IReadOnlyList<Line> Extras { get; init; } = [];

    /// <summary>Called when the items have their first periods and nothing is billed yet.</summary>
    public Action<JsonObject> Begun { get; init; } = _ => { };

    /// <summary>Finalise the first invoice within the request, as a direct subscription that charges automatically does.</summary>
    public bool FinalizeFirst { get; init; }
}
