using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Payment intents, charges and what links them to invoices. Cash itself is not simulated beyond that.</summary>
public sealed class Payments(World world)
{
    // Fields of the service's shape that nothing here ever fills.
    private static readonly string[] NeverSetOnIntents =
    [
        "application", "application_fee_amount", "automatic_payment_methods", "cancellation_reason", "customer_account", "excluded_payment_method_types", "managed_payments", "next_action",
        "on_behalf_of", "payment_method_configuration_details", "payment_method_options", "processing", "review", "setup_future_usage", "shipping", "source", "statement_descriptor",
        "statement_descriptor_suffix", "transfer_data", "transfer_group",
    ];

    private static readonly string[] NeverSetOnCharges =
    [
        "application", "application_fee", "application_fee_amount", "calculated_statement_descriptor", "failure_balance_transaction", "on_behalf_of", "outcome", "payment_method_details",
        "receipt_number", "receipt_url", "review", "shipping", "source", "source_transfer", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group",
    ];

    public void Register(Routes routes)
    {
        foreach (var (kind, path) in new[] { ("payment_intent", "payment_intents"), ("charge", "charges"), ("refund", "refunds"), ("dispute", "disputes"), ("payout", "payouts"), ("balance_transaction", "balance_transactions") })
        {
            routes.On($"GET /v1/{path}/{{id}}", call => world.Store.Get(kind, call.Id));
            routes.On($"GET /v1/{path}", call => Lists.Page(world.Store, world.Store.All(kind), call.Parameters, call.Path));
        }

        routes.On("GET /v1/balance", _ => Balance());
        routes.On("GET /v1/invoice_payments/{id}", call => world.Store.Get("invoice_payment", call.Id));
        routes.On("GET /v1/invoice_payments", call => Lists.Page(world.Store, world.Store.All("invoice_payment"), call.Parameters, call.Path, new Dictionary<string, Func<JsonObject, JsonNode, bool>>
        {
            ["payment"] = (payment, wanted) => ((JsonObject)wanted).All(part => payment.Obj("payment")!.Text(part.Key) == part.Value!.GetValue<string>()),
        }));
    }

    /// <summary>The payment an open invoice waits for.</summary>
    public void Expect(JsonObject invoice)
    {
        var intent = Intent(invoice, invoice.Number("amount_due"), "requires_payment_method");
        Link(invoice, intent, invoice.Number("amount_due"), isDefault: true);
        Note(invoice);
        world.Events.Emit("payment_intent.created", intent);
    }

    /// <summary>Money that arrived for an invoice: charge, intent and link, all paid.</summary>
    /// <param name="invoice">The open invoice; its own amounts are the caller's business.</param>
    /// <param name="amount">Minor units.</param>
    /// <param name="settles">Whether nothing remains to be paid.</param>
    public void Arrive(JsonObject invoice, long amount, bool settles)
    {
        var awaited = Default(invoice);
        var reuse = settles && awaited is not null && awaited.Number("amount_requested") == amount;
        var intent = reuse ? world.Store.Get("payment_intent", awaited!.Obj("payment")!.Text("payment_intent")!) : Intent(invoice, amount, "processing");
        var link = reuse ? awaited! : Link(invoice, intent, amount, isDefault: false);
        var charge = Charge(invoice, intent, amount);
        intent["status"] = "succeeded";
        intent["amount_received"] = amount;
        intent["latest_charge"] = charge.Id();
        link["status"] = "paid";
        link["amount_paid"] = amount;
        link.Obj("status_transitions")!["paid_at"] = world.Now;
        if (settles && !reuse)
        {
            Abandon(invoice);
        }

        Note(invoice);

        world.Events.Emit("charge.succeeded", charge);
        world.Events.Emit("payment_intent.succeeded", intent);
        world.Events.Emit("invoice_payment.paid", link);
    }

    /// <summary>The open default payment is not needed any more.</summary>
    public void Abandon(JsonObject invoice)
    {
        if (Default(invoice) is not { } awaited)
        {
            return;
        }

        awaited["status"] = "canceled";
        awaited.Obj("status_transitions")!["canceled_at"] = world.Now;
        var intent = world.Store.Get("payment_intent", awaited.Obj("payment")!.Text("payment_intent")!);
        Note(invoice);
        intent["status"] = "canceled";
        intent["canceled_at"] = world.Now;
        world.Events.Emit("payment_intent.canceled", intent);
    }

    public IEnumerable<JsonObject> Of(JsonObject invoice) => invoice.Texts("_payment_ids").Select(id => world.Store.Get("invoice_payment", id));

    // What expanding `payments` shows.
    private void Note(JsonObject invoice) =>
        invoice["_payments"] = Json.List("/v1/invoice_payments", Of(invoice).Select(JsonNode? (payment) => payment.DeepClone()).ToArray());

    private JsonObject? Default(JsonObject invoice) => invoice.Text("_default_payment") is { } id && world.Store.Get("invoice_payment", id) is var found && found.Text("status") == "open" ? found : null;

    private JsonObject Link(JsonObject invoice, JsonObject intent, long amount, bool isDefault)
    {
        var link = world.Store.Add(new JsonObject
        {
            ["id"] = world.Store.NewId("inpay"),
            ["object"] = "invoice_payment",
            ["amount_paid"] = null,
            ["amount_requested"] = amount,
            ["created"] = world.Now,
            ["currency"] = invoice.Copy("currency"),
            ["invoice"] = invoice.Id(),
            ["is_default"] = isDefault,
            ["livemode"] = false,
            ["payment"] = new JsonObject { ["payment_intent"] = intent.Id(), ["type"] = "payment_intent" },
            ["status"] = "open",
            ["status_transitions"] = new JsonObject { ["canceled_at"] = null, ["paid_at"] = null },
        });
        invoice["_payment_ids"] ??= new JsonArray();
        invoice.Arr("_payment_ids")!.Add(link.Id());
        if (isDefault)
        {
            invoice["_default_payment"] = link.Id();
        }

        return link;
    }

    private static JsonObject Balance() => new()
    {
        ["object"] = "balance",
        ["available"] = new JsonArray(new JsonObject { ["amount"] = 0L, ["currency"] = "usd", ["source_types"] = new JsonObject { ["card"] = 0L } }),
        ["livemode"] = false,
        ["pending"] = new JsonArray(new JsonObject { ["amount"] = 0L, ["currency"] = "usd", ["source_types"] = new JsonObject { ["card"] = 0L } }),
    };

    private JsonObject Intent(JsonObject invoice, long amount, string status)
    {
        var id = world.Store.NewId("pi");
        return world.Store.Add(WithAbsent(NeverSetOnIntents, new JsonObject
        {
            ["id"] = id,
            ["object"] = "payment_intent",
            ["amount"] = amount,
            ["amount_capturable"] = 0L,
            ["amount_received"] = 0L,
            ["canceled_at"] = null,
            ["capture_method"] = "automatic",
            ["client_secret"] = id + "_secret_sandbox",
            ["confirmation_method"] = "automatic",
            ["created"] = world.Now,
            ["currency"] = invoice.Copy("currency"),
            ["customer"] = invoice.Copy("customer"),
            ["description"] = null,
            ["last_payment_error"] = null,
            ["latest_charge"] = null,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["payment_method"] = null,
            ["payment_method_types"] = new JsonArray("card", "customer_balance"),
            ["receipt_email"] = null,
            ["status"] = status,
        }));
    }

    private static JsonObject WithAbsent(string[] fields, JsonObject shown)
    {
        foreach (var field in fields)
        {
            shown[field] = null;
        }

        return shown;
    }

    private JsonObject Charge(JsonObject invoice, JsonObject intent, long amount) => world.Store.Add(WithAbsent(NeverSetOnCharges, new JsonObject
    {
        ["id"] = world.Store.NewId("ch"),
        ["object"] = "charge",
        ["amount"] = amount,
        ["amount_captured"] = amount,
        ["amount_refunded"] = 0L,
        ["balance_transaction"] = null,
        ["billing_details"] = new JsonObject { ["address"] = null, ["email"] = null, ["name"] = null, ["phone"] = null, ["tax_id"] = null },
        ["captured"] = true,
        ["created"] = world.Now,
        ["currency"] = invoice.Copy("currency"),
        ["customer"] = invoice.Copy("customer"),
        ["description"] = null,
        ["disputed"] = false,
        ["failure_code"] = null,
        ["failure_message"] = null,
        ["fraud_details"] = new JsonObject(),
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["paid"] = true,
        ["payment_intent"] = intent.Id(),
        ["payment_method"] = null,
        ["receipt_email"] = null,
        ["refunded"] = false,
        ["status"] = "succeeded",
        ["_refunds"] = Json.List("/v1/refunds", []),
    }));
}
