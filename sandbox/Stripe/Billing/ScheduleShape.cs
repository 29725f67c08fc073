using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Schedules in the shape the API shows them in.</summary>
public static class ScheduleShape
{
    /// <summary>A schedule that has not started.</summary>
    public static JsonObject Build(string id, string customer, JsonArray phases, JsonObject defaults, JsonObject parameters, long now) => new()
    {
        ["id"] = id,
        ["object"] = "subscription_schedule",
        ["application"] = null,
        ["billing_mode"] = SubscriptionShape.BillingMode(parameters),
        ["canceled_at"] = null,
        ["completed_at"] = null,
        ["created"] = now,
        ["current_phase"] = null,
        ["customer"] = customer,
        ["customer_account"] = null,
        ["default_settings"] = defaults,
        ["end_behavior"] = EndBehavior(parameters) ?? "release",
        ["livemode"] = false,
        ["metadata"] = Metadata.Merge(null, parameters),
        ["phases"] = phases,
        ["released_at"] = null,
        ["released_subscription"] = null,
        ["status"] = "not_started",
        ["subscription"] = null,
        ["test_clock"] = null,
    };

    /// <exception cref="ApiException">One of the two values that the enum lists and no documentation explains.</exception>
    public static string? EndBehavior(JsonObject parameters) => parameters.Text("end_behavior") switch
    {
        "none" or "renew" => throw ApiException.Invalid("The sandbox plays end_behavior cancel and release only.", "end_behavior"),
        var known => known,
    };

    /// <summary>Default settings after a request.</summary>
    public static JsonObject DefaultSettings(JsonObject? given, JsonObject? before)
    {
        Refusals.NotPlayed(given ?? [], "application_fee_percent", "transfer_data", "on_behalf_of", "billing_thresholds");
        var settings = before?.CopyObject() ?? new JsonObject
        {
            ["application_fee_percent"] = null,
            ["automatic_tax"] = AutomaticTax.Shown(false),
            ["billing_cycle_anchor"] = "automatic",
            ["billing_thresholds"] = null,
            ["collection_method"] = "charge_automatically",
            ["default_payment_method"] = null,
            ["description"] = null,
            ["invoice_settings"] = PhaseReader.Settings(null, ""),
            ["on_behalf_of"] = null,
            ["transfer_data"] = null,
        };
        if (given?.ContainsKey("automatic_tax") == true)
        {
            settings["automatic_tax"] = AutomaticTax.Shown(AutomaticTax.Asked(given));
        }

        settings.Take(given ?? [], "billing_cycle_anchor", "collection_method", "default_payment_method", "description");
        if (given?.Obj("invoice_settings") is { } invoiceSettings)
        {
            settings["invoice_settings"] = PhaseReader.Settings(invoiceSettings, "default_settings[invoice_settings]");
        }

        return settings;
    }

    /// <summary>The one phase of a schedule that adopts a subscription.</summary>
    public static JsonObject Mirror(JsonObject subscription) => new()
    {
        ["add_invoice_items"] = new JsonArray(),
        ["application_fee_percent"] = null,
        ["billing_cycle_anchor"] = null,
        ["billing_thresholds"] = null,
        ["collection_method"] = null,
        ["currency"] = subscription.Copy("currency"),
        ["default_payment_method"] = subscription.Copy("default_payment_method"),
        ["default_tax_rates"] = subscription.Copy("default_tax_rates"),
        ["description"] = subscription.Copy("description"),
        ["discounts"] = Specified(subscription.Arr("discounts")!),
        ["end_date"] = Engine.Items(subscription).Max(item => item.Number("current_period_end")),
        ["invoice_settings"] = null,
        ["items"] = Engine.Items(subscription).Select(JsonNode? (item) =>
        {
            var mirrored = new JsonObject
            {
                ["billing_thresholds"] = null,
                ["discounts"] = Specified(item.Arr("discounts")!),
                ["metadata"] = item.Copy("metadata"),
                ["plan"] = item.Obj("price")!.Id(),
                ["price"] = item.Obj("price")!.Id(),
                ["tax_rates"] = item.Copy("tax_rates"),
            };
            if (item.MaybeNumber("quantity") is { } quantity)
            {
                mirrored["quantity"] = quantity;
            }

            return mirrored;
        }).ToArray(),
        ["metadata"] = subscription.Copy("metadata"),
        ["on_behalf_of"] = null,
        ["proration_behavior"] = "create_prorations",
        ["start_date"] = Engine.Items(subscription).Min(item => item.Number("current_period_start")),
        ["transfer_data"] = null,
        ["trial_end"] = null,
    };

    private static JsonArray Specified(JsonArray ids) =>
        ids.Select(JsonNode? (id) => new JsonObject { ["coupon"] = null, ["discount"] = id!.DeepClone(), ["promotion_code"] = null }).ToArray();
}
