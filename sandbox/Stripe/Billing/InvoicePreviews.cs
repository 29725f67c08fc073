using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>What a subscription's next renewal would bill, or the first invoice of a schedule or of items that do not exist yet; nothing is stored.</summary>
public sealed class InvoicePreviews(World world, Invoices invoices, Subscriptions subscriptions, Schedules schedules, Rehearsal rehearsal)
{
    public void Register(Routes routes) => routes.On(
        "POST /v1/invoices/create_preview", Preview,
        "subscription_details", "automatic_tax", "discounts", "issuer", "on_behalf_of", "preview_mode", "customer_account");

    private JsonObject Preview(Call call)
    {
        var parameters = call.Parameters;
        if (Rehearsal.Concerns(parameters))
        {
            return rehearsal.FirstInvoice(parameters);
        }

        var subscription = Subject(parameters);
        if (!Engine.Runs(subscription) || schedules.NextChange(subscription) is { } end && end == subscription.MaybeNumber("cancel_at") && end <= NextRenewal(subscription))
        {
            throw ApiException.Coded(404, "invoice_upcoming_none", "No upcoming invoices for this subscription.");
        }

        var invoice = InvoiceShape.Build(new InvoiceTerms(world.Store.Get("customer", subscription.Text("customer")!), subscription.Text("currency")!, "upcoming", subscription.Text("collection_method")!)
        {
            DaysUntilDue = subscription.MaybeNumber("days_until_due"),
            Subscription = subscription,
            DefaultTaxRates = (JsonArray?)subscription.Copy("default_tax_rates") ?? [],
            Discounts = (JsonArray)subscription.Copy("discounts")!,
        }, world.Store.NewId("upcoming_in"), world.Now);
        foreach (var line in subscriptions.Engine.NextLines(subscription, NextRenewal(subscription)))
        {
            invoices.AddLine(invoice, line);
        }

        return invoice;
    }

    private JsonObject Subject(JsonObject parameters)
    {
        if (parameters.Text("schedule") is { } scheduleId)
        {
            var schedule = world.Store.Get("subscription_schedule", scheduleId, "schedule");
            return schedule.Text("subscription") is { } attached
                ? world.Store.Get("subscription", attached)
                : throw ApiException.Invalid("The sandbox previews schedules that have started.", "schedule");
        }

        return world.Store.Get("subscription", parameters.Text("subscription")!, "subscription");
    }

    private static long NextRenewal(JsonObject subscription) => Engine.Items(subscription).Min(item => item.Number("current_period_end"));
}
