using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Invoices and their lines in the shape the API shows them in.</summary>
public static class InvoiceShape
{
    /// <summary>A draft without lines.</summary>
    public static JsonObject Build(InvoiceTerms terms, string id, long now)
    {
        var customer = terms.Customer;
        var due = terms.DueDate ?? (terms.DaysUntilDue is { } days ? now + (days * 86_400) : null);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "invoice",
            ["account_country"] = "US",
            ["account_name"] = "Sandbox",
            ["account_tax_ids"] = null,
            ["amount_due"] = 0L,
            ["amount_overpaid"] = 0L,
            ["amount_paid"] = 0L,
            ["amount_paid_off_stripe"] = 0L,
            ["amount_remaining"] = 0L,
            ["amount_shipping"] = 0L,
            ["application"] = null,
            ["attempt_count"] = 0L,
            ["attempted"] = false,
            ["auto_advance"] = terms.AutoAdvance,
            ["automatic_tax"] = AutomaticTax.OfInvoice(terms.Subscription is { } taxed && AutomaticTax.On(taxed)),
            ["automatically_finalizes_at"] = terms.AutoAdvance ? now + Invoices.DraftSeconds : null,
            ["billing_reason"] = terms.Reason,
            ["collection_method"] = terms.CollectionMethod,
            ["created"] = now,
            ["currency"] = terms.Currency,
            ["custom_fields"] = terms.CustomFields?.DeepClone() ?? customer.Obj("invoice_settings")?.Copy("custom_fields"),
            ["customer"] = customer.Id(),
            ["customer_account"] = null,
            ["customer_address"] = customer.Copy("address"),
            ["customer_email"] = customer.Copy("email"),
            ["customer_name"] = customer.Copy("name"),
            ["customer_phone"] = customer.Copy("phone"),
            ["customer_shipping"] = customer.Copy("shipping"),
            ["customer_tax_exempt"] = customer.Copy("tax_exempt"),
            ["customer_tax_ids"] = TaxIds(customer),
            ["default_payment_method"] = null,
            ["default_source"] = null,
            ["default_tax_rates"] = terms.DefaultTaxRates.DeepClone(),
            ["description"] = terms.Description,
            ["discounts"] = terms.Discounts.DeepClone(),
            ["due_date"] = terms.CollectionMethod == "send_invoice" ? due : null,
            ["effective_at"] = null,
            ["ending_balance"] = null,
            ["footer"] = terms.Footer ?? customer.Obj("invoice_settings")?.Text("footer"),
            ["from_invoice"] = null,
            ["hosted_invoice_url"] = null,
            ["invoice_pdf"] = null,
            ["issuer"] = new JsonObject { ["type"] = "self" },
            ["last_finalization_error"] = null,
            ["latest_revision"] = null,
            ["lines"] = Json.List($"/v1/invoices/{id}/lines", []),
            ["livemode"] = false,
            ["metadata"] = terms.Metadata.DeepClone(),
            ["next_payment_attempt"] = terms is { CollectionMethod: "charge_automatically", AutoAdvance: true } ? now + Invoices.DraftSeconds : null,
            ["number"] = null,
            ["on_behalf_of"] = null,
            ["parent"] = Parent(terms.Subscription),
            ["payment_settings"] = new JsonObject { ["default_mandate"] = null, ["payment_method_options"] = null, ["payment_method_types"] = null },
            ["period_end"] = now,
            ["period_start"] = terms.PeriodStart ?? now,
            ["post_payment_credit_notes_amount"] = 0L,
            ["pre_payment_credit_notes_amount"] = 0L,
            ["receipt_number"] = null,
            ["rendering"] = null,
            ["shipping_cost"] = null,
            ["shipping_details"] = null,
            ["starting_balance"] = 0L,
            ["statement_descriptor"] = null,
            ["status"] = "draft",
            ["status_transitions"] = new JsonObject { ["finalized_at"] = null, ["marked_uncollectible_at"] = null, ["paid_at"] = null, ["voided_at"] = null },
            ["subtotal"] = 0L,
            ["subtotal_excluding_tax"] = 0L,
            ["test_clock"] = null,
            ["total"] = 0L,
            ["total_discount_amounts"] = new JsonArray(),
            ["total_excluding_tax"] = 0L,
            ["total_pretax_credit_amounts"] = new JsonArray(),
            ["total_taxes"] = new JsonArray(),
            ["webhooks_delivered_at"] = null,
            ["_days_until_due"] = terms.DaysUntilDue,
            ["_fixed_due_date"] = terms.DueDate is not null,
            ["_payments"] = Json.List("/v1/invoice_payments", []),
        };
    }

    private static JsonArray TaxIds(JsonObject customer) => (customer.Obj("_tax_ids")?.Objects("data") ?? [])
        .Select(JsonNode? (taxId) => new JsonObject { ["type"] = taxId.Copy("type"), ["value"] = taxId.Copy("value") })
        .ToArray();

    private static JsonObject? Parent(JsonObject? subscription) => subscription is null ? null : new JsonObject
    {
        ["quote_details"] = null,
        ["subscription_details"] = new JsonObject { ["metadata"] = subscription.Copy("metadata"), ["subscription"] = subscription.Id() },
        ["type"] = "subscription_details",
    };

    /// <summary>A line of an invoice.</summary>
    public static JsonObject Show(Line line, JsonObject invoice, string id) => new()
    {
        ["id"] = id,
        ["object"] = "line_item",
        ["amount"] = line.Amount,
        ["currency"] = invoice.Copy("currency"),
        ["description"] = line.Description,
        ["discount_amounts"] = new JsonArray(),
        ["discountable"] = line.Discountable,
        ["discounts"] = line.Discounts.DeepClone(),
        ["invoice"] = invoice.Id(),
        ["livemode"] = false,
        ["metadata"] = line.Metadata.DeepClone(),
        ["parent"] = line.Parent.DeepClone(),
        ["period"] = new JsonObject { ["end"] = line.End, ["start"] = line.Start },
        ["pretax_credit_amounts"] = new JsonArray(),
        ["pricing"] = line.Price is null ? null : new JsonObject
        {
            ["price_details"] = new JsonObject { ["price"] = line.Price.Id(), ["product"] = line.Price.Copy("product") },
            ["type"] = "price_details",
            ["unit_amount_decimal"] = line.Price.Copy("unit_amount_decimal"),
        },
        ["quantity"] = line.Quantity is { } quantity && decimal.IsInteger(quantity) ? (long)quantity : null,
        ["quantity_decimal"] = line.Quantity?.Plain(),
        ["subscription"] = line.Subscription,
        ["subtotal"] = line.Amount,
        ["taxes"] = new JsonArray(),
        ["_own_discounts"] = line.Discounts.DeepClone(),
        ["_tax_rates"] = line.TaxRates.DeepClone(),
    };
}
