using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Subscriptions: opened by a request or a schedule, changed, canceled, listed.</summary>
public sealed class Subscriptions
{
    private const string Kind = "subscription";
    private const long IncompleteSeconds = 23 * 3600;

    /// <summary>The statuses that are the end.</summary>
    public static readonly IReadOnlySet<string> Ended = new HashSet<string> { "canceled", "incomplete_expired" };

    private readonly World world;
    private readonly Invoices invoices;
    private readonly InvoiceItems invoiceItems;
    private readonly Discounts discounts;
    private readonly TaxRates taxRates;
    private readonly ItemSpecs specs;

    public Subscriptions(World world, Invoices invoices, InvoiceItems invoiceItems, Discounts discounts, TaxRates taxRates, Prices prices)
    {
        this.world = world;
        this.invoices = invoices;
        this.invoiceItems = invoiceItems;
        this.discounts = discounts;
        this.taxRates = taxRates;
        specs = new ItemSpecs(discounts, taxRates, prices);
        Engine = new Engine(world, invoices, discounts) { QueueItem = (subscription, line, item) => invoiceItems.Queue(subscription, line, item) };
        invoices.StandingChanged = UpdateStanding;
        invoices.PaymentFailed = FallBehind;
    }

    public Engine Engine { get; }

    /// <summary>Stores a subscription, plays what it missed and bills it.</summary>
    public JsonObject Open(SubscriptionTerms terms)
    {
        var id = world.Store.NewId("sub");
        var customer = terms.Customer;
        var subscription = world.Store.Add(SubscriptionShape.Build(terms, id, world.Now));
        customer["currency"] ??= terms.Currency;
        subscription["discounts"] = discounts.Give(terms.Discounts, null, new JsonObject { ["customer"] = customer.Id(), ["subscription"] = id }, terms.Start);
        Engine.Open(subscription, terms);
        return subscription;
    }

    /// <summary>The currency the customer is bound to by what runs or waits; null: free.</summary>
    public string? ActiveCurrency(string customer) => world.Store.All(Kind).Where(s => s.Text("customer") == customer && !Ended.Contains(s.Text("status")!))
        .Concat(world.Store.All("subscription_schedule").Where(s => s.Text("customer") == customer && s.Text("status") is "active" or "not_started").SelectMany(s => s.Objects("phases")))
        .Concat(world.Store.All("invoiceitem").Where(item => item.Text("customer") == customer && item["invoice"] is null))
        .Select(o => o.Text("currency"))
        .FirstOrDefault();

    /// <exception cref="ApiException">The customer is bound to another currency.</exception>
    public void CheckCurrency(string customer, string currency)
    {
        if (ActiveCurrency(customer) is { } bound && bound != currency)
        {
            throw ApiException.Invalid(
                "You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency " + bound);
        }
    }

    public IEnumerable<JsonObject> RunningOf(string customer) => world.Store.All(Kind).Where(s => s.Text("customer") == customer && Engine.Runs(s));

    public void CancelAllOf(string customer)
    {
        foreach (var subscription in RunningOf(customer).ToList())
        {
            CancelNow(subscription, invoiceNow: false, prorate: false);
        }
    }

    /// <summary>Ends a subscription at this moment; drafts it left are no longer finalised by themselves.</summary>
    public void CancelNow(JsonObject subscription, bool invoiceNow, bool prorate)
    {
        List<Line> lines = [];
        if (prorate)
        {
            foreach (var item in Engine.Items(subscription))
            {
                Engine.Credit(subscription, item, world.Now, "create_prorations", lines);
            }
        }

        Engine.Cancel(subscription, world.Now, lines);
        foreach (var draft in InvoicesOf(subscription).Where(invoice => invoice.Text("status") == "draft"))
        {
            draft["auto_advance"] = false;
            draft["automatically_finalizes_at"] = null;
        }

        if (invoiceNow || lines.Count > 0)
        {
            Engine.Bill(subscription, lines, "subscription_update", evenIfOnlyPending: invoiceNow);
        }

        Engine.Phases?.SubscriptionCanceled(subscription);
    }

    public IEnumerable<JsonObject> InvoicesOf(JsonObject subscription) =>
        subscription.Texts("_invoices").Select(id => world.Store.Find("invoice", id)).OfType<JsonObject>();

    /// <summary>Removes a subscription and its invoices as if they had never been.</summary>
    public void Erase(JsonObject subscription)
    {
        foreach (var invoice in InvoicesOf(subscription).ToList())
        {
            invoices.Discard(invoice);
        }

        world.Store.Remove(subscription);
    }

    /// <exception cref="ApiException">Sending invoices without saying when they are due.</exception>
    public static void CheckCollection(string method, long? daysUntilDue, string param)
    {
        if (method == "send_invoice" && daysUntilDue is null)
        {
            throw ApiException.Invalid($"If invoices are sent (`collection_method=send_invoice`), you must specify `{param}`.", param, "parameter_missing");
        }

        if (daysUntilDue < 0)
        {
            throw ApiException.Invalid("Invalid non-negative integer", param, "parameter_invalid_integer");
        }
    }

    /// <exception cref="ApiException">The price recurs or has another currency.</exception>
    public static JsonObject OneTime(JsonObject price, string currency, string param)
    {
        if (price.Text("type") != "one_time")
        {
            throw ApiException.Invalid("The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.", $"{param}[price]");
        }

        return price.Text("currency") == currency
            ? price
            : throw ApiException.Invalid($"The price `{price.Id()}` has the currency {price.Text("currency")}, not {currency}.", $"{param}[price]");
    }

    /// <summary>Applies item changes and bills what they cause at once.</summary>
    public void Change(JsonObject subscription, JsonObject parameters, List<ItemSpec>? wanted, List<Line> extras)
    {
        var behavior = parameters.Text("proration_behavior") ?? "create_prorations";
        List<Line> lines = [];
        var at = parameters.MaybeNumber("proration_date") ?? world.Now;
        if (wanted is not null)
        {
            Engine.SetItems(subscription, wanted, at, behavior, lines);
        }

        if (parameters.Text("trial_end") == "now" && subscription.Text("status") == "trialing")
        {
            subscription["status"] = "active";
            subscription["trial_end"] = world.Now;
            Engine.ResetAnchor(subscription, world.Now, "none", lines);
        }
        else if (parameters.MaybeNumber("trial_end") is { } until)
        {
            Engine.StartTrial(subscription, world.Now, until, lines);
        }

        if (parameters.Text("billing_cycle_anchor") == "now")
        {
            Engine.ResetAnchor(subscription, world.Now, behavior, lines);
        }

        foreach (var extra in extras)
        {
            invoiceItems.Queue(subscription, extra, null);
        }

        Engine.Bill(subscription, lines, "subscription_update", evenIfOnlyPending: behavior == "always_invoice");
    }

    /// <summary>An item as it is now.</summary>
    public ItemSpec SpecOf(JsonObject item) => new(
        world.Store.Get("price", item.Obj("price")!.Id()),
        item.MaybeNumber("quantity"),
        item.Texts("discounts").Select(JsonNode? (id) => new JsonObject { ["coupon"] = null, ["discount"] = id, ["promotion_code"] = null }).ToArray(),
        (JsonArray)item.Copy("tax_rates")!,
        (JsonObject)item.Copy("metadata")!);

    /// <summary>An item as a request wants it: what it does not mention stays.</summary>
    public ItemSpec Changed(ItemSpec now, JsonObject given, string param)
    {
        var priced = given.ContainsKey("price") || given.ContainsKey("price_data");
        var parameters = given.CopyObject();
        if (!priced)
        {
            parameters["price"] = now.Price.Id();
        }

        // An inline price is inactive once used, and still stays on the item that has it.
        var read = priced && given.Text("price") != now.Price.Id() ? specs.Read(parameters, param) : now with { Quantity = given.MaybeNumber("quantity") ?? now.Quantity };
        if (given.MaybeNumber("quantity") < 0)
        {
            throw ApiException.Invalid("Invalid non-negative integer", $"{param}[quantity]", "parameter_invalid_integer");
        }

        return read with
        {
            Quantity = read.Price.Obj("recurring")!.Text("usage_type") == "metered" ? null : given.MaybeNumber("quantity") ?? now.Quantity ?? 1,
            Discounts = given.ContainsKey("discounts") ? discounts.Specify(given, $"{param}[discounts]") : now.Discounts,
            TaxRates = given.ContainsKey("tax_rates") ? taxRates.Resolve(given, "tax_rates", $"{param}[tax_rates]") : now.TaxRates,
            Metadata = Metadata.Merge(now.Metadata, given),
        };
    }

    // An invoice past its due date makes the subscription past due; the last one settled makes it active again.
    private void UpdateStanding(JsonObject invoice)
    {
        if (invoice.Obj("parent")?.Obj("subscription_details")?.Text("subscription") is not { } id
            || world.Store.Find(Kind, id) is not { } subscription
            || subscription.Text("status") is not ("active" or "past_due" or "incomplete"))
        {
            return;
        }

        var before = subscription.CopyObject();
        var late = InvoicesOf(subscription).Any(i => i.Text("status") == "open" && (i.MaybeNumber("due_date") < world.Now || i.Text("collection_method") == "charge_automatically"));
        subscription["status"] = late ? subscription.Text("status") == "incomplete" ? "incomplete" : "past_due" : "active";
        world.Events.EmitIfChanged("customer.subscription.updated", subscription, before);
    }

    private void FallBehind(JsonObject invoice)
    {
        if (invoice.Obj("parent")?.Obj("subscription_details")?.Text("subscription") is not { } id || world.Store.Find(Kind, id) is not { } subscription)
        {
            return;
        }

        var before = subscription.CopyObject();
        var first = invoice.Text("billing_reason") == "subscription_create" && subscription["schedule"] is null;
        subscription["status"] = first ? "incomplete" : "past_due";
        world.Events.EmitIfChanged("customer.subscription.updated", subscription, before);
        if (first)
        {
            world.Agenda.At(world.Now + IncompleteSeconds, () => Expire(subscription, invoice));
        }
    }

    private void Expire(JsonObject subscription, JsonObject invoice)
    {
        if (subscription.Text("status") != "incomplete")
        {
            return;
        }

        var before = subscription.CopyObject();
        subscription["status"] = "incomplete_expired";
        subscription["ended_at"] = world.Now;
        invoices.Void(invoice);
        world.Events.Emit("customer.subscription.updated", subscription, before);
    }
}
