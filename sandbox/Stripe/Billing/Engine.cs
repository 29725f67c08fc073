using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Bills subscriptions as time passes: periods in advance, usage afterwards, prorations when items change within a period.</summary>
/// <remarks>
/// Subscriptions and items are the stored objects. Notes on an item: <c>_billed</c>, what its running period was billed in full.
/// All lines that fall due between two looks at the clock share one invoice, which is how a backdated start gets one line per missed period.
/// </remarks>
public sealed class Engine(World world, Invoices invoices, Discounts discounts)
{
    /// <summary>The schedules, which act first at any moment.</summary>
    public IPhases? Phases { get; set; }

    /// <summary>Usage of a metered price by a customer from (inclusive) to (exclusive), Unix seconds.</summary>
    public Func<JsonObject, string, long, long, decimal> Usage { get; set; } = (_, _, _, _) => 0;

    public Action<JsonObject, Line, string?> QueueItem { get; set; } = (_, _, _) => { };

    public static IEnumerable<JsonObject> Items(JsonObject subscription) => subscription.Obj("items")!.Objects("data");

    public static bool Runs(JsonObject subscription) => subscription.Text("status") is "active" or "trialing" or "past_due" or "unpaid" or "paused" or "incomplete";

    /// <summary>Gives a new subscription its items, their first periods and everything missed since its start.</summary>
    public void Open(JsonObject subscription, SubscriptionTerms terms)
    {
        List<Line> lines = [.. terms.Extras];
        foreach (var spec in terms.Items)
        {
            Begin(subscription, Attach(subscription, spec, terms.Start), terms.Start, terms.ProrationBehavior, lines, opening: true);
        }

        terms.Begun(subscription);
        PlayUntilNow(subscription, lines);
        world.Events.Emit("customer.subscription.created", subscription);
        if (Bill(subscription, lines, "subscription_create") is { } first && terms.FinalizeFirst)
        {
            invoices.Finalize(first);
        }

        Arm(subscription);
    }

    /// <summary>Plays everything due by now and bills it.</summary>
    public void Play(JsonObject subscription)
    {
        if (!Runs(subscription) || world.Store.Find(subscription.Id()) is null)
        {
            return;
        }

        var before = subscription.CopyObject();
        List<Line> lines = [];
        PlayUntilNow(subscription, lines);
        Bill(subscription, lines, "subscription_cycle");
        if (Runs(subscription))
        {
            world.Events.EmitIfChanged("customer.subscription.updated", subscription, before);
        }

        Arm(subscription);
    }

    /// <summary>Makes the subscription hold exactly <paramref name="specs"/>; items with the same price stay what they are.</summary>
    /// <param name="subscription">The stored subscription.</param>
    /// <param name="specs">What it is to hold.</param>
    /// <param name="at">Moment of the change, Unix seconds.</param>
    /// <param name="behavior"><c>none</c>, <c>create_prorations</c> or <c>always_invoice</c>.</param>
    /// <param name="lines">Takes what has to be billed at once.</param>
    public void SetItems(JsonObject subscription, IReadOnlyList<ItemSpec> specs, long at, string behavior, List<Line> lines)
    {
        var held = Items(subscription).ToDictionary(item => item.Obj("price")!.Id(), StringComparer.Ordinal);
        foreach (var gone in held.Where(item => specs.All(spec => spec.Price.Id() != item.Key)).Select(item => item.Value).ToList())
        {
            Remove(subscription, gone, at, behavior, lines);
        }

        foreach (var spec in specs)
        {
            if (held.TryGetValue(spec.Price.Id(), out var item))
            {
                Describe(subscription, item, spec, at);
                SetQuantity(subscription, item, spec.Quantity, at, behavior, lines);
            }
            else
            {
                Begin(subscription, Attach(subscription, spec, at), at, behavior, lines, opening: false);
            }
        }
    }

    /// <summary>Puts a price on the subscription, its period still to be begun.</summary>
    public JsonObject Attach(JsonObject subscription, ItemSpec spec, long at)
    {
        var item = new JsonObject
        {
            ["id"] = world.Store.NewId("si"),
            ["object"] = "subscription_item",
            ["billing_thresholds"] = null,
            ["created"] = world.Now,
            ["current_period_end"] = at,
            ["current_period_start"] = at,
            ["discounts"] = new JsonArray(),
            ["metadata"] = new JsonObject(),
            ["plan"] = Plan(spec.Price),
            ["price"] = spec.Price.DeepClone(),
            ["subscription"] = subscription.Id(),
            ["tax_rates"] = new JsonArray(),
            ["_billed"] = 0L,
        };
        if (spec.Quantity is { } quantity)
        {
            item["quantity"] = quantity;
        }

        subscription.Obj("items")!.Arr("data")!.Add(item);
        Describe(subscription, item, spec, at);
        return item;
    }

    /// <summary>Starts an item's first period: in full on a billing boundary, else prorated or free until the next one.</summary>
    public void Begin(JsonObject subscription, JsonObject item, long at, string behavior, List<Line> lines, bool opening)
    {
        var cycle = Cycle.Of(item.Obj("price")!);
        var anchor = subscription.Number("billing_cycle_anchor");
        if (InTrial(subscription, at))
        {
            SetPeriod(item, at, subscription.Number("trial_end"));
            item["_billed"] = 0L;
            lines.Add(LineFor(subscription, item, 0, at, subscription.Number("trial_end"), $"Trial period for {ProductName(item)}"));
            return;
        }

        var (start, end) = (cycle.AtOrBefore(anchor, at), cycle.After(anchor, at));
        SetPeriod(item, at, end);
        if (start == at)
        {
            Charge(subscription, item, lines);
            return;
        }

        item["_billed"] = 0L;
        if (behavior != "none" && !Metered(item))
        {
            var share = Share(FullAmount(item), end - at, end - start);
            var line = LineFor(subscription, item, share, at, end, $"Remaining time on {Label(item)}");
            item["_billed"] = share;
            Prorate(subscription, item, line, opening ? "always_invoice" : behavior, lines);
        }
    }

    /// <summary>Takes an item off, crediting what was billed for time not used.</summary>
    public void Remove(JsonObject subscription, JsonObject item, long at, string behavior, List<Line> lines)
    {
        Credit(subscription, item, at, behavior, lines);
        BillUsage(subscription, item, at, lines);
        subscription.Obj("items")!.Arr("data")!.Remove(item);
    }

    public void SetQuantity(JsonObject subscription, JsonObject item, long? quantity, long at, string behavior, List<Line> lines)
    {
        if (item.MaybeNumber("quantity") == quantity)
        {
            return;
        }

        Credit(subscription, item, at, behavior, lines);
        item["quantity"] = quantity;
        var (start, end) = (item.Number("current_period_start"), item.Number("current_period_end"));
        if (behavior == "none" || end <= at || InTrial(subscription, at))
        {
            return;
        }

        item["_billed"] = FullAmount(item);
        var line = LineFor(subscription, item, Share(FullAmount(item), end - at, end - start), at, end, $"Remaining time on {Label(item)}");
        Prorate(subscription, item, line, behavior, lines);
    }

    /// <summary>Makes <paramref name="at"/> the anchor and bills every item whose period is cut by it anew; one that ends there rolls on by itself.</summary>
    public void ResetAnchor(JsonObject subscription, long at, string behavior, List<Line> lines)
    {
        subscription["billing_cycle_anchor"] = at;
        foreach (var item in Items(subscription).Where(item => item.Number("current_period_start") < at && item.Number("current_period_end") > at))
        {
            Credit(subscription, item, at, behavior, lines);
            BillUsage(subscription, item, at, lines);
            SetPeriod(item, at, Cycle.Of(item.Obj("price")!).After(at, at));
            Charge(subscription, item, lines);
        }
    }

    /// <summary>Starts a free stretch: every item's period ends with it, and billing is counted from there.</summary>
    public void StartTrial(JsonObject subscription, long at, long until, List<Line> lines)
    {
        DeclareTrial(subscription, at, until);
        foreach (var item in Items(subscription).Where(item => item.Number("current_period_start") != at || item.Number("current_period_end") != until))
        {
            SetPeriod(item, at, until);
            item["_billed"] = 0L;
            lines.Add(LineFor(subscription, item, 0, at, until, $"Trial period for {ProductName(item)}"));
        }
    }

    /// <summary>Says that nothing is billed until <paramref name="until"/>; the items' periods are still to follow.</summary>
    public static void DeclareTrial(JsonObject subscription, long at, long until)
    {
        subscription["trial_start"] = at;
        subscription["trial_end"] = until;
        subscription["billing_cycle_anchor"] = until;
        subscription["status"] = "trialing";
    }

    /// <summary>Ends the subscription; usage not yet billed is.</summary>
    public void Cancel(JsonObject subscription, long at, List<Line> lines)
    {
        foreach (var item in Items(subscription))
        {
            BillUsage(subscription, item, at, lines);
        }

        subscription["status"] = "canceled";
        subscription["ended_at"] = at;
        subscription["canceled_at"] ??= at;
        world.Events.Emit("customer.subscription.deleted", subscription);
    }

    /// <summary>Drafts the invoice of what has come due, pending items included.</summary>
    /// <returns>The draft; null when there is nothing to bill.</returns>
    public JsonObject? Bill(JsonObject subscription, List<Line> lines, string reason, bool evenIfOnlyPending = false)
    {
        if (lines.Count == 0 && !(evenIfOnlyPending && HasPending(subscription)))
        {
            return null;
        }

        var customer = world.Store.Get("customer", subscription.Text("customer")!);
        customer["currency"] ??= subscription.Text("currency");
        var settings = subscription.Obj("invoice_settings")!;
        var invoice = invoices.Draft(new InvoiceTerms(customer, subscription.Text("currency")!, reason, subscription.Text("collection_method")!)
        {
            DaysUntilDue = subscription.MaybeNumber("days_until_due"),
            Subscription = subscription,
            DefaultTaxRates = (JsonArray?)subscription.Copy("default_tax_rates") ?? [],
            Discounts = Live(subscription.Arr("discounts"), world.Now),
            Description = settings.Text("description"),
            Footer = settings.Text("footer"),
            CustomFields = settings["custom_fields"],
            PeriodStart = subscription.MaybeNumber("_last_invoiced"),
        });
        invoice["default_payment_method"] = subscription.Copy("default_payment_method");
        invoices.TakePending(invoice, subscription.Id());
        foreach (var line in lines)
        {
            invoices.AddLine(invoice, line);
        }

        subscription["discounts"] = WithoutSpent(subscription.Arr("discounts")!, world.Now);
        subscription["latest_invoice"] = invoice.Id();
        subscription["_last_invoiced"] = world.Now;
        subscription["_invoices"] ??= new JsonArray();
        subscription.Arr("_invoices")!.Add(invoice.Id());
        if (subscription.Text("status") == "unpaid" || subscription["pause_collection"] is not null)
        {
            invoice["auto_advance"] = false;
        }

        invoices.Announce(invoice);
        return invoice;
    }

    /// <summary>The lines a renewal at <paramref name="at"/> would bill, as things stand.</summary>
    public IEnumerable<Line> NextLines(JsonObject subscription, long at) => Items(subscription)
        .Where(item => item.Number("current_period_end") == at && !Metered(item))
        .Select(item => LineFor(subscription, item, FullAmount(item), at, Cycle.Of(item.Obj("price")!).After(subscription.Number("billing_cycle_anchor"), at), Label(item)))
        .ToList();

    /// <summary>Notes when to look at the subscription again.</summary>
    public void Arm(JsonObject subscription)
    {
        if (Runs(subscription) && Next(subscription) is { } next)
        {
            world.Agenda.At(next, () => Play(subscription));
        }
    }

    private void PlayUntilNow(JsonObject subscription, List<Line> lines)
    {
        while (Runs(subscription) && Next(subscription) is { } at && at <= world.Now)
        {
            Step(subscription, at, lines);
        }
    }

    private long? Next(JsonObject subscription)
    {
        var trialEnd = subscription.Text("status") == "trialing" ? subscription.MaybeNumber("trial_end") : null;
        return Items(subscription).Select(item => (long?)item.Number("current_period_end"))
            .Append(Phases?.NextChange(subscription)).Append(trialEnd).Append(subscription.MaybeNumber("cancel_at"))
            .Min();
    }

    private void Step(JsonObject subscription, long at, List<Line> lines)
    {
        if (Phases?.NextChange(subscription) == at)
        {
            Phases.Change(subscription, at, lines);
        }

        if (!Runs(subscription))
        {
            return;
        }

        List<JsonObject> due = [.. Items(subscription).Where(item => item.Number("current_period_end") <= at)];
        if (subscription.MaybeNumber("cancel_at") <= at || (subscription.Flag("cancel_at_period_end") && due.Count > 0))
        {
            Cancel(subscription, at, lines);
            Phases?.SubscriptionCanceled(subscription);
            return;
        }

        if (subscription.Text("status") == "trialing" && subscription.Number("trial_end") <= at)
        {
            subscription["status"] = "active";
        }

        foreach (var item in due)
        {
            Roll(subscription, item, at, lines);
        }
    }

    private void Roll(JsonObject subscription, JsonObject item, long at, List<Line> lines)
    {
        BillUsage(subscription, item, at, lines);
        SetPeriod(item, at, Cycle.Of(item.Obj("price")!).After(subscription.Number("billing_cycle_anchor"), at));
        Charge(subscription, item, lines);
    }

    private void Charge(JsonObject subscription, JsonObject item, List<Line> lines)
    {
        if (Metered(item))
        {
            return;
        }

        var amount = FullAmount(item);
        item["_billed"] = amount;
        lines.Add(LineFor(subscription, item, amount, item.Number("current_period_start"), item.Number("current_period_end"), Label(item)));
        item["discounts"] = WithoutSpent(item.Arr("discounts")!, item.Number("current_period_start"));
    }

    private void BillUsage(JsonObject subscription, JsonObject item, long until, List<Line> lines)
    {
        var from = item.Number("current_period_start");
        if (!Metered(item) || until <= from || InTrial(subscription, from))
        {
            return;
        }

        var used = Usage(item.Obj("price")!, subscription.Text("customer")!, from, until);
        var stored = world.Store.Get("price", item.Obj("price")!.Id());
        lines.Add(LineFor(subscription, item, Prices.Amount(stored, used), from, until, $"{used.Plain()} × {ProductName(item)}") with { Quantity = used });
    }

    /// <summary>Gives back what was billed for the time of an item's period that is still to come.</summary>
    public void Credit(JsonObject subscription, JsonObject item, long at, string behavior, List<Line> lines)
    {
        var (start, end, billed) = (item.Number("current_period_start"), item.Number("current_period_end"), item.Number("_billed"));
        if (behavior == "none" || end <= at || billed == 0 || InTrial(subscription, at))
        {
            return;
        }

        var line = LineFor(subscription, item, -Share(billed, end - at, end - start), at, end, $"Unused time on {Label(item)}");
        Prorate(subscription, item, line, behavior, lines);
        item["_billed"] = 0L;
    }

    // Prorations are not discountable. Billed at once they are lines; otherwise they wait for the next invoice.
    private void Prorate(JsonObject subscription, JsonObject item, Line line, string behavior, List<Line> lines)
    {
        line.Parent.Obj("subscription_item_details")!["proration"] = true;
        var proration = line with { Discounts = [], Discountable = false };
        if (behavior == "always_invoice")
        {
            lines.Add(proration);
        }
        else
        {
            QueueItem(subscription, proration, item.Id());
        }
    }

    private Line LineFor(JsonObject subscription, JsonObject item, long amount, long start, long end, string description) => new(
        amount,
        description,
        start,
        end,
        new JsonObject
        {
            ["invoice_item_details"] = null,
            ["subscription_item_details"] = new JsonObject
            {
                ["invoice_item"] = null,
                ["proration"] = false,
                ["proration_details"] = new JsonObject { ["credited_items"] = null },
                ["subscription"] = subscription.Id(),
                ["subscription_item"] = item.Id(),
            },
            ["type"] = "subscription_item_details",
        },
        item.Obj("price"),
        item.MaybeNumber("quantity"))
    {
        Discounts = Live(item.Arr("discounts"), start),
        TaxRates = (JsonArray)item.Copy("tax_rates")!,
        // The line shows the subscription's metadata, not the item's.
        Metadata = (JsonObject)subscription.Copy("metadata")!,
        Subscription = subscription.Id(),
    };

    private void Describe(JsonObject subscription, JsonObject item, ItemSpec spec, long at)
    {
        var holder = new JsonObject { ["customer"] = subscription.Copy("customer"), ["subscription"] = subscription.Id(), ["subscription_item"] = item.Id() };
        item["discounts"] = discounts.Give(spec.Discounts, item.Arr("discounts"), holder, at);
        item["tax_rates"] = spec.TaxRates.DeepClone();
        item["metadata"] = spec.Metadata.DeepClone();
    }

    private JsonArray Live(JsonArray? ids, long time) => discounts.Live(ids, time).Select(JsonNode? (discount) => discount.Id()).ToArray();

    // A coupon for one invoice is spent by it; one whose months are over is gone.
    private JsonArray WithoutSpent(JsonArray ids, long time) => discounts.Live(ids, time)
        .Where(discount => Discounts.Coupon(discount).Text("duration") != "once")
        .Select(JsonNode? (discount) => discount.Id())
        .ToArray();

    private bool HasPending(JsonObject subscription) =>
        world.Store.All("invoiceitem").Any(item => item["invoice"] is null && InvoiceItems.SubscriptionOf(item) == subscription.Id());

    private string ProductName(JsonObject item) => world.Store.Find("product", item.Obj("price")!.Text("product")!)?.Text("name") ?? "product";

    private string Label(JsonObject item)
    {
        var cycle = Cycle.Of(item.Obj("price")!);
        var every = cycle.Count == 1 ? cycle.Unit : string.Create(CultureInfo.InvariantCulture, $"{cycle.Count} {cycle.Unit}s");
        return string.Create(CultureInfo.InvariantCulture, $"{item.MaybeNumber("quantity") ?? 0} × {ProductName(item)} (per {every})");
    }

    private static bool InTrial(JsonObject subscription, long at) => subscription.MaybeNumber("trial_end") > at;

    private static bool Metered(JsonObject item) => item.Obj("price")!.Obj("recurring")!.Text("usage_type") == "metered";

    private static long FullAmount(JsonObject item) => Prices.Amount(item.Obj("price")!, item.MaybeNumber("quantity") ?? 0);

    private static long Share(long whole, long part, long of) => Prices.Round((decimal)whole * part / of);

    private static void SetPeriod(JsonObject item, long start, long end)
    {
        item["current_period_start"] = start;
        item["current_period_end"] = end;
    }

    private static JsonObject Plan(JsonObject price)
    {
        var recurring = price.Obj("recurring")!;
        return new JsonObject
        {
            ["id"] = price.Id(),
            ["object"] = "plan",
            ["active"] = price.Copy("active"),
            ["amount"] = price.Copy("unit_amount"),
            ["amount_decimal"] = price.Copy("unit_amount_decimal"),
            ["billing_scheme"] = price.Copy("billing_scheme"),
            ["created"] = price.Copy("created"),
            ["currency"] = price.Copy("currency"),
            ["interval"] = recurring.Copy("interval"),
            ["interval_count"] = recurring.Copy("interval_count"),
            ["livemode"] = false,
            ["metadata"] = price.Copy("metadata"),
            ["meter"] = recurring.Copy("meter"),
            ["nickname"] = price.Copy("nickname"),
            ["product"] = price.Copy("product"),
            ["tiers_mode"] = price.Copy("tiers_mode"),
            ["transform_usage"] = null,
            ["trial_period_days"] = null,
            ["usage_type"] = recurring.Copy("usage_type"),
        };
    }
}
