using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Reads the phases of a request into the shape schedules show them in, with their dates worked out.</summary>
public sealed class PhaseReader(World world, Discounts discounts, TaxRates taxRates, Prices prices)
{
    private const int MaxPhases = 10;
    private const int MaxAddItems = 20;

    private readonly ItemSpecs specs = new(discounts, taxRates, prices);

    /// <summary>Reads contiguous phases, the first of which starts at <paramref name="start"/>.</summary>
    /// <param name="given">Validated phase parameters.</param>
    /// <param name="start">Unix seconds.</param>
    /// <param name="defaults">The schedule's default settings.</param>
    /// <param name="firstIndex">Index of the first phase within the request, for refusals.</param>
    /// <param name="scheduleStart">What months are counted from, when it is not <paramref name="start"/>.</param>
    /// <exception cref="ApiException">A rule for phases is broken.</exception>
    public JsonArray Read(IReadOnlyList<JsonObject> given, long start, JsonObject defaults, int firstIndex = 0, long? scheduleStart = null)
    {
        var phases = new JsonArray();
        var from = start;
        foreach (var (phase, at) in given.Select((phase, at) => (phase, at + firstIndex)))
        {
            var read = Phase(phase, from, scheduleStart ?? start, defaults, $"phases[{at}]");
            phases.Add(read);
            from = read.Number("end_date");
        }

        CheckTogether(phases);
        return phases.OfType<JsonObject>().Count(phase => phase.Number("end_date") > world.Now) <= MaxPhases
            ? phases
            : throw ApiException.Invalid($"A subscription schedule can have at most {MaxPhases} current or future phases.", "phases");
    }

    /// <summary>The items of a phase as a subscription is to hold them.</summary>
    public List<ItemSpec> Items(JsonObject phase) => [.. phase.Objects("items").Select(item => new ItemSpec(
        world.Store.Get("price", item.Text("price")!),
        item.MaybeNumber("quantity"),
        (JsonArray)item.Copy("discounts")!,
        (JsonArray)item.Copy("tax_rates")!,
        (JsonObject)item.Copy("metadata")!))];

    private JsonObject Phase(JsonObject given, long from, long scheduleStart, JsonObject defaults, string param)
    {
        Refusals.NotPlayed(given, "application_fee_percent", "transfer_data", "on_behalf_of", "billing_thresholds");
        var end = EndDate(given, from, scheduleStart, param);
        CheckStart(given, from, param);
        var items = given.Objects("items").Select((item, at) => specs.Read(item, $"{param}[items][{at}]")).ToList();
        var currency = ItemSpecs.Check(items, $"{param}[items]");
        if (given.Text("currency") is { } stated && !string.Equals(stated, currency, StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Invalid($"The phase's currency is {stated}, its prices' is {currency}.", $"{param}[currency]");
        }

        var trialEnd = TrialEnd(given, from, end, param);
        var anchor = given.Text("billing_cycle_anchor");
        if (anchor == "phase_start" && trialEnd is not null)
        {
            throw ApiException.Invalid("`billing_cycle_anchor=phase_start` cannot be used with a trial.", $"{param}[billing_cycle_anchor]");
        }

        CheckCollection(given, defaults, param);
        return new JsonObject
        {
            ["add_invoice_items"] = AddInvoiceItems(given, currency, param),
            ["application_fee_percent"] = null,
            ["automatic_tax"] = given.ContainsKey("automatic_tax") ? AutomaticTax.Shown(AutomaticTax.Asked(given)) : null,
            ["billing_cycle_anchor"] = anchor,
            ["billing_thresholds"] = null,
            ["collection_method"] = given.Text("collection_method"),
            ["currency"] = currency,
            ["default_payment_method"] = given.Text("default_payment_method"),
            ["default_tax_rates"] = taxRates.Resolve(given, "default_tax_rates", $"{param}[default_tax_rates]"),
            ["description"] = given.Text("description") is { Length: > 0 } description ? description : null,
            ["discounts"] = discounts.Specify(given, $"{param}[discounts]"),
            ["end_date"] = end,
            ["invoice_settings"] = given.Obj("invoice_settings") is { } settings ? Settings(settings, $"{param}[invoice_settings]") : null,
            ["items"] = items.Select(JsonNode? (item) => Shown(item)).ToArray(),
            ["metadata"] = Metadata.Merge(null, given, param: $"{param}[metadata]"),
            ["on_behalf_of"] = null,
            ["proration_behavior"] = given.Text("proration_behavior") ?? "create_prorations",
            ["start_date"] = from,
            ["transfer_data"] = null,
            ["trial_end"] = trialEnd,
        };
    }

    /// <summary>Invoice settings in the shape schedules show them in.</summary>
    public static JsonObject Settings(JsonObject? given, string param) => new()
    {
        ["account_tax_ids"] = null,
        ["custom_fields"] = given is null ? null : Invoices.CustomFields(given, $"{param}[custom_fields]"),
        ["days_until_due"] = given?.MaybeNumber("days_until_due"),
        ["description"] = given?.Text("description") is { Length: > 0 } description ? description : null,
        ["footer"] = given?.Text("footer") is { Length: > 0 } footer ? footer : null,
        ["issuer"] = new JsonObject { ["type"] = "self" },
    };

    private static JsonObject Shown(ItemSpec item)
    {
        var shown = new JsonObject
        {
            ["billing_thresholds"] = null,
            ["discounts"] = item.Discounts.DeepClone(),
            ["metadata"] = item.Metadata.DeepClone(),
            ["plan"] = item.Price.Id(),
            ["price"] = item.Price.Id(),
            ["tax_rates"] = item.TaxRates.DeepClone(),
        };
        if (item.Quantity is { } quantity)
        {
            shown["quantity"] = quantity;
        }

        return shown;
    }

    private long EndDate(JsonObject given, long from, long scheduleStart, string param)
    {
        if (given.ContainsKey("end_date") == given.ContainsKey("duration"))
        {
            throw given.ContainsKey("duration")
                ? ApiException.Invalid("You may only specify one of these parameters: duration, end_date.", $"{param}[end_date]", "parameters_exclusive")
                : ApiException.Missing($"{param}[end_date]");
        }

        var end = given.Obj("duration") is { } duration
            ? Aligned(new Cycle(duration.Text("interval")!, duration.MaybeNumber("interval_count") ?? 1), from, scheduleStart, param)
            : given.Text("end_date") == "now" ? world.Now : given.Number("end_date");
        return end > from ? end : throw ApiException.Invalid("The phase's end_date must be after its start_date.", $"{param}[end_date]");
    }

    // A month-long phase that starts on a clamped month end (28 February of a schedule begun on the 31st) ends on the schedule's own day.
    private static long Aligned(Cycle duration, long from, long scheduleStart, string param)
    {
        if (duration.Count < 1)
        {
            throw ApiException.Invalid("Invalid positive integer", $"{param}[duration][interval_count]", "parameter_invalid_integer");
        }

        var end = duration.Add(from, 1);
        if (duration.Unit is "day" or "week")
        {
            return end;
        }

        var month = new Cycle("month", 1);
        return month.AtOrBefore(scheduleStart, from) == from && month.After(scheduleStart, end - 1) is var aligned
            && DateTime.UnixEpoch.AddSeconds(aligned).Month == DateTime.UnixEpoch.AddSeconds(end).Month ? aligned : end;
    }

    private static void CheckStart(JsonObject given, long from, string param)
    {
        if (given.MaybeNumber("start_date") is { } stated && stated != from)
        {
            throw ApiException.Invalid("Phases must be contiguous: each starts where the one before ends.", $"{param}[start_date]");
        }
    }

    private long? TrialEnd(JsonObject given, long from, long end, string param)
    {
        if (given.ContainsKey("trial") && given.ContainsKey("trial_end"))
        {
            throw ApiException.Invalid("You may only specify one of these parameters: trial, trial_end.", $"{param}[trial_end]", "parameters_exclusive");
        }

        var until = given.Flag("trial") ? end : given.Text("trial_end") == "now" ? world.Now : given.MaybeNumber("trial_end");
        return until is null || (until > from && until <= end)
            ? until
            : throw ApiException.Invalid("trial_end must lie within the phase.", $"{param}[trial_end]");
    }

    private static void CheckCollection(JsonObject given, JsonObject defaults, string param)
    {
        var method = given.Text("collection_method") ?? defaults.Text("collection_method") ?? "charge_automatically";
        var days = given.Obj("invoice_settings")?.MaybeNumber("days_until_due") ?? defaults.Obj("invoice_settings")?.MaybeNumber("days_until_due");
        Subscriptions.CheckCollection(method, days, $"{param}[invoice_settings][days_until_due]");
    }

    private JsonArray AddInvoiceItems(JsonObject given, string currency, string param)
    {
        if (given.Objects("add_invoice_items").Count() > MaxAddItems)
        {
            throw ApiException.Invalid($"A phase can have at most {MaxAddItems} add_invoice_items.", $"{param}[add_invoice_items]");
        }

        return given.Objects("add_invoice_items").Select((item, at) => (JsonNode?)AddInvoiceItem(item, currency, $"{param}[add_invoice_items][{at}]")).ToArray();
    }

    private JsonObject AddInvoiceItem(JsonObject given, string currency, string param)
    {
        var price = Subscriptions.OneTime(prices.Resolve(given, param), currency, param);
        var quantity = given.MaybeNumber("quantity") ?? 1;
        Currencies.CheckAmount(Prices.Amount(price, quantity), currency, param);
        var period = given.Obj("period");
        return new JsonObject
        {
            ["discountable"] = given.Copy("discountable"),
            ["discounts"] = discounts.Specify(given, $"{param}[discounts]"),
            ["metadata"] = Metadata.Merge(null, given, param: $"{param}[metadata]"),
            ["period"] = new JsonObject
            {
                ["end"] = period?.Copy("end") ?? new JsonObject { ["type"] = "min_item_period_end" },
                ["start"] = period?.Copy("start") ?? new JsonObject { ["type"] = "max_item_period_start" },
            },
            ["price"] = price.Id(),
            ["quantity"] = quantity,
            ["tax_rates"] = taxRates.Resolve(given, "tax_rates", $"{param}[tax_rates]"),
        };
    }

    private static void CheckTogether(JsonArray phases)
    {
        if (phases.Count == 0)
        {
            throw ApiException.Missing("phases");
        }

        if (phases.OfType<JsonObject>().Select(phase => phase.Text("currency")).Distinct().Count() > 1)
        {
            throw ApiException.Invalid("All phases must have the same currency.", "phases");
        }
    }
}
