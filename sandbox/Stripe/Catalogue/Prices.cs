using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Catalogue;

/// <summary>Prices: flat or tiered, once or recurring, listed or made inline for one use.</summary>
public sealed class Prices(World world, Products products)
{
    private const string Kind = "price";

    public void Register(Routes routes)
    {
        routes.On("POST /v1/prices", Create, "currency_options", "custom_unit_amount");
        routes.On("GET /v1/prices/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/prices/{id}", Update, "currency_options");
        routes.On("GET /v1/prices", call => Lists.Page(world.Store, Listed(), call.Parameters, call.Path, new Dictionary<string, Func<JsonObject, JsonNode, bool>>
        {
            ["lookup_keys"] = (price, keys) => ((JsonArray)keys).Any(key => key!.GetValue<string>() == price.Text("lookup_key")),
            ["recurring"] = (price, wanted) => price.Obj("recurring") is { } recurring && ((JsonObject)wanted).All(part => recurring.Text(part.Key) == part.Value!.GetValue<string>()),
        }));
        routes.On("GET /v1/prices/search", call => Search.Run(world.Store, Kind, call.Parameters, call.Path, world.Now));
    }

    /// <summary>The price a parameter names, or the one made from its <c>price_data</c>.</summary>
    /// <param name="parameters">Holds <c>price</c> or <c>price_data</c>.</param>
    /// <param name="param">Name of the holder, for refusals.</param>
    /// <exception cref="ApiException">Neither or both given, no such price, or one that is not active.</exception>
    public JsonObject Resolve(JsonObject parameters, string param)
    {
        if (parameters.Obj("price_data") is { } inline)
        {
            return parameters.ContainsKey("price")
                ? throw ApiException.Invalid($"You may only specify one of these parameters: {param}[price], {param}[price_data].", param, "parameters_exclusive")
                : Inline(inline, $"{param}[price_data]");
        }

        var price = world.Store.Get(Kind, parameters.Text("price") ?? throw ApiException.Missing($"{param}[price]"), $"{param}[price]");
        // An inline price may be sent again where it is already in use, as when a schedule is read, changed and written back.
        return price.Flag("active") || price.ContainsKey("_inline") ? price : throw ApiException.Invalid("The price specified is inactive. This field only accepts active prices.", $"{param}[price]");
    }

    /// <summary>What <paramref name="quantity"/> costs, rounded half up to the minor unit, once.</summary>
    public static long Amount(JsonObject price, decimal quantity) =>
        price.Text("billing_scheme") == "tiered" ? Tiered(price, quantity) : Round(Transformed(price, quantity) * UnitAmount(price));

    /// <summary>Minor units per unit, decimals included; 0 for a tiered price.</summary>
    public static decimal UnitAmount(JsonObject price) => price.MaybeDecimal("unit_amount_decimal") ?? 0;

    public static long Round(decimal amount) => (long)Math.Round(amount, MidpointRounding.AwayFromZero);

    /// <exception cref="ApiException">The declared amounts, tiers or interval contradict each other.</exception>
    public JsonObject Inline(JsonObject data, string param)
    {
        var product = data.Obj("product_data") is { } inlineProduct ? products.Create(inlineProduct.CopyObject()).Id() : data.Text("product") ?? throw ApiException.Missing($"{param}[product]");
        world.Store.Get("product", product, $"{param}[product]");
        var price = Build(data, product, param + "[", "]");
        price["_inline"] = true;
        // The service keeps the price of a one-off use inactive: it cannot be used again.
        price["active"] = false;
        world.Store.Add(price);
        return price;
    }

    // Sold in packs: so many units count as one, begun packs up or down.
    private static decimal Transformed(JsonObject price, decimal quantity)
    {
        if (price.Obj("transform_quantity") is not { } pack)
        {
            return quantity;
        }

        var packs = quantity / pack.Number("divide_by");
        return pack.Text("round") == "up" ? Math.Ceiling(packs) : Math.Floor(packs);
    }

    private static long Tiered(JsonObject price, decimal quantity)
    {
        decimal total = 0, from = 0;
        foreach (var tier in price.Objects("_tiers"))
        {
            var upTo = tier.MaybeNumber("up_to") ?? decimal.MaxValue;
            var volume = price.Text("tiers_mode") == "volume";
            if (quantity > from && (!volume || quantity <= upTo))
            {
                var units = volume ? quantity : Math.Min(quantity, upTo) - from;
                total += (units * (tier.MaybeDecimal("unit_amount_decimal") ?? 0)) + (tier.MaybeDecimal("flat_amount_decimal") ?? 0);
            }

            from = upTo;
            if (quantity <= upTo)
            {
                break;
            }
        }

        return Round(total);
    }

    private IEnumerable<JsonObject> Listed() => world.Store.All(Kind).Where(price => !price.ContainsKey("_inline"));

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        if (parameters.ContainsKey("product") == parameters.ContainsKey("product_data"))
        {
            throw parameters.ContainsKey("product")
                ? ApiException.Invalid("You may only specify one of these parameters: product, product_data.", "product", "parameters_exclusive")
                : ApiException.Missing("product");
        }

        var price = Build(parameters, "", "", "");
        CheckLookupKey(parameters, price);
        price["product"] = parameters.Obj("product_data") is { } data
            ? products.Create(data.CopyObject()).Id()
            : world.Store.Get("product", parameters.Text("product")!, "product").Id();
        world.Store.Add(price);
        world.Events.Emit("price.created", price);
        return price;
    }

    private JsonObject Update(Call call)
    {
        var price = world.Store.Get(Kind, call.Id);
        var metadata = Metadata.Merge(price.Obj("metadata"), call.Parameters);
        CheckLookupKey(call.Parameters, price);
        var before = price.CopyObject();
        price["metadata"] = metadata;
        price.Take(call.Parameters, "active", "nickname", "lookup_key", "tax_behavior");
        world.Events.EmitIfChanged("price.updated", price, before);
        return price;
    }

    private JsonObject Build(JsonObject parameters, string product, string open, string close)
    {
        string Name(string field) => open + field + close;
        var currency = Currencies.Check(parameters.Text("currency")!, Name("currency"));
        var tiered = parameters.Text("billing_scheme") == "tiered";
        CheckAmounts(parameters, tiered, Name);
        var unit = parameters.MaybeDecimal("unit_amount_decimal") ?? parameters.MaybeDecimal("unit_amount");
        return new JsonObject
        {
            ["id"] = world.Store.NewId("price"),
            ["object"] = Kind,
            ["active"] = parameters.Copy("active") ?? true,
            ["billing_scheme"] = tiered ? "tiered" : "per_unit",
            ["created"] = world.Now,
            ["currency"] = currency,
            ["custom_unit_amount"] = null,
            ["livemode"] = false,
            ["lookup_key"] = parameters.Copy("lookup_key"),
            ["metadata"] = Metadata.Merge(null, parameters),
            ["nickname"] = parameters.Copy("nickname"),
            ["product"] = product,
            ["recurring"] = Recurring(parameters.Obj("recurring"), Name("recurring")),
            ["tax_behavior"] = parameters.Text("tax_behavior") ?? "unspecified",
            ["tiers_mode"] = parameters.Copy("tiers_mode"),
            ["transform_quantity"] = parameters.Copy("transform_quantity"),
            ["type"] = parameters.ContainsKey("recurring") ? "recurring" : "one_time",
            ["unit_amount"] = unit is { } amount && decimal.IsInteger(amount) ? (long)amount : null,
            ["unit_amount_decimal"] = unit?.Plain(),
            ["_tiers"] = tiered ? Tiers(parameters) : null,
            ["_currency_options"] = new JsonObject(),
        };
    }

    private static void CheckAmounts(JsonObject parameters, bool tiered, Func<string, string> name)
    {
        var given = (parameters.ContainsKey("unit_amount") ? 1 : 0) + (parameters.ContainsKey("unit_amount_decimal") ? 1 : 0) + (parameters.ContainsKey("custom_unit_amount") ? 1 : 0);
        if (tiered && (given > 0 || parameters.Arr("tiers") is null || parameters.Text("tiers_mode") is null))
        {
            throw ApiException.Invalid("Tiered prices need `tiers` and `tiers_mode` and take no `unit_amount`.", name("tiers"));
        }

        if (!tiered && given != 1)
        {
            throw given == 0
                ? ApiException.Missing(name("unit_amount"))
                : ApiException.Invalid("You may only specify one of these parameters: unit_amount, unit_amount_decimal.", name("unit_amount"), "parameters_exclusive");
        }

        if (parameters.MaybeNumber("unit_amount") < 0 || parameters.MaybeDecimal("unit_amount_decimal") < 0)
        {
            throw ApiException.Invalid("Invalid non-negative integer", name("unit_amount"), "parameter_invalid_integer");
        }

        if (parameters.MaybeDecimal("unit_amount_decimal") is { Scale: > 12 })
        {
            throw ApiException.Invalid("Invalid decimal: at most 12 decimal places are allowed.", name("unit_amount_decimal"));
        }
    }

    private static JsonObject? Recurring(JsonObject? given, string param)
    {
        if (given is null)
        {
            return null;
        }

        var interval = given.Text("interval")!;
        var count = given.MaybeNumber("interval_count") ?? 1;
        var most = interval switch { "day" => 1095, "week" => 156, "month" => 36, _ => 3 };
        if (count < 1 || count > most)
        {
            throw ApiException.Invalid($"Invalid interval_count: recurring prices can be billed at most every three years ({most} {interval}s).", $"{param}[interval_count]");
        }

        return new JsonObject
        {
            ["interval"] = interval,
            ["interval_count"] = count,
            ["meter"] = given.Copy("meter"),
            ["trial_period_days"] = null,
            ["usage_type"] = given.Text("usage_type") ?? "licensed",
        };
    }

    private static JsonArray Tiers(JsonObject parameters)
    {
        var tiers = parameters.Objects("tiers").ToList();
        if (tiers.Count == 0 || tiers[^1].Text("up_to") != "inf")
        {
            throw ApiException.Invalid("The last tier must have `up_to` set to `inf`.", "tiers");
        }

        return tiers.Select(JsonNode? (tier) => new JsonObject
        {
            ["flat_amount"] = tier.Copy("flat_amount"),
            ["flat_amount_decimal"] = (tier.MaybeDecimal("flat_amount_decimal") ?? tier.MaybeDecimal("flat_amount"))?.Plain(),
            ["unit_amount"] = tier.Copy("unit_amount"),
            ["unit_amount_decimal"] = (tier.MaybeDecimal("unit_amount_decimal") ?? tier.MaybeDecimal("unit_amount"))?.Plain(),
            ["up_to"] = tier.MaybeNumber("up_to"),
        }).ToArray();
    }

    private void CheckLookupKey(JsonObject parameters, JsonObject self)
    {
        if (parameters.Text("lookup_key") is not { Length: > 0 } key)
        {
            return;
        }

        if (key.Length > 200)
        {
            throw ApiException.Invalid("Invalid string: must be at most 200 characters", "lookup_key");
        }

        if (world.Store.All(Kind).FirstOrDefault(price => price.Text("lookup_key") == key && price.Flag("active") && price != self) is not { } holder)
        {
            return;
        }

        if (!parameters.Flag("transfer_lookup_key"))
        {
            throw ApiException.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"A price (`{holder.Id()}`) already uses that lookup key."), "lookup_key", "resource_already_exists");
        }

        holder["lookup_key"] = null;
    }
}
