using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>The customer's balance: negative is owed to the customer and lowers the next invoice.</summary>
public static class Balances
{
    /// <summary>Books a change and its ledger entry.</summary>
    /// <param name="world">The account.</param>
    /// <param name="customer">The stored customer.</param>
    /// <param name="amount">Minor units; negative credits the customer.</param>
    /// <param name="currency">Lower-case code.</param>
    /// <param name="type">Type of the entry, such as <c>applied_to_invoice</c>.</param>
    /// <param name="invoice">Invoice it belongs to.</param>
    public static JsonObject Book(World world, JsonObject customer, long amount, string currency, string type, string? invoice)
    {
        var before = customer.CopyObject();
        customer["balance"] = customer.Number("balance") + amount;
        var entry = new JsonObject
        {
            ["id"] = world.Store.NewId("cbtxn"),
            ["object"] = "customer_balance_transaction",
            ["amount"] = amount,
            ["checkout_session"] = null,
            ["created"] = world.Now,
            ["credit_note"] = null,
            ["currency"] = currency,
            ["customer"] = customer.Id(),
            ["customer_account"] = null,
            ["description"] = null,
            ["ending_balance"] = customer.Number("balance"),
            ["invoice"] = invoice,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["type"] = type,
        };
        world.Store.Add(entry);
        world.Events.EmitIfChanged("customer.updated", customer, before);
        return entry;
    }
}
