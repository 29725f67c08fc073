using System.Globalization;
using System.Text.Json.Nodes;

namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>What Stripe makes of a schedule whose first phase has begun: prices, a subscription and a draft of the first invoice.</summary>
internal sealed class OtherBilling(OtherWorld world, OtherStripe stripe)
{
    public JsonObject Create(JsonObject form)
    {
        long start = Number(form["start_date"]);
        JsonObject[] phases = [.. Members(form["phases"])];
        var shown = new JsonArray();
        long from = start;
        foreach (JsonObject phase in phases)
        {
            shown.Add((JsonNode)Phase(phase, from));
            from = Number(phase["end_date"]);
        }

        JsonObject schedule = stripe.Add("subscription_schedule", new JsonObject
        {
            ["phases"] = shown,
            ["metadata"] = form["metadata"]!.DeepClone(),
            ["end_behavior"] = (string)form["end_behavior"]!,
            ["status"] = start <= world.Seconds ? "active" : "not_started",
            ["default_settings"] = new JsonObject { ["collection_method"] = (string)form["default_settings"]!["collection_method"]! },
            ["billing_mode"] = new JsonObject { ["type"] = "flexible" },
            ["customer"] = (string)form["customer"]!,
        });
        if (start <= world.Seconds)
        {
            schedule["subscription"] = (string)Begin(schedule, form, start)["id"]!;
        }

        return schedule;
    }

    private JsonObject Phase(JsonObject phase, long start) => new()
    {
        ["items"] = new JsonArray([.. Members(phase["items"]).Select(item => new JsonObject
        {
            ["quantity"] = Number(item["quantity"]),
            ["price"] = Price(item["price_data"]!.AsObject()),
            ["metadata"] = item["metadata"]!.DeepClone(),
            ["discounts"] = new JsonArray([.. Coupons(item).Select(coupon => new JsonObject { ["coupon"] = coupon })]),
        })]),
        ["add_invoice_items"] = new JsonArray([.. Members(phase["add_invoice_items"]).Select(item => new JsonObject
        {
            ["quantity"] = Number(item["quantity"]),
            ["price"] = Price(item["price_data"]!.AsObject()),
            ["discounts"] = new JsonArray(),
        })]),
        ["proration_behavior"] = (string)phase["proration_behavior"]!,
        ["metadata"] = phase["metadata"]!.DeepClone(),
        ["currency"] = (string)phase["currency"]!,
        ["end_date"] = Number(phase["end_date"]),
        ["start_date"] = start,
    };

    private string Price(JsonObject data)
    {
        long amount = Number(data["unit_amount"]);
        var price = new JsonObject
        {
            ["unit_amount_decimal"] = amount.ToString(CultureInfo.InvariantCulture) + ".00",
            ["unit_amount"] = amount,
            ["type"] = data["recurring"] is null ? "one_time" : "recurring",
            ["product"] = (string)data["product"]!,
            ["currency"] = (string)data["currency"]!,
            ["billing_scheme"] = "per_unit",
            ["active"] = true,
        };
        if (data["recurring"] is { } recurring)
        {
            price["recurring"] = new JsonObject
            {
                ["usage_type"] = "licensed",
                ["interval_count"] = Number(recurring["interval_count"]),
                ["interval"] = (string)recurring["interval"]!,
            };
        }

        return (string)stripe.Add("price", price)["id"]!;
    }

    private JsonObject Begin(JsonObject schedule, JsonObject form, long start)
    {
        JsonObject first = schedule["phases"]![0]!.AsObject();
        string customer = (string)schedule["customer"]!;
        JsonObject subscription = stripe.Add("subscription", new JsonObject
        {
            ["status"] = "active",
            ["start_date"] = start,
            ["billing_cycle_anchor"] = start,
            ["schedule"] = (string)schedule["id"]!,
            ["metadata"] = first["metadata"]!.DeepClone(),
            ["days_until_due"] = Number(form["default_settings"]!["invoice_settings"]!["days_until_due"]),
            ["customer"] = customer,
            ["currency"] = (string)first["currency"]!,
            ["collection_method"] = (string)form["default_settings"]!["collection_method"]!,
            ["cancel_at_period_end"] = false,
        });
        var items = new JsonArray();
        var lines = new JsonArray();
        foreach (JsonObject sold in Members(first["items"]))
        {
            JsonObject item = Item(sold, (string)subscription["id"]!, start);
            items.Add((JsonNode)item);
            lines.Add((JsonNode)Line(sold, item, start));
        }

        foreach (JsonObject fee in Members(first["add_invoice_items"]))
        {
            lines.Add((JsonNode)Fee(fee, start));
        }

        subscription["items"] = items;
        Draft(subscription, lines);
        return subscription;
    }

    private JsonObject Item(JsonObject sold, string subscription, long start)
    {
        JsonObject price = stripe.All("price").Single(each => (string)each["id"]! == (string)sold["price"]!);
        return new JsonObject
        {
            ["subscription"] = subscription,
            ["quantity"] = (long)sold["quantity"]!,
            ["price"] = price.DeepClone(),
            ["discounts"] = new JsonArray([.. Members(sold["discounts"]).Select(discount => JsonValue.Create(Discount((string)discount["coupon"]!)))]),
            ["current_period_start"] = start,
            ["current_period_end"] = PeriodEnd(start, price),
            ["object"] = "subscription_item",
            ["id"] = $"{subscription}.item",
        };
    }

    private string Discount(string coupon) => (string)stripe.Add("discount", new JsonObject
    {
        ["source"] = new JsonObject { ["type"] = "coupon", ["coupon"] = coupon },
        ["start"] = world.Seconds,
    })["id"]!;

    private JsonObject Line(JsonObject sold, JsonObject item, long start)
    {
        JsonObject price = item["price"]!.AsObject();
        long amount = (long)price["unit_amount"]! * (long)sold["quantity"]!;
        string[] coupons = [.. Members(sold["discounts"]).Select(discount => (string)discount["coupon"]!)];
        long off = coupons.Sum(coupon => (long)(amount * (decimal)stripe.All("coupon").Single(each => (string)each["id"]! == coupon)["percent_off"]! / 100));
        return new JsonObject
        {
            ["quantity"] = (long)sold["quantity"]!,
            ["pricing"] = Pricing(price),
            ["period"] = new JsonObject { ["end"] = PeriodEnd(start, price), ["start"] = start },
            ["parent"] = new JsonObject
            {
                ["type"] = "subscription_item_details",
                ["subscription_item_details"] = new JsonObject { ["subscription_item"] = (string)item["id"]!, ["subscription"] = (string)item["subscription"]!, ["proration"] = false },
            },
            ["discounts"] = item["discounts"]!.DeepClone(),
            ["discount_amounts"] = new JsonArray([.. item["discounts"]!.AsArray().Select(discount => new JsonObject { ["discount"] = (string)discount!, ["amount"] = off })]),
            ["amount"] = amount,
            ["object"] = "line_item",
            ["id"] = $"{item["id"]}.line",
        };
    }

    private JsonObject Fee(JsonObject fee, long start)
    {
        JsonObject price = stripe.All("price").Single(each => (string)each["id"]! == (string)fee["price"]!);
        return new JsonObject
        {
            ["quantity"] = (long)fee["quantity"]!,
            ["pricing"] = Pricing(price),
            ["period"] = new JsonObject { ["end"] = start, ["start"] = start },
            ["parent"] = new JsonObject
            {
                ["type"] = "invoice_item_details",
                ["invoice_item_details"] = new JsonObject { ["invoice_item"] = $"{price["id"]}.item", ["proration"] = false },
            },
            ["discounts"] = new JsonArray(),
            ["amount"] = (long)price["unit_amount"]! * (long)fee["quantity"]!,
            ["object"] = "line_item",
            ["id"] = $"{price["id"]}.line",
        };
    }

    private static JsonObject Pricing(JsonObject price) => new()
    {
        ["unit_amount_decimal"] = (string)price["unit_amount_decimal"]!,
        ["type"] = "price_details",
        ["price_details"] = new JsonObject { ["product"] = (string)price["product"]!, ["price"] = (string)price["id"]! },
    };

    private void Draft(JsonObject subscription, JsonArray lines)
    {
        long total = lines.Sum(line => (long)line!["amount"]! - ((line["discount_amounts"] as JsonArray)?.Sum(off => (long)off!["amount"]!) ?? 0));
        stripe.Add("invoice", new JsonObject
        {
            ["total_excluding_tax"] = total,
            ["total"] = total,
            ["status"] = "draft",
            ["status_transitions"] = new JsonObject(),
            ["parent"] = new JsonObject
            {
                ["subscription_details"] = new JsonObject { ["subscription"] = (string)subscription["id"]!, ["metadata"] = subscription["metadata"]!.DeepClone() },
                ["type"] = "subscription_details",
            },
            ["metadata"] = new JsonObject(),
            ["lines"] = lines,
            ["customer"] = (string)subscription["customer"]!,
            ["currency"] = (string)subscription["currency"]!,
            ["collection_method"] = (string)subscription["collection_method"]!,
            ["amount_remaining"] = total,
            ["amount_paid"] = 0,
            ["amount_due"] = total,
        });
    }

    private static long PeriodEnd(long start, JsonObject price)
    {
        int count = (int)(long)price["recurring"]!["interval_count"]!;
        DateTimeOffset from = DateTimeOffset.FromUnixTimeSeconds(start);
        return ((string)price["recurring"]!["interval"]! == "year" ? from.AddYears(count) : from.AddMonths(count)).ToUnixTimeSeconds();
    }

    private static IEnumerable<string> Coupons(JsonObject item) => Members(item["discounts"]).Select(discount => (string)discount["coupon"]!);

    private static IEnumerable<JsonObject> Members(JsonNode? list) => (list as JsonArray ?? []).Select(each => each!.AsObject());

    private static long Number(JsonNode? text) => text is null ? 0 : long.Parse(text.ToString(), CultureInfo.InvariantCulture);
}
