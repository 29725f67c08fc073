using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Adds an invoice up: lines, their discounts, the invoice's discounts, taxes per line, total.</summary>
/// <remarks>Each share is rounded half up, once per line.</remarks>
public static class Totals
{
    /// <summary>Recomputes every derived amount of a draft.</summary>
    public static void Compute(JsonObject invoice, Discounts discounts)
    {
        var lines = invoice.Obj("lines")!.Objects("data").ToList();
        foreach (var line in lines)
        {
            line["discount_amounts"] = new JsonArray();
            foreach (var discount in Of(line.Arr("_own_discounts"), discounts))
            {
                Take(line, discount, LineShare(line, Discounts.Coupon(discount)));
            }
        }

        foreach (var discount in Of(invoice.Arr("discounts"), discounts))
        {
            SpreadOverLines(lines, discount);
        }

        foreach (var line in lines)
        {
            line["taxes"] = Taxes(Net(line), RatesOf(line, invoice));
        }

        Sum(invoice, lines);
    }

    private static IEnumerable<JsonObject> Of(JsonArray? ids, Discounts discounts) => (ids ?? []).Select(id => discounts.Get(id!.GetValue<string>()));

    private static long Net(JsonObject line) => line.Number("amount") - line.Objects("discount_amounts").Sum(taken => taken.Number("amount"));

    private static long LineShare(JsonObject line, JsonObject coupon)
    {
        if (!line.Flag("discountable") || Net(line) <= 0 || !AppliesTo(coupon, line))
        {
            return 0;
        }

        return coupon.MaybeDecimal("percent_off") is { } percent
            ? Prices.Round(Net(line) * percent / 100)
            : coupon.Text("currency") == line.Text("currency") ? Math.Min(Net(line), coupon.Number("amount_off")) : 0;
    }

    private static bool AppliesTo(JsonObject coupon, JsonObject line) => coupon.Obj("_applies_to") is not { } only
        || only.Texts("products").Contains(line.Obj("pricing")?.Obj("price_details")?.Text("product"));

    private static void SpreadOverLines(List<JsonObject> lines, JsonObject discount)
    {
        var coupon = Discounts.Coupon(discount);
        if (coupon.ContainsKey("percent_off") && coupon["percent_off"] is not null)
        {
            lines.ForEach(line => Take(line, discount, LineShare(line, coupon)));
            return;
        }

        List<JsonObject> eligible = [.. lines.Where(line => LineShare(line, coupon) > 0)];
        var whole = eligible.Sum(Net);
        var left = Math.Min(whole, coupon.Number("amount_off"));
        foreach (var line in eligible)
        {
            // Shares of what is left, so that they sum to the whole whatever the rounding.
            var share = whole == 0 ? 0 : Prices.Round((decimal)left * Net(line) / whole);
            whole -= Net(line);
            left -= share;
            Take(line, discount, share);
        }
    }

    private static void Take(JsonObject line, JsonObject discount, long amount)
    {
        if (amount > 0)
        {
            line.Arr("discount_amounts")!.Add(new JsonObject { ["amount"] = amount, ["discount"] = discount.Id() });
        }
    }

    private static IEnumerable<JsonObject> RatesOf(JsonObject line, JsonObject invoice) =>
        line.Objects("_tax_rates").Any() ? line.Objects("_tax_rates") : invoice.Objects("default_tax_rates");

    /// <summary>The taxes of an amount after discounts, one per rate.</summary>
    public static JsonArray Taxes(long net, IEnumerable<JsonObject> rates) => rates.Select(JsonNode? (rate) =>
    {
        var percentage = rate.MaybeDecimal("percentage")!.Value;
        var inclusive = rate.Flag("inclusive");
        var amount = inclusive ? Prices.Round(net - (net / (1 + (percentage / 100)))) : Prices.Round(net * percentage / 100);
        return new JsonObject
        {
            ["amount"] = amount,
            ["tax_behavior"] = inclusive ? "inclusive" : "exclusive",
            ["tax_rate_details"] = new JsonObject { ["tax_rate"] = rate.Id() },
            ["taxability_reason"] = "not_available",
            ["taxable_amount"] = inclusive ? net - amount : net,
            ["type"] = "tax_rate_details",
        };
    }).ToArray();

    private static void Sum(JsonObject invoice, List<JsonObject> lines)
    {
        var subtotal = lines.Sum(line => line.Number("amount"));
        var taxes = Grouped(lines.SelectMany(line => line.Objects("taxes")), tax => tax.Obj("tax_rate_details")!.Text("tax_rate")!);
        var taken = Grouped(lines.SelectMany(line => line.Objects("discount_amounts")), share => share.Text("discount")!);
        var inclusive = taxes.OfType<JsonObject>().Where(tax => tax.Text("tax_behavior") == "inclusive").Sum(tax => tax.Number("amount"));
        var exclusive = taxes.OfType<JsonObject>().Where(tax => tax.Text("tax_behavior") == "exclusive").Sum(tax => tax.Number("amount"));
        var discounted = subtotal - taken.OfType<JsonObject>().Sum(share => share.Number("amount"));
        invoice["subtotal"] = subtotal;
        invoice["subtotal_excluding_tax"] = subtotal - inclusive;
        invoice["total_discount_amounts"] = taken;
        invoice["total_taxes"] = taxes;
        invoice["total_excluding_tax"] = discounted - inclusive;
        invoice["total"] = discounted + exclusive;
    }

    private static JsonArray Grouped(IEnumerable<JsonObject> parts, Func<JsonObject, string> key) => parts.GroupBy(key).Select(JsonNode? (group) =>
    {
        var sum = group.First().CopyObject();
        sum["amount"] = group.Sum(part => part.Number("amount"));
        if (sum.ContainsKey("taxable_amount"))
        {
            sum["taxable_amount"] = group.Sum(part => part.Number("taxable_amount"));
        }

        return sum;
    }).ToArray();
}
