using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Corrections of finalised invoices: first they lower what remains to be paid, the excess goes to the balance, back, or outside.</summary>
public sealed class CreditNotes(World world, Invoices invoices, Payments payments, TaxRates taxRates)
{
    private const string Kind = "credit_note";

    public void Register(Routes routes)
    {
        routes.On("POST /v1/credit_notes", Create, "shipping_cost", "refunds");
        routes.On("GET /v1/credit_notes/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/credit_notes/{id}", Update);
        routes.On("POST /v1/credit_notes/{id}/void", Void);
        routes.On("GET /v1/credit_notes", call => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path));
        routes.On("GET /v1/credit_notes/{id}/lines", call =>
            Lists.Envelope(world.Store.Get(Kind, call.Id).Obj("lines")!.Objects("data").Take(Lists.Limit(call.Parameters)), false, call.Path));
    }

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        var invoice = world.Store.Get("invoice", parameters.Text("invoice")!, "invoice");
        if (invoice.Text("status") is "draft" or "void")
        {
            throw ApiException.Invalid($"You can only create credit notes for finalized invoices; this one is `{invoice.Text("status")}`.", "invoice");
        }

        var lines = Lines(parameters, invoice);
        var amount = Amount(parameters, invoice, lines);
        var before = Math.Min(amount, invoice.Text("status") == "paid" ? 0 : invoice.Number("amount_remaining"));
        CheckExcess(parameters, amount - before);
        var customer = world.Store.Get("customer", invoice.Text("customer")!);
        var note = world.Store.Add(Build(parameters, invoice, lines, amount, before));
        Book(note, invoice, customer, before, parameters);
        world.Events.Emit("credit_note.created", note);
        return note;
    }

    private long Amount(JsonObject parameters, JsonObject invoice, JsonArray lines)
    {
        if (!parameters.ContainsKey("amount") && lines.Count == 0)
        {
            throw ApiException.Invalid("You must pass one of `amount`, `lines` or `shipping_cost`.", "amount", "parameter_missing");
        }

        var ofLines = lines.OfType<JsonObject>().Sum(line => line.Number("_with_tax"));
        var amount = lines.Count == 0 ? parameters.Number("amount") : ofLines;
        if (parameters.MaybeNumber("amount") is { } stated && stated != amount)
        {
            throw ApiException.Invalid($"The amount {stated} does not match the sum of the lines, {amount}.", "amount");
        }

        var credited = world.Store.All(Kind).Where(note => note.Text("invoice") == invoice.Id() && note.Text("status") == "issued").Sum(note => note.Number("total"));
        return amount > 0 && amount <= invoice.Number("total") - credited
            ? amount
            : throw ApiException.Invalid($"The amount must be positive and at most what is left to credit, {invoice.Number("total") - credited}.", "amount");
    }

    private static void CheckExcess(JsonObject parameters, long excess)
    {
        var placed = (parameters.MaybeNumber("credit_amount") ?? 0) + (parameters.MaybeNumber("refund_amount") ?? 0) + (parameters.MaybeNumber("out_of_band_amount") ?? 0);
        if (placed != excess)
        {
            throw ApiException.Invalid($"The sum of credit amount, refund amount and out of band amount ({placed}) must equal the post payment amount ({excess}).");
        }
    }

    private JsonArray Lines(JsonObject parameters, JsonObject invoice) => parameters.Objects("lines").Select((given, at) =>
    {
        var source = given.Text("invoice_line_item") is { } id
            ? invoice.Obj("lines")!.Objects("data").FirstOrDefault(line => line.Id() == id) ?? throw ApiException.NoSuch("invoice_line_item", id, $"lines[{at}][invoice_line_item]")
            : null;
        if ((given.Text("type") == "invoice_line_item") != (source is not null))
        {
            throw ApiException.Missing($"lines[{at}][invoice_line_item]");
        }

        var quantity = given.MaybeNumber("quantity");
        var amount = given.MaybeNumber("amount") ?? LineAmount(given, source, quantity, at);
        var rates = taxRates.Resolve(given, "tax_rates", $"lines[{at}][tax_rates]");
        if (source is not null && rates.Count > 0)
        {
            throw ApiException.Invalid("`tax_rates` may only be set on custom line items.", $"lines[{at}][tax_rates]");
        }

        var taxes = source is null ? Totals.Taxes(amount, rates.OfType<JsonObject>()) : Taxes(source, amount);
        var exclusive = taxes.OfType<JsonObject>().Where(tax => tax.Text("tax_behavior") == "exclusive").Sum(tax => tax.Number("amount"));
        return (JsonNode?)new JsonObject
        {
            ["id"] = world.Store.NewId("cnli"),
            ["object"] = "credit_note_line_item",
            ["amount"] = amount,
            ["description"] = given.Text("description") ?? source?.Text("description"),
            ["discount_amount"] = 0L,
            ["discount_amounts"] = new JsonArray(),
            ["invoice_line_item"] = source?.Id(),
            ["livemode"] = false,
            ["metadata"] = Metadata.Merge(null, given),
            ["pretax_credit_amounts"] = new JsonArray(),
            ["quantity"] = quantity,
            ["tax_rates"] = new JsonArray(),
            ["taxes"] = taxes,
            ["type"] = given.Copy("type"),
            ["unit_amount"] = given.Copy("unit_amount"),
            ["unit_amount_decimal"] = (given.MaybeDecimal("unit_amount_decimal") ?? given.MaybeDecimal("unit_amount"))?.Plain(),
            ["_with_tax"] = amount + exclusive,
        };
    }).ToArray();

    private static long LineAmount(JsonObject given, JsonObject? source, long? quantity, int at)
    {
        var unit = given.MaybeDecimal("unit_amount_decimal") ?? given.MaybeDecimal("unit_amount")
            ?? (source is null ? null : source.Number("amount") / Math.Max(1m, source.MaybeDecimal("quantity_decimal") ?? 1));
        return unit is { } price ? Prices.Round(price * (quantity ?? 1)) : throw ApiException.Missing($"lines[{at}][unit_amount]");
    }

    // The share of the invoice line's taxes that the credited amount has in the line.
    private static JsonArray Taxes(JsonObject? source, long amount)
    {
        var net = source is null ? 0 : source.Number("amount") - source.Objects("discount_amounts").Sum(taken => taken.Number("amount"));
        return net == 0 ? [] : source!.Objects("taxes").Select(JsonNode? (tax) =>
        {
            var share = tax.CopyObject();
            share["amount"] = Prices.Round((decimal)tax.Number("amount") * amount / net);
            share["taxable_amount"] = amount;
            return share;
        }).ToArray();
    }

    private JsonObject Build(JsonObject parameters, JsonObject invoice, JsonArray lines, long amount, long before)
    {
        var id = world.Store.NewId("cn");
        var taxes = lines.OfType<JsonObject>().SelectMany(line => line.Objects("taxes")).ToList();
        var tax = taxes.Sum(share => share.Number("amount"));
        var ordinal = world.Store.All(Kind).Count(note => note.Text("invoice") == invoice.Id()) + 1;
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = Kind,
            ["amount"] = amount,
            ["amount_shipping"] = 0L,
            ["created"] = world.Now,
            ["currency"] = invoice.Copy("currency"),
            ["customer"] = invoice.Copy("customer"),
            ["customer_account"] = null,
            ["customer_balance_transaction"] = null,
            ["discount_amount"] = 0L,
            ["discount_amounts"] = new JsonArray(),
            ["effective_at"] = parameters.Copy("effective_at") ?? world.Now,
            ["invoice"] = invoice.Id(),
            ["lines"] = Json.List($"/v1/credit_notes/{id}/lines", lines),
            ["livemode"] = false,
            ["memo"] = parameters.Copy("memo"),
            ["metadata"] = Metadata.Merge(null, parameters),
            ["number"] = string.Create(CultureInfo.InvariantCulture, $"{invoice.Text("number")}-CN-{ordinal:D2}"),
            ["out_of_band_amount"] = parameters.Copy("out_of_band_amount"),
            ["pdf"] = $"https://pay.stripe.com/credit_notes/acct_sandbox/test_{id}/pdf",
            ["post_payment_amount"] = amount - before,
            ["pre_payment_amount"] = before,
            ["pretax_credit_amounts"] = new JsonArray(),
            ["reason"] = parameters.Copy("reason"),
            ["refunds"] = new JsonArray(),
            ["shipping_cost"] = null,
            ["status"] = "issued",
            ["subtotal"] = amount - tax,
            ["subtotal_excluding_tax"] = amount - tax,
            ["total"] = amount,
            ["total_excluding_tax"] = amount - tax,
            ["total_taxes"] = taxes.Select(share => share.DeepClone()).ToArray(),
            ["type"] = before == amount ? "pre_payment" : before == 0 ? "post_payment" : "mixed",
            ["voided_at"] = null,
        };
    }

    private void Book(JsonObject note, JsonObject invoice, JsonObject customer, long before, JsonObject parameters)
    {
        var was = invoice.CopyObject();
        invoice["pre_payment_credit_notes_amount"] = invoice.Number("pre_payment_credit_notes_amount") + before;
        invoice["post_payment_credit_notes_amount"] = invoice.Number("post_payment_credit_notes_amount") + note.Number("post_payment_amount");
        invoice["amount_due"] = invoice.Number("amount_due") - before;
        invoice["amount_remaining"] = invoice.Number("amount_remaining") - before;
        if (parameters.MaybeNumber("credit_amount") is > 0 and var credit)
        {
            var entry = Balances.Book(world, customer, -credit, note.Text("currency")!, "credit_note", invoice.Id());
            entry["credit_note"] = note.Id();
            note["customer_balance_transaction"] = entry.Id();
        }

        if (parameters.MaybeNumber("refund_amount") is > 0 and var refunded)
        {
            note.Arr("refunds")!.Add(new JsonObject { ["amount_refunded"] = refunded, ["refund"] = Refund(invoice, refunded).Id(), ["type"] = "refund" });
        }

        if (before > 0 && invoice.Number("amount_remaining") == 0 && invoice.Text("status") == "open")
        {
            payments.Abandon(invoice);
            invoices.MarkPaid(invoice, byPayment: false);
        }
        else
        {
            world.Events.EmitIfChanged("invoice.updated", invoice, was);
        }
    }

    private JsonObject Refund(JsonObject invoice, long amount)
    {
        var intent = payments.Of(invoice).FirstOrDefault(payment => payment.Text("status") == "paid")?.Obj("payment")?.Text("payment_intent");
        var refund = world.Store.Add(new JsonObject
        {
            ["id"] = world.Store.NewId("re"),
            ["object"] = "refund",
            ["amount"] = amount,
            ["balance_transaction"] = null,
            ["charge"] = intent is null ? null : world.Store.Get("payment_intent", intent).Copy("latest_charge"),
            ["created"] = world.Now,
            ["currency"] = invoice.Copy("currency"),
            ["customer"] = invoice.Copy("customer"),
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = intent,
            ["reason"] = null,
            ["receipt_number"] = null,
            ["status"] = "succeeded",
        });
        world.Events.Emit("refund.created", refund);
        return refund;
    }

    private JsonObject Update(Call call)
    {
        var note = world.Store.Get(Kind, call.Id);
        var metadata = Metadata.Merge(note.Obj("metadata"), call.Parameters);
        var before = note.CopyObject();
        note["metadata"] = metadata;
        note.Take(call.Parameters, "memo");
        world.Events.EmitIfChanged("credit_note.updated", note, before);
        return note;
    }

    private JsonObject Void(Call call)
    {
        var note = world.Store.Get(Kind, call.Id);
        var invoice = world.Store.Get("invoice", note.Text("invoice")!);
        if (note.Text("status") == "void" || note.Text("type") != "pre_payment" || invoice.Text("status") != "open")
        {
            throw ApiException.Invalid("You can only void an issued credit note of an open invoice.");
        }

        var was = invoice.CopyObject();
        note["status"] = "void";
        note["voided_at"] = world.Now;
        invoice["pre_payment_credit_notes_amount"] = invoice.Number("pre_payment_credit_notes_amount") - note.Number("amount");
        invoice["amount_due"] = invoice.Number("amount_due") + note.Number("amount");
        invoice["amount_remaining"] = invoice.Number("amount_remaining") + note.Number("amount");
        world.Events.Emit("credit_note.voided", note);
        world.Events.Emit("invoice.updated", invoice, was);
        return note;
    }
}
