using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Coupons given to something: a subscription, one of its items, an invoice or an invoice item.</summary>
public sealed class Discounts(World world, Coupons coupons)
{
    /// <summary>Checks a <c>discounts</c> parameter and gives it the shape schedules show it in.</summary>
    /// <exception cref="ApiException">An entry names no coupon or discount that can be used.</exception>
    public JsonArray Specify(JsonObject parameters, string param) => parameters.Objects("discounts")
        .Select((given, at) => (JsonNode?)Specify1(given, $"{param}[{at}]"))
        .ToArray();

    /// <summary>Gives the specified coupons, keeping a discount already held for the same coupon.</summary>
    /// <param name="specified">Result of <see cref="Specify"/>.</param>
    /// <param name="held">Ids of discounts the holder has now.</param>
    /// <param name="holder">Members that say whose they are, such as <c>subscription</c>.</param>
    /// <param name="start">Unix seconds from which repeating ones count.</param>
    /// <returns>Ids of the holder's discounts.</returns>
    public JsonArray Give(JsonArray specified, JsonArray? held, JsonObject holder, long start)
    {
        var kept = (held ?? []).Select(id => world.Store.Get("discount", id!.GetValue<string>())).ToList();
        return specified.OfType<JsonObject>()
            .Select(spec => spec.Text("discount") is { } existing
                ? world.Store.Get("discount", existing)
                : kept.FirstOrDefault(discount => discount.Obj("source")!.Text("coupon") == spec.Text("coupon")) ?? Grant(spec.Text("coupon")!, holder, start))
            .Select(JsonNode? (discount) => discount.Id())
            .ToArray();
    }

    /// <summary>The discounts of <paramref name="ids"/> that still apply to an invoice of <paramref name="time"/>.</summary>
    public List<JsonObject> Live(JsonArray? ids, long time) =>
        [.. (ids ?? []).Select(id => world.Store.Get("discount", id!.GetValue<string>())).Where(discount => (discount.MaybeNumber("end") ?? long.MaxValue) > time)];

    public JsonObject Get(string id) => world.Store.Get("discount", id);

    /// <summary>The coupon as it was when it was given.</summary>
    public static JsonObject Coupon(JsonObject discount) => discount.Obj("_coupon")!;

    private JsonObject Specify1(JsonObject given, string param)
    {
        if (given.Text("discount") is { } existing)
        {
            world.Store.Get("discount", existing, $"{param}[discount]");
        }
        else
        {
            coupons.Usable(given.Text("coupon") ?? throw ApiException.Missing($"{param}[coupon]"), $"{param}[coupon]");
        }

        return new JsonObject { ["coupon"] = given.Copy("coupon"), ["discount"] = given.Copy("discount"), ["promotion_code"] = null };
    }

    private JsonObject Grant(string couponId, JsonObject holder, long start)
    {
        var coupon = coupons.Usable(couponId, "discounts");
        coupon["times_redeemed"] = coupon.Number("times_redeemed") + 1;
        var discount = new JsonObject
        {
            ["id"] = world.Store.NewId("di"),
            ["object"] = "discount",
            ["checkout_session"] = null,
            ["customer"] = holder.Copy("customer"),
            ["customer_account"] = null,
            ["end"] = coupon.Text("duration") == "repeating" ? new Cycle("month", 1).Add(start, coupon.Number("duration_in_months")) : null,
            ["invoice"] = holder.Copy("invoice"),
            ["invoice_item"] = holder.Copy("invoice_item"),
            ["promotion_code"] = null,
            ["source"] = new JsonObject { ["coupon"] = couponId, ["type"] = "coupon" },
            ["start"] = start,
            ["subscription"] = holder.Copy("subscription"),
            ["subscription_item"] = holder.Copy("subscription_item"),
            ["_coupon"] = coupon.DeepClone(),
        };
        return world.Store.Add(discount);
    }
}
