using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>A phase with the schedule's defaults filled in: a value of the phase wins.</summary>
public sealed record EffectivePhase(JsonObject Phase, JsonObject Defaults)
{
    public string CollectionMethod => Phase.Text("collection_method") ?? Defaults.Text("collection_method") ?? "charge_automatically";

    public long? DaysUntilDue => Phase.Obj("invoice_settings")?.MaybeNumber("days_until_due") ?? Defaults.Obj("invoice_settings")?.MaybeNumber("days_until_due");

    public bool AutomaticTax => Billing.AutomaticTax.On(Phase.Obj("automatic_tax") is null ? Defaults : Phase);

    public string? Description => Phase.Text("description") ?? Defaults.Text("description");

    public string? DefaultPaymentMethod => Phase.Text("default_payment_method") ?? Defaults.Text("default_payment_method");

    public JsonObject InvoiceSettings => new()
    {
        ["account_tax_ids"] = null,
        ["custom_fields"] = Setting("custom_fields"),
        ["description"] = Setting("description"),
        ["footer"] = Setting("footer"),
        ["issuer"] = new JsonObject { ["type"] = "self" },
    };

    private JsonNode? Setting(string key) => Phase.Obj("invoice_settings")?.Copy(key) ?? Defaults.Obj("invoice_settings")?.Copy(key);
}
