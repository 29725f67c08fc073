using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Subscriptions in the shape the API shows them in.</summary>
public static class SubscriptionShape
{
    public static JsonObject BillingMode(JsonObject parameters) => new()
    {
        ["flexible"] = parameters.Obj("billing_mode")?.Text("type") == "classic" ? null : new JsonObject
        {
            ["proration_discounts"] = parameters.Obj("billing_mode")?.Obj("flexible")?.Text("proration_discounts") ?? "included",
        },
        ["type"] = parameters.Obj("billing_mode")?.Text("type") ?? "flexible",
    };

    public static JsonObject InvoiceSettings(JsonObject? given) => new()
    {
        ["account_tax_ids"] = null,
        ["custom_fields"] = given is null ? null : Invoices.CustomFields(given, "invoice_settings[custom_fields]"),
        ["description"] = given?.Text("description") is { Length: > 0 } description ? description : null,
        ["footer"] = given?.Text("footer") is { Length: > 0 } footer ? footer : null,
        ["issuer"] = new JsonObject { ["type"] = "self" },
    };

    /// <summary>A subscription without items.</summary>
    public static JsonObject Build(SubscriptionTerms terms, string id, long now) => new()
    {
        ["id"] = id,
        ["object"] = "subscription",
        ["application"] = null,
        ["application_fee_percent"] = null,
        ["automatic_tax"] = AutomaticTax.Shown(terms.AutomaticTax),
        ["billing_cycle_anchor"] = terms.Anchor,
        ["billing_cycle_anchor_config"] = null,
        ["billing_mode"] = terms.BillingMode?.DeepClone() ?? BillingMode([]),
        ["billing_schedules"] = new JsonArray(),
        ["billing_thresholds"] = null,
        ["cancel_at"] = terms.CancelAt,
        ["cancel_at_period_end"] = terms.CancelAtPeriodEnd,
        ["canceled_at"] = terms.CancelAt is not null || terms.CancelAtPeriodEnd ? now : null,
        ["cancellation_details"] = new JsonObject { ["comment"] = null, ["feedback"] = null, ["reason"] = null },
        ["collection_method"] = terms.CollectionMethod,
        ["created"] = now,
        ["currency"] = terms.Currency,
        ["customer"] = terms.Customer.Id(),
        ["customer_account"] = null,
        ["days_until_due"] = terms.CollectionMethod == "send_invoice" ? terms.DaysUntilDue : null,
        ["default_payment_method"] = terms.DefaultPaymentMethod,
        ["default_source"] = null,
        ["default_tax_rates"] = terms.DefaultTaxRates.DeepClone(),
        ["description"] = terms.Description,
        ["discounts"] = new JsonArray(),
        ["ended_at"] = null,
        ["invoice_settings"] = terms.InvoiceSettings?.DeepClone() ?? InvoiceSettings(null),
        ["items"] = Json.List($"/v1/subscription_items?subscription={id}", []),
        ["latest_invoice"] = null,
        ["livemode"] = false,
        ["managed_payments"] = null,
        ["metadata"] = terms.Metadata.DeepClone(),
        ["next_pending_invoice_item_invoice"] = null,
        ["on_behalf_of"] = null,
        ["pause_collection"] = null,
        ["payment_settings"] = new JsonObject { ["payment_method_options"] = null, ["payment_method_types"] = null, ["save_default_payment_method"] = "off" },
        ["pending_invoice_item_interval"] = null,
        ["pending_setup_intent"] = null,
        ["pending_update"] = null,
        ["schedule"] = terms.Schedule,
        ["start_date"] = terms.Start,
        ["status"] = terms.TrialEnd > now || terms.TrialEnd > terms.Start ? "trialing" : "active",
        ["test_clock"] = null,
        ["transfer_data"] = null,
        ["trial_end"] = terms.TrialEnd,
        ["trial_settings"] = new JsonObject { ["end_behavior"] = new JsonObject { ["missing_payment_method"] = "create_invoice" } },
        ["trial_start"] = terms.TrialEnd is null ? null : terms.Start,
    };
}
