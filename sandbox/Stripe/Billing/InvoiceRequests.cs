using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>The requests about invoices: made, changed, finalised, paid, listed.</summary>
public sealed class InvoiceRequests(World world, Invoices invoices, Payments payments, Discounts discounts, TaxRates taxRates, Prices prices)
{
    private const string Kind = "invoice";

    private static readonly string[] NotPlayed =
        ["shipping_cost", "shipping_details", "transfer_data", "on_behalf_of", "account_tax_ids", "application_fee_amount", "default_source", "payment_settings", "rendering", "issuer"];

    public void Register(Routes routes)
    {
        routes.On("POST /v1/invoices", Create, [.. NotPlayed, "from_invoice", "customer_account"]);
        routes.On("GET /v1/invoices/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/invoices/{id}", Update, NotPlayed);
        routes.On("DELETE /v1/invoices/{id}", Delete);
        routes.On("GET /v1/invoices", ListInvoices);
        routes.On("GET /v1/invoices/search", call => Search.Run(world.Store, Kind, call.Parameters, call.Path, world.Now));
        routes.On("POST /v1/invoices/{id}/finalize", FinalizeNow);
        routes.On("POST /v1/invoices/{id}/send", call => Send(world.Store.Get(Kind, call.Id)));
        routes.On("POST /v1/invoices/{id}/pay", Pay, "forgive", "source");
        routes.On("POST /v1/invoices/{id}/void", call => invoices.Void(world.Store.Get(Kind, call.Id)));
        routes.On("POST /v1/invoices/{id}/mark_uncollectible", call => invoices.WriteOff(world.Store.Get(Kind, call.Id)));
        routes.On("POST /v1/invoices/{id}/add_lines", AddLines);
        routes.On("GET /v1/invoices/{parent}/lines", LinesPage);
    }

    private JsonObject ListInvoices(Call call) => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path, new Dictionary<string, Func<JsonObject, JsonNode, bool>>
    {
        ["subscription"] = (invoice, wanted) => invoice.Obj("parent")?.Obj("subscription_details")?.Text("subscription") == wanted.GetValue<string>(),
    });

    private JsonObject LinesPage(Call call)
    {
        var lines = world.Store.Get(Kind, call.Id).Obj("lines")!.Objects("data").ToList();
        var limit = Lists.Limit(call.Parameters);
        var from = call.Parameters.Text("starting_after") is { } after ? IndexOf(lines, after, "starting_after") + 1 : 0;
        var to = call.Parameters.Text("ending_before") is { } before ? IndexOf(lines, before, "ending_before") : lines.Count;
        var rows = call.Parameters.ContainsKey("ending_before") ? lines[from..to].TakeLast(limit) : lines[from..to].Take(limit);
        return Lists.Envelope(rows, to - from > limit, call.Path);
    }

    private static int IndexOf(List<JsonObject> lines, string id, string param) =>
        lines.FindIndex(line => line.Id() == id) is >= 0 and var at ? at : throw ApiException.NoSuch("line_item", id, param);

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        var customer = world.Store.Get("customer", parameters.Text("customer") ?? throw ApiException.Missing("customer"), "customer");
        var subscription = parameters.Text("subscription") is { } id ? world.Store.Get("subscription", id, "subscription") : null;
        var currency = parameters.Text("currency") is { } asked ? Currencies.Check(asked, "currency") : subscription?.Text("currency") ?? customer.Text("currency") ?? "usd";
        var method = parameters.Text("collection_method") ?? "charge_automatically";
        var specified = discounts.Specify(parameters, "discounts");
        var rates = taxRates.Resolve(parameters, "default_tax_rates", "default_tax_rates");
        CheckDue(parameters, method);
        AutomaticTax.Check(AutomaticTax.Asked(parameters), customer, rates.Count > 0);
        var invoice = invoices.Draft(new InvoiceTerms(customer, currency, "manual", method)
        {
            DaysUntilDue = parameters.MaybeNumber("days_until_due"),
            DueDate = parameters.MaybeNumber("due_date"),
            AutoAdvance = parameters.Flag("auto_advance"),
            Subscription = subscription,
            DefaultTaxRates = rates,
            Description = parameters.Text("description"),
            Footer = parameters.Text("footer"),
            CustomFields = Invoices.CustomFields(parameters),
            Metadata = Metadata.Merge(null, parameters),
        });
        invoice["discounts"] = discounts.Give(specified, null, new JsonObject { ["customer"] = customer.Id(), ["invoice"] = invoice.Id() }, world.Now);
        invoice["automatic_tax"] = AutomaticTax.OfInvoice(AutomaticTax.Asked(parameters));
        invoice.Take(parameters, "number", "effective_at", "default_payment_method", "statement_descriptor", "automatically_finalizes_at");
        customer["currency"] ??= currency;
        if (parameters.Text("pending_invoice_items_behavior") == "include")
        {
            invoices.TakePending(invoice, subscription?.Id());
        }

        invoices.Announce(invoice);
        return invoice;
    }

    // unverified: whether the service refuses or falls back to a default of the account when both are absent.
    private static void CheckDue(JsonObject parameters, string method)
    {
        var given = parameters.ContainsKey("days_until_due") || parameters.ContainsKey("due_date");
        if (method == "send_invoice" && !given)
        {
            throw ApiException.Invalid("If invoices are sent (`collection_method=send_invoice`), `days_until_due` or `due_date` must be set.", "days_until_due", "parameter_missing");
        }

        if (method != "send_invoice" && given)
        {
            throw ApiException.Invalid("`days_until_due` and `due_date` may only be set when `collection_method` is `send_invoice`.", "days_until_due");
        }

        if (parameters.ContainsKey("days_until_due") && parameters.ContainsKey("due_date"))
        {
            throw ApiException.Invalid("You may only specify one of these parameters: days_until_due, due_date.", "due_date", "parameters_exclusive");
        }
    }

    private JsonObject Update(Call call)
    {
        var invoice = world.Store.Get(Kind, call.Id);
        var parameters = call.Parameters;
        var metadata = Metadata.Merge(invoice.Obj("metadata"), parameters);
        if (invoice.Text("status") != "draft" && parameters.Select(pair => pair.Key).FirstOrDefault(key => key is not ("metadata" or "expand" or "auto_advance" or "due_date")) is { } frozen)
        {
            throw ApiException.Invalid($"Finalized invoices can't be updated in this way: {frozen}", frozen, "invoice_not_editable");
        }

        var specified = discounts.Specify(parameters, "discounts");
        var rates = taxRates.Resolve(parameters, "default_tax_rates", "default_tax_rates");
        var fields = Invoices.CustomFields(parameters);
        var before = invoice.CopyObject();
        invoice["metadata"] = metadata;
        invoice.Take(parameters, "auto_advance", "description", "footer", "number", "effective_at", "default_payment_method", "statement_descriptor", "collection_method", "automatically_finalizes_at");
        Set(invoice, parameters, "custom_fields", fields);
        Set(invoice, parameters, "default_tax_rates", rates);
        if (parameters.ContainsKey("discounts"))
        {
            invoice["discounts"] = discounts.Give(specified, invoice.Arr("discounts"), new JsonObject { ["customer"] = invoice.Copy("customer"), ["invoice"] = invoice.Id() }, world.Now);
        }

        if (parameters.ContainsKey("automatic_tax"))
        {
            AutomaticTax.Check(AutomaticTax.Asked(parameters), world.Store.Get("customer", invoice.Text("customer")!), invoice.Objects("default_tax_rates").Any());
            invoice["automatic_tax"] = AutomaticTax.OfInvoice(AutomaticTax.Asked(parameters));
        }

        UpdateDue(invoice, parameters);
        if (invoice.Text("status") == "draft")
        {
            invoices.Compute(invoice);
            invoices.Schedule(invoice);
        }

        world.Events.EmitIfChanged("invoice.updated", invoice, before);
        return invoice;
    }

    private void UpdateDue(JsonObject invoice, JsonObject parameters)
    {
        if (parameters.MaybeNumber("days_until_due") is { } days)
        {
            invoice["_days_until_due"] = days;
            invoice["_fixed_due_date"] = false;
            invoice["due_date"] = invoice.Number("created") + (days * 86_400);
        }

        if (parameters.MaybeNumber("due_date") is { } due)
        {
            invoice["due_date"] = due;
            invoice["_fixed_due_date"] = true;
            world.Agenda.At(due + 1, () => invoices.StandingChanged(invoice));
        }
    }

    private static void Set(JsonObject invoice, JsonObject parameters, string key, JsonNode? value)
    {
        if (parameters.ContainsKey(key))
        {
            invoice[key] = value;
        }
    }

    private JsonObject Delete(Call call)
    {
        var invoice = world.Store.Get(Kind, call.Id);
        Invoices.Require(invoice, "delete", "draft");
        if (invoice.Obj("parent") is not null)
        {
            throw ApiException.Invalid("You can't delete invoices created by subscriptions.");
        }

        invoices.Discard(invoice);
        world.Events.Emit("invoice.deleted", invoice);
        return new JsonObject { ["id"] = call.Id, ["object"] = Kind, ["deleted"] = true };
    }

    private JsonObject FinalizeNow(Call call)
    {
        var invoice = world.Store.Get(Kind, call.Id);
        Invoices.Require(invoice, "finalize", "draft");
        if (!invoice.Obj("lines")!.Objects("data").Any() && invoice.Obj("parent") is null)
        {
            throw ApiException.Coded(400, "invoice_no_customer_line_items", "Nothing to invoice: the invoice has no line items.");
        }

        foreach (var line in invoice.Obj("lines")!.Objects("data"))
        {
            Currencies.CheckAmount(line.Number("amount"), invoice.Text("currency")!, "amount");
        }

        invoice.Take(call.Parameters, "auto_advance");
        invoices.Finalize(invoice);
        return invoice;
    }

    private JsonObject Send(JsonObject invoice)
    {
        if (invoice.Text("collection_method") != "send_invoice")
        {
            throw ApiException.Invalid("You can only manually send an invoice if its `collection_method` is `send_invoice`.");
        }

        Invoices.Require(invoice, "send", "draft", "open", "paid", "uncollectible");
        if (invoice.Text("status") == "draft")
        {
            invoices.Finalize(invoice);
        }

        world.Events.Emit("invoice.sent", invoice);
        return invoice;
    }

    private JsonObject Pay(Call call)
    {
        var invoice = world.Store.Get(Kind, call.Id);
        if (invoice.Text("status") == "paid")
        {
            throw ApiException.Invalid("Invoice is already paid");
        }

        Invoices.Require(invoice, "pay", "draft", "open", "uncollectible");
        if (invoice.Text("status") == "draft")
        {
            invoices.Finalize(invoice);
        }

        if (call.Parameters.Flag("paid_out_of_band"))
        {
            payments.Abandon(invoice);
            invoice["amount_paid_off_stripe"] = invoice.Number("amount_remaining");
            invoice["amount_paid"] = invoice.Number("amount_due");
            invoice["amount_remaining"] = 0L;
            invoices.MarkPaid(invoice, byPayment: false);
            return invoice;
        }

        var customer = world.Store.Find("customer", invoice.Text("customer")!);
        if ((call.Parameters.Text("payment_method") ?? invoice.Text("default_payment_method") ?? customer?.Obj("invoice_settings")?.Text("default_payment_method")) is null)
        {
            throw ApiException.Invalid("There is no `default_payment_method` set on this Customer or Invoice. Please set a `default_payment_method` prior to paying.");
        }

        invoices.Receive(invoice, invoice.Number("amount_remaining"));
        return invoice;
    }

    private JsonObject AddLines(Call call)
    {
        var invoice = world.Store.Get(Kind, call.Id);
        Invoices.Require(invoice, "add lines to", "draft");
        var before = invoice.CopyObject();
        var index = 0;
        List<(Line Line, JsonArray Discounts)> lines = [];
        foreach (var given in call.Parameters.Objects("lines"))
        {
            lines.Add((ToLine(given, invoice, $"lines[{index}]"), discounts.Specify(given, $"lines[{index}][discounts]")));
            index++;
        }

        foreach (var (line, specified) in lines)
        {
            var given = discounts.Give(specified, null, new JsonObject { ["customer"] = invoice.Copy("customer"), ["invoice"] = invoice.Id() }, world.Now);
            invoices.AddLine(invoice, line with { Discounts = given });
        }

        invoice["metadata"] = Metadata.Merge(invoice.Obj("metadata"), call.Parameters, "invoice_metadata");
        world.Events.EmitIfChanged("invoice.updated", invoice, before);
        return invoice;
    }

    private Line ToLine(JsonObject given, JsonObject invoice, string param)
    {
        var priced = given.ContainsKey("price_data") || given.ContainsKey("pricing");
        if (priced == given.ContainsKey("amount"))
        {
            throw ApiException.Invalid($"A line takes exactly one of `amount`, `pricing` and `price_data`.", param);
        }

        var quantity = given.MaybeDecimal("quantity_decimal") ?? given.MaybeDecimal("quantity") ?? 1;
        var price = given.Obj("price_data") is { } data ? prices.Inline(data, $"{param}[price_data]")
            : given.Obj("pricing") is { } pricing ? prices.Resolve(pricing, $"{param}[pricing]") : null;
        if (price is not null && price.Text("currency") != invoice.Text("currency"))
        {
            throw ApiException.Invalid($"The currency of the line must be the invoice's, {invoice.Text("currency")}.", param);
        }

        var amount = price is null ? given.Number("amount") : Prices.Amount(price, quantity);
        Currencies.CheckAmount(amount, invoice.Text("currency")!, $"{param}[amount]");
        var period = given.Obj("period");
        var parent = new JsonObject
        {
            ["invoice_item_details"] = new JsonObject { ["invoice_item"] = null, ["proration"] = false, ["proration_details"] = null, ["subscription"] = null },
            ["subscription_item_details"] = null,
            ["type"] = "invoice_item_details",
        };
        return new Line(amount, given.Text("description"), period?.Number("start") ?? world.Now, period?.Number("end") ?? world.Now, parent, price, quantity)
        {
            Discountable = given["discountable"] is null || given.Flag("discountable"),
            TaxRates = taxRates.Resolve(given, "tax_rates", $"{param}[tax_rates]"),
            Metadata = Metadata.Merge(null, given, param: $"{param}[metadata]"),
        };
    }
}
