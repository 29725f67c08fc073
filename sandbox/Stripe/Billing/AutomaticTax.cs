using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>The switch that lets the service compute tax: taken, checked and shown. The account is registered nowhere, so the tax is always 0.</summary>
public static class AutomaticTax
{
    /// <summary>As schedules, subscriptions and invoices show it.</summary>
    public static JsonObject Shown(bool enabled) => new()
    {
        ["disabled_reason"] = null,
        ["enabled"] = enabled,
        ["liability"] = enabled ? new JsonObject { ["type"] = "self" } : null,
    };

    /// <summary>The same on an invoice.</summary>
    public static JsonObject OfInvoice(bool enabled)
    {
        var shown = Shown(enabled);
        shown["provider"] = enabled ? "stripe" : null;
        shown["status"] = enabled ? "complete" : null;
        return shown;
    }

    public static bool Asked(JsonObject? parameters) => parameters?.Obj("automatic_tax") is { } asked && asked.Flag("enabled");

    public static bool On(JsonObject holder) => holder.Obj("automatic_tax") is { } shown && shown.Flag("enabled");

    /// <exception cref="ApiException">The customer is nowhere, or fixed rates are asked for as well.</exception>
    public static void Check(bool enabled, JsonObject customer, bool fixedRates)
    {
        if (enabled && customer.Obj("address")?.Text("country") is not { Length: 2 })
        {
            throw ApiException.Coded(
                400, "customer_tax_location_invalid", "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.");
        }

        if (enabled && fixedRates)
        {
            throw ApiException.Invalid("You cannot use `default_tax_rates` when automatic tax is enabled.", "default_tax_rates");
        }
    }
}
