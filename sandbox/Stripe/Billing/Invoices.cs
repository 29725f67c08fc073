using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Invoices from draft to their end: finalised an hour after they were drafted, then open, paid, void or written off.</summary>
public sealed class Invoices(World world, Payments payments, Discounts discounts)
{
    /// <summary>How long an invoice of the engine stays a draft.</summary>
    public const long DraftSeconds = 3600;

    private const int MaxLines = 250;

    /// <summary>Told when an invoice passes its due date unpaid, is paid, or goes away.</summary>
    public Action<JsonObject> StandingChanged { get; set; } = _ => { };

    /// <summary>Told when an invoice that charges automatically could not be paid.</summary>
    public Action<JsonObject> PaymentFailed { get; set; } = _ => { };

    /// <summary>A stored draft without lines; <see cref="Announce"/> it when it has them.</summary>
    public JsonObject Draft(InvoiceTerms terms) => world.Store.Add(InvoiceShape.Build(terms, world.Store.NewId("in"), world.Now));

    /// <summary>Puts a line on a draft and adds it up anew.</summary>
    /// <returns>The stored line.</returns>
    /// <exception cref="ApiException">The invoice is full.</exception>
    public JsonObject AddLine(JsonObject invoice, Line line)
    {
        var data = invoice.Obj("lines")!.Arr("data")!;
        if (data.Count >= MaxLines)
        {
            throw ApiException.Invalid($"An invoice can have at most {MaxLines} line items.", "lines");
        }

        var stored = InvoiceShape.Show(line, invoice, world.Store.NewId("il"));
        data.Add(stored);
        Compute(invoice);
        return stored;
    }

    /// <summary>Makes a draft known: event, and the finalisation an hour later.</summary>
    public void Announce(JsonObject invoice)
    {
        Compute(invoice);
        world.Events.Emit("invoice.created", invoice);
        Schedule(invoice);
    }

    /// <summary>Finalises: number, due date, balance applied, and paid at once when nothing is due.</summary>
    public void Finalize(JsonObject invoice)
    {
        Compute(invoice);
        var customer = world.Store.Find("customer", invoice.Text("customer")!);
        Number(invoice, customer);
        var now = world.Now;
        invoice["status"] = "open";
        invoice["effective_at"] ??= now;
        invoice["automatically_finalizes_at"] = null;
        invoice.Obj("status_transitions")!["finalized_at"] = now;
        invoice["hosted_invoice_url"] = $"https://invoice.stripe.com/i/acct_sandbox/test_{invoice.Id()}";
        invoice["invoice_pdf"] = $"https://pay.stripe.com/invoice/acct_sandbox/test_{invoice.Id()}/pdf";
        if (invoice.MaybeNumber("_days_until_due") is { } days && !invoice.Flag("_fixed_due_date"))
        {
            invoice["due_date"] = now + (days * 86_400);
        }

        ApplyBalance(invoice, customer);
        world.Events.Emit("invoice.finalized", invoice);
        if (invoice.Number("amount_due") == 0)
        {
            MarkPaid(invoice, byPayment: true);
            return;
        }

        payments.Expect(invoice);
        if (invoice.MaybeNumber("due_date") is { } due)
        {
            world.Agenda.At(due + 1, () => StandingChanged(invoice));
        }

        if (invoice.Text("collection_method") == "charge_automatically")
        {
            Charge(invoice, customer);
        }
        else if (invoice.Flag("auto_advance"))
        {
            world.Events.Emit("invoice.sent", invoice);
        }
    }

    /// <summary>Books money that arrived: part of what remains, all of it, or more.</summary>
    /// <param name="invoice">An open or written-off invoice.</param>
    /// <param name="amount">Minor units, positive.</param>
    public void Receive(JsonObject invoice, long amount)
    {
        var before = invoice.CopyObject();
        var applied = Math.Min(amount, invoice.Number("amount_remaining"));
        var settles = applied == invoice.Number("amount_remaining");
        payments.Arrive(invoice, amount, settles);
        invoice["amount_paid"] = invoice.Number("amount_paid") + applied;
        invoice["amount_remaining"] = invoice.Number("amount_remaining") - applied;
        invoice["attempted"] = true;
        if (amount > applied && world.Store.Find("customer", invoice.Text("customer")!) is { } customer)
        {
            invoice["amount_overpaid"] = amount - applied;
            Balances.Book(world, customer, applied - amount, invoice.Text("currency")!, "invoice_overpaid", invoice.Id());
            world.Events.Emit("invoice.overpaid", invoice);
        }

        if (settles)
        {
            MarkPaid(invoice, byPayment: true);
        }
        else
        {
            world.Events.Emit("invoice.updated", invoice, before);
        }
    }

    /// <summary>Nothing remains: paid, with its events.</summary>
    /// <param name="invoice">The invoice.</param>
    /// <param name="byPayment">False for money outside the service, which is no successful payment to it.</param>
    public void MarkPaid(JsonObject invoice, bool byPayment)
    {
        var before = invoice.CopyObject();
        invoice["status"] = "paid";
        invoice["attempted"] = true;
        invoice["next_payment_attempt"] = null;
        invoice.Obj("status_transitions")!["paid_at"] = world.Now;
        world.Events.Emit("invoice.updated", invoice, before);
        world.Events.Emit("invoice.paid", invoice);
        if (byPayment)
        {
            world.Events.Emit("invoice.payment_succeeded", invoice);
        }

        StandingChanged(invoice);
    }

    /// <exception cref="ApiException">Only open and written-off invoices can be voided.</exception>
    public JsonObject Void(JsonObject invoice)
    {
        Require(invoice, "void", "open", "uncollectible");
        payments.Abandon(invoice);
        if (invoice.Number("starting_balance") != (invoice.MaybeNumber("ending_balance") ?? 0) && world.Store.Find("customer", invoice.Text("customer")!) is { } customer)
        {
            // What the balance gave to this invoice goes back.
            Balances.Book(world, customer, invoice.Number("starting_balance") - invoice.Number("ending_balance"), invoice.Text("currency")!, "unapplied_from_invoice", invoice.Id());
        }

        return End(invoice, "void", "voided_at", "invoice.voided");
    }

    /// <summary>Drops the draft as if it had never been.</summary>
    public void Discard(JsonObject invoice)
    {
        world.Store.Remove(invoice);
        foreach (var item in world.Store.All("invoiceitem").Where(item => item.Text("invoice") == invoice.Id()).ToList())
        {
            world.Store.Remove(item);
        }
    }

    /// <summary>Adds a draft up anew, its claim on the customer's balance included.</summary>
    public void Compute(JsonObject invoice)
    {
        Totals.Compute(invoice, discounts);
        var total = invoice.Number("total");
        var balance = world.Store.Find("customer", invoice.Text("customer")!)?.MaybeNumber("balance") ?? 0;
        invoice["starting_balance"] = balance;
        invoice["amount_due"] = Math.Max(0, total < 0 ? 0 : total + balance);
        invoice["amount_remaining"] = invoice.Number("amount_due");
    }

    /// <exception cref="ApiException">The invoice is in another status.</exception>
    public static void Require(JsonObject invoice, string verb, params ReadOnlySpan<string> statuses)
    {
        if (!statuses.Contains(invoice.Text("status")!))
        {
            throw ApiException.Coded(400, "invoice_not_editable", $"You can't {verb} this invoice because it is `{invoice.Text("status")}`.");
        }
    }

    /// <summary>Puts the customer's pending items on a draft.</summary>
    /// <param name="invoice">The draft.</param>
    /// <param name="subscription">Those of this subscription too; null: only those of none.</param>
    public void TakePending(JsonObject invoice, string? subscription)
    {
        foreach (var item in world.Store.All("invoiceitem").Where(item => item["invoice"] is null
            && item.Text("customer") == invoice.Text("customer") && item.Text("currency") == invoice.Text("currency")
            && (InvoiceItems.SubscriptionOf(item) is not { } owner || owner == subscription)).ToList())
        {
            AddItem(invoice, item);
        }
    }

    /// <summary>Puts an invoice item on a draft as a line.</summary>
    public void AddItem(JsonObject invoice, JsonObject item)
    {
        item["invoice"] = invoice.Id();
        var period = item.Obj("period")!;
        var price = item.Obj("pricing")?.Obj("price_details")?.Text("price") is { } id ? world.Store.Find(id) : null;
        var parent = new JsonObject
        {
            ["invoice_item_details"] = new JsonObject
            {
                ["invoice_item"] = item.Id(),
                ["proration"] = item.Copy("proration"),
                ["proration_details"] = new JsonObject { ["credited_items"] = null },
                ["subscription"] = InvoiceItems.SubscriptionOf(item),
            },
            ["subscription_item_details"] = null,
            ["type"] = "invoice_item_details",
        };
        AddLine(invoice, new Line(item.Number("amount"), item.Text("description"), period.Number("start"), period.Number("end"), parent, price, item.MaybeDecimal("quantity_decimal"))
        {
            Discounts = (JsonArray)item.Copy("discounts")!,
            Discountable = item.Flag("discountable"),
            TaxRates = (JsonArray?)item.Copy("tax_rates") ?? [],
            Metadata = (JsonObject)item.Copy("metadata")!,
            Subscription = InvoiceItems.SubscriptionOf(item),
        });
    }

    /// <exception cref="ApiException">More than four fields, or one too long.</exception>
    public static JsonNode? CustomFields(JsonObject parameters, string param = "custom_fields")
    {
        var fields = parameters.Objects("custom_fields").ToList();
        if (fields.Count > 4)
        {
            throw ApiException.Invalid("You can have at most 4 custom fields.", param);
        }

        if (fields.Any(field => field.Text("name")!.Length > 40 || field.Text("value")!.Length > 140))
        {
            throw ApiException.Invalid("Custom fields take names of at most 40 and values of at most 140 characters.", param);
        }

        return fields.Count == 0 ? null : parameters.Copy("custom_fields");
    }

    /// <summary>Finalises a draft when its time has come, unless it has moved on or is held by then.</summary>
    public void Schedule(JsonObject invoice)
    {
        if (!invoice.Flag("auto_advance"))
        {
            invoice["automatically_finalizes_at"] = null;
            return;
        }

        if (invoice.MaybeNumber("automatically_finalizes_at") is not { } at)
        {
            invoice["automatically_finalizes_at"] = at = world.Now + DraftSeconds;
        }

        world.Agenda.At(at, () =>
        {
            if (invoice.Text("status") == "draft" && invoice.MaybeNumber("automatically_finalizes_at") == at && world.Store.Find(invoice.Id()) is not null)
            {
                Finalize(invoice);
            }
        });
    }

    private static void Number(JsonObject invoice, JsonObject? customer)
    {
        if (invoice["number"] is null && customer is not null)
        {
            var next = customer.Number("next_invoice_sequence");
            invoice["number"] = string.Create(CultureInfo.InvariantCulture, $"{customer.Text("invoice_prefix")}-{next:D4}");
            customer["next_invoice_sequence"] = next + 1;
        }
    }

    // Negative totals credit the balance; a credit lowers what is due; too little to charge is carried over.
    private void ApplyBalance(JsonObject invoice, JsonObject? customer)
    {
        var (total, balance) = (invoice.Number("total"), invoice.Number("starting_balance"));
        var due = total < 0 ? 0 : Math.Max(0, total + balance);
        if (due > 0 && due < Currencies.SmallestCharge(invoice.Text("currency")!))
        {
            due = 0;
        }

        var ending = balance + total - due;
        invoice["amount_due"] = due;
        invoice["amount_remaining"] = due;
        invoice["ending_balance"] = ending;
        if (customer is not null && ending != balance)
        {
            Balances.Book(world, customer, ending - balance, invoice.Text("currency")!, "applied_to_invoice", invoice.Id());
        }
    }

    // No cards are simulated: a payment method on file pays, unless its name says it is declined.
    private void Charge(JsonObject invoice, JsonObject? customer)
    {
        var method = invoice.Text("default_payment_method") ?? customer?.Obj("invoice_settings")?.Text("default_payment_method");
        invoice["attempt_count"] = invoice.Number("attempt_count") + 1;
        invoice["attempted"] = true;
        if (method is not null && !method.Contains("Declined", StringComparison.OrdinalIgnoreCase))
        {
            Receive(invoice, invoice.Number("amount_remaining"));
            return;
        }

        world.Events.Emit("invoice.payment_failed", invoice);
        PaymentFailed(invoice);
    }

    /// <exception cref="ApiException">Only open invoices can be written off.</exception>
    public JsonObject WriteOff(JsonObject invoice)
    {
        Require(invoice, "mark as uncollectible", "open");
        return End(invoice, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible");
    }

    private JsonObject End(JsonObject invoice, string status, string transition, string type)
    {
        var before = invoice.CopyObject();
        invoice["status"] = status;
        invoice["next_payment_attempt"] = null;
        invoice.Obj("status_transitions")![transition] = world.Now;
        world.Events.Emit("invoice.updated", invoice, before);
        world.Events.Emit(type, invoice);
        StandingChanged(invoice);
        return invoice;
    }
}
