using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Catalogue;

/// <summary>Coupons; the caller may choose their id.</summary>
public sealed class Coupons(World world)
{
    private const string Kind = "coupon";

    public void Register(Routes routes)
    {
        routes.On("POST /v1/coupons", Create, "currency_options");
        routes.On("GET /v1/coupons/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/coupons/{id}", Update, "currency_options");
        routes.On("DELETE /v1/coupons/{id}", Delete);
        routes.On("GET /v1/coupons", call => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path));
    }

    /// <exception cref="ApiException">There is no such coupon, or it has expired.</exception>
    public JsonObject Usable(string id, string param)
    {
        var coupon = world.Store.Get(Kind, id, param);
        return coupon.MaybeNumber("redeem_by") is { } until && until < world.Now
            ? throw ApiException.Invalid($"Coupon expired: {id}", param, "coupon_expired")
            : coupon;
    }

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        Check(parameters);
        var coupon = new JsonObject
        {
            ["id"] = parameters.Text("id") ?? world.Store.NewId("co"),
            ["object"] = Kind,
            ["amount_off"] = parameters.Copy("amount_off"),
            ["created"] = world.Now,
            ["currency"] = parameters.Text("currency") is { } currency ? Currencies.Check(currency, "currency") : null,
            ["duration"] = parameters.Text("duration") ?? "once",
            ["duration_in_months"] = parameters.Copy("duration_in_months"),
            ["livemode"] = false,
            ["max_redemptions"] = parameters.Copy("max_redemptions"),
            ["metadata"] = Metadata.Merge(null, parameters),
            ["name"] = parameters.Copy("name"),
            ["percent_off"] = parameters.Copy("percent_off"),
            ["redeem_by"] = parameters.Copy("redeem_by"),
            ["times_redeemed"] = 0L,
            ["valid"] = true,
            ["_applies_to"] = parameters.Copy("applies_to"),
            ["_currency_options"] = new JsonObject(),
        };
        world.Store.Add(coupon);
        world.Events.Emit("coupon.created", coupon);
        return coupon;
    }

    private void Check(JsonObject parameters)
    {
        if (parameters.Text("id") is { } chosen && world.Store.Find(Kind, chosen) is not null)
        {
            throw ApiException.Invalid("Coupon already exists.", "id", "resource_already_exists");
        }

        if (parameters.ContainsKey("percent_off") == parameters.ContainsKey("amount_off"))
        {
            throw ApiException.Invalid("Must provide either `percent_off` or `amount_off`, and not both.", "percent_off");
        }

        if (parameters.MaybeDecimal("percent_off") is <= 0 or > 100)
        {
            throw ApiException.Invalid("Invalid percent_off: must be greater than 0 and at most 100.", "percent_off");
        }

        if (parameters.MaybeNumber("amount_off") is <= 0)
        {
            throw ApiException.Invalid("Invalid integer: must be greater than 0", "amount_off");
        }

        if (parameters.ContainsKey("amount_off") && parameters.Text("currency") is null)
        {
            throw ApiException.Missing("currency");
        }

        if (parameters.Text("duration") == "repeating" != parameters.ContainsKey("duration_in_months"))
        {
            throw parameters.ContainsKey("duration_in_months")
                ? ApiException.Invalid("`duration_in_months` may only be set when `duration` is `repeating`.", "duration_in_months")
                : ApiException.Missing("duration_in_months");
        }

        if (parameters.Text("name") is { Length: > 40 })
        {
            throw ApiException.Invalid("Invalid string: must be at most 40 characters", "name");
        }
    }

    private JsonObject Update(Call call)
    {
        var coupon = world.Store.Get(Kind, call.Id);
        var metadata = Metadata.Merge(coupon.Obj("metadata"), call.Parameters);
        var before = coupon.CopyObject();
        coupon["metadata"] = metadata;
        coupon.Take(call.Parameters, "name");
        world.Events.EmitIfChanged("coupon.updated", coupon, before);
        return coupon;
    }

    // Discounts that were given with it keep a copy: deleting a coupon takes nothing back.
    private JsonObject Delete(Call call)
    {
        var coupon = world.Store.Get(Kind, call.Id);
        world.Store.Remove(coupon);
        world.Events.Emit("coupon.deleted", coupon);
        return new JsonObject { ["id"] = call.Id, ["object"] = Kind, ["deleted"] = true };
    }
}
