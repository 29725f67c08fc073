using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>The requests about subscriptions: made, changed, canceled, listed.</summary>
public sealed class SubscriptionRequests(World world, Subscriptions subscriptions, Discounts discounts, TaxRates taxRates, Prices prices)
{
    private const string Kind = "subscription";

    private static readonly string[] NotPlayed =
    [
        "billing_schedules", "billing_thresholds", "application_fee_percent", "transfer_data", "on_behalf_of", "pending_invoice_item_interval", "trial_from_plan", "automatic_tax",
        "payment_settings", "customer_account", "default_source", "trial_settings", "managed_payments",
    ];

    private readonly ItemSpecs specs = new(discounts, taxRates, prices);

    public void Register(Routes routes)
    {
        routes.On("POST /v1/subscriptions", Create, NotPlayed);
        routes.On("GET /v1/subscriptions/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/subscriptions/{id}", Update, NotPlayed);
        routes.On("DELETE /v1/subscriptions/{id}", Cancel);
        routes.On("GET /v1/subscriptions", ListSubscriptions);
        routes.On("GET /v1/subscriptions/search", call => Search.Run(world.Store, Kind, call.Parameters, call.Path, world.Now));
    }

    private JsonObject ListSubscriptions(Call call)
    {
        var status = call.Parameters.Text("status");
        var candidates = world.Store.All(Kind).Where(s => status switch
        {
            null => s.Text("status") is not ("canceled" or "incomplete_expired"),
            "all" => true,
            "ended" => Subscriptions.Ended.Contains(s.Text("status")!),
            _ => s.Text("status") == status,
        });
        return Lists.Page(world.Store, candidates, call.Parameters, call.Path, new Dictionary<string, Func<JsonObject, JsonNode, bool>>
        {
            ["status"] = (_, _) => true,
            ["price"] = (s, price) => Engine.Items(s).Any(item => item.Obj("price")!.Id() == price.GetValue<string>()),
            ["plan"] = (s, plan) => Engine.Items(s).Any(item => item.Obj("price")!.Id() == plan.GetValue<string>()),
            ["current_period_start"] = (s, range) => Engine.Items(s).Any(item => Lists.Matches(item["current_period_start"], range)),
            ["current_period_end"] = (s, range) => Engine.Items(s).Any(item => Lists.Matches(item["current_period_end"], range)),
            ["automatic_tax"] = (_, wanted) => !((JsonObject)wanted).Flag("enabled"),
        });
    }

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        var customer = world.Store.Get("customer", parameters.Text("customer") ?? throw ApiException.Missing("customer"), "customer");
        var items = parameters.Objects("items").Select((item, at) => specs.Read(item, $"items[{at}]")).ToList();
        var currency = ItemSpecs.Check(items, "items");
        subscriptions.CheckCurrency(customer.Id(), currency);
        var method = parameters.Text("collection_method") ?? "charge_automatically";
        Subscriptions.CheckCollection(method, parameters.MaybeNumber("days_until_due"), "days_until_due");
        var start = parameters.MaybeNumber("backdate_start_date") ?? world.Now;
        var trialEnd = TrialEnd(parameters);
        var terms = new SubscriptionTerms(customer, currency, items, start, Anchor(parameters, start, trialEnd, items))
        {
            TrialEnd = trialEnd,
            ProrationBehavior = parameters.Text("proration_behavior") ?? "create_prorations",
            CollectionMethod = method,
            DaysUntilDue = parameters.MaybeNumber("days_until_due"),
            Discounts = discounts.Specify(parameters, "discounts"),
            DefaultTaxRates = taxRates.Resolve(parameters, "default_tax_rates", "default_tax_rates"),
            Metadata = Metadata.Merge(null, parameters),
            Description = parameters.Text("description"),
            InvoiceSettings = SubscriptionShape.InvoiceSettings(parameters.Obj("invoice_settings")),
            DefaultPaymentMethod = parameters.Text("default_payment_method"),
            BillingMode = SubscriptionShape.BillingMode(parameters),
            CancelAt = parameters.MaybeNumber("cancel_at"),
            CancelAtPeriodEnd = parameters.Flag("cancel_at_period_end"),
            Extras = Extras(parameters, currency),
            FinalizeFirst = method == "charge_automatically",
        };
        return subscriptions.Open(terms);
    }

    private long? TrialEnd(JsonObject parameters) =>
        parameters.MaybeNumber("trial_period_days") is { } days ? world.Now + (days * 86_400)
        : parameters.Text("trial_end") == "now" ? null
        : parameters.MaybeNumber("trial_end") switch
        {
            null => null,
            var end when end > world.Now => end,
            _ => throw ApiException.Invalid("Invalid timestamp: must be an integer Unix timestamp in the future.", "trial_end"),
        };

    private static long Anchor(JsonObject parameters, long start, long? trialEnd, List<ItemSpec> items)
    {
        if (parameters.Obj("billing_cycle_anchor_config") is { } config)
        {
            return ConfiguredAnchor(config, start, items);
        }

        if (parameters.MaybeNumber("billing_cycle_anchor") is not { } anchor)
        {
            return trialEnd ?? start;
        }

        var latest = items.Min(item => Cycle.Of(item.Price).Add(Math.Max(start, trialEnd ?? 0), 1));
        return anchor >= start && anchor <= latest
            ? anchor
            : throw ApiException.Invalid("billing_cycle_anchor cannot be later than next natural billing date for plan, nor in the past.", "billing_cycle_anchor");
    }

    private static long ConfiguredAnchor(JsonObject config, long start, List<ItemSpec> items)
    {
        if (items.Any(item => Cycle.Of(item.Price).Unit is "day" or "week"))
        {
            throw ApiException.Invalid("billing_cycle_anchor_config can only be used with monthly and yearly prices.", "billing_cycle_anchor_config");
        }

        var day = (int)config.Number("day_of_month");
        if (day is < 1 or > 31 || config.MaybeNumber("month") is < 1 or > 12 || config.MaybeNumber("hour") is < 0 or > 23 || config.MaybeNumber("minute") is < 0 or > 59 || config.MaybeNumber("second") is < 0 or > 59)
        {
            throw ApiException.Invalid("billing_cycle_anchor_config names no moment of the calendar.", "billing_cycle_anchor_config");
        }

        var created = DateTime.UnixEpoch.AddSeconds(start);
        var time = new TimeSpan((int)(config.MaybeNumber("hour") ?? created.Hour), (int)(config.MaybeNumber("minute") ?? created.Minute), (int)(config.MaybeNumber("second") ?? created.Second));
        // The 31st of a long month stands for "last day of every month".
        var month = (int)(config.MaybeNumber("month") ?? (day > 28 ? 1 : created.Month));
        var first = new DateTime(created.Year - 1, month, Math.Min(day, DateTime.DaysInMonth(created.Year - 1, month)), 0, 0, 0, DateTimeKind.Utc) + time;
        var step = config.ContainsKey("month") ? new Cycle("year", 1) : new Cycle("month", 1);
        var origin = (long)(first - DateTime.UnixEpoch).TotalSeconds;
        var next = step.AtOrBefore(origin, start) == start ? start : step.After(origin, start);
        return DateTime.UnixEpoch.AddSeconds(next).Day == day ? next : origin;
    }

    /// <summary>Reads <c>add_invoice_items</c> of a subscription as lines of its next invoice.</summary>
    private List<Line> Extras(JsonObject parameters, string currency) => [.. parameters.Objects("add_invoice_items").Select((given, at) =>
    {
        var param = $"add_invoice_items[{at}]";
        var price = Subscriptions.OneTime(prices.Resolve(given, param), currency, param);
        var quantity = given.MaybeNumber("quantity") ?? 1;
        return new Line(Prices.Amount(price, quantity), world.Store.Find("product", price.Text("product")!)?.Text("name"), world.Now, world.Now, InvoiceItemParent(), price, quantity)
        {
            TaxRates = taxRates.Resolve(given, "tax_rates", $"{param}[tax_rates]"),
            Metadata = Metadata.Merge(null, given),
        };
    })];

    private static JsonObject InvoiceItemParent() => new()
    {
        ["invoice_item_details"] = new JsonObject { ["invoice_item"] = null, ["proration"] = false, ["proration_details"] = null, ["subscription"] = null },
        ["subscription_item_details"] = null,
        ["type"] = "invoice_item_details",
    };

    private JsonObject Update(Call call)
    {
        var subscription = world.Store.Get(Kind, call.Id);
        var parameters = call.Parameters;
        if (Subscriptions.Ended.Contains(subscription.Text("status")!) && parameters.Any(pair => pair.Key is not ("metadata" or "cancellation_details" or "expand")))
        {
            throw ApiException.Invalid("A canceled subscription can only update its cancellation_details and metadata.");
        }

        var wanted = WantedItems(subscription, parameters);
        var specified = discounts.Specify(parameters, "discounts");
        var rates = taxRates.Resolve(parameters, "default_tax_rates", "default_tax_rates");
        var extras = Extras(parameters, subscription.Text("currency")!);
        var method = parameters.Text("collection_method") ?? subscription.Text("collection_method")!;
        Subscriptions.CheckCollection(method, parameters.MaybeNumber("days_until_due") ?? subscription.MaybeNumber("days_until_due"), "days_until_due");
        var metadata = Metadata.Merge(subscription.Obj("metadata"), parameters);

        var before = subscription.CopyObject();
        subscription["metadata"] = metadata;
        Fill(subscription, parameters);
        subscription["collection_method"] = method;
        if (parameters.ContainsKey("default_tax_rates"))
        {
            subscription["default_tax_rates"] = rates;
        }

        if (parameters.ContainsKey("discounts"))
        {
            subscription["discounts"] = discounts.Give(specified, subscription.Arr("discounts"), new JsonObject { ["customer"] = subscription.Copy("customer"), ["subscription"] = subscription.Id() }, world.Now);
        }

        subscriptions.Change(subscription, parameters, wanted, extras);
        world.Events.EmitIfChanged("customer.subscription.updated", subscription, before);
        subscriptions.Engine.Arm(subscription);
        return subscription;
    }

    private void Fill(JsonObject subscription, JsonObject parameters)
    {
        subscription.Take(parameters, "days_until_due", "description", "default_payment_method", "pause_collection", "cancel_at_period_end");
        if (parameters.ContainsKey("cancel_at"))
        {
            subscription["cancel_at"] = parameters.Text("cancel_at") switch
            {
                "" => null,
                "min_period_end" => Engine.Items(subscription).Min(item => item.Number("current_period_end")),
                "max_period_end" or "max_billed_until" => Engine.Items(subscription).Max(item => item.Number("current_period_end")),
                _ => parameters.Copy("cancel_at"),
            };
        }

        if (parameters.ContainsKey("cancel_at") || parameters.ContainsKey("cancel_at_period_end"))
        {
            var ends = subscription["cancel_at"] is not null || subscription.Flag("cancel_at_period_end");
            subscription["canceled_at"] = ends ? world.Now : null;
        }

        if (parameters.Obj("invoice_settings") is { } settings)
        {
            subscription.Obj("invoice_settings")!.Take(settings, "custom_fields", "description", "footer");
        }

        subscription.Obj("cancellation_details")!.Take(parameters.Obj("cancellation_details") ?? [], "comment", "feedback");
    }

    // Items not mentioned stay as they are.
    private List<ItemSpec>? WantedItems(JsonObject subscription, JsonObject parameters)
    {
        if (!parameters.ContainsKey("items"))
        {
            return null;
        }

        var wanted = Engine.Items(subscription).ToDictionary(item => item.Id(), subscriptions.SpecOf, StringComparer.Ordinal);
        foreach (var (given, at) in parameters.Objects("items").Select((item, at) => (item, at)))
        {
            var param = $"items[{at}]";
            if (given.Text("id") is not { } id)
            {
                wanted.Add($"new {at}", specs.Read(given, param));
            }
            else if (!wanted.TryGetValue(id, out var now))
            {
                throw ApiException.NoSuch("subscription_item", id, $"{param}[id]");
            }
            else if (given.Flag("deleted"))
            {
                wanted.Remove(id);
            }
            else
            {
                wanted[id] = subscriptions.Changed(now, given, param);
            }
        }

        List<ItemSpec> items = [.. wanted.Values];
        ItemSpecs.Check(items, "items");
        return items;
    }

    private JsonObject Cancel(Call call)
    {
        var subscription = world.Store.Get(Kind, call.Id);
        if (Subscriptions.Ended.Contains(subscription.Text("status")!))
        {
            throw ApiException.NoSuch(Kind, call.Id);
        }

        subscription.Obj("cancellation_details")!["reason"] = "cancellation_requested";
        subscription.Obj("cancellation_details")!.Take(call.Parameters.Obj("cancellation_details") ?? [], "comment", "feedback");
        subscriptions.CancelNow(subscription, call.Parameters.Flag("invoice_now"), call.Parameters.Flag("prorate"));
        return subscription;
    }
}
