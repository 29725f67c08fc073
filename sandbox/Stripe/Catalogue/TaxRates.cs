using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Catalogue;

/// <summary>Fixed tax rates, inclusive or exclusive.</summary>
public sealed class TaxRates(World world)
{
    private const string Kind = "tax_rate";

    public void Register(Routes routes)
    {
        routes.On("POST /v1/tax_rates", Create);
        routes.On("GET /v1/tax_rates/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/tax_rates/{id}", Update);
        routes.On("GET /v1/tax_rates", call => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path));
    }

    /// <summary>Copies of the rates a parameter names; empty when it is absent or cleared.</summary>
    /// <exception cref="ApiException">There is no such rate, or it is archived.</exception>
    public JsonArray Resolve(JsonObject parameters, string key, string param) => parameters.Texts(key)
        .Select(JsonNode? (id) => world.Store.Get(Kind, id, param) is var rate && rate.Flag("active")
            ? rate.DeepClone()
            : throw ApiException.Invalid($"The tax rate {id} is archived.", param))
        .ToArray();

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        var rate = new JsonObject
        {
            ["id"] = world.Store.NewId("txr"),
            ["object"] = Kind,
            ["active"] = parameters.Copy("active") ?? true,
            ["country"] = parameters.Copy("country"),
            ["created"] = world.Now,
            ["description"] = parameters.Copy("description"),
            ["display_name"] = parameters.Copy("display_name"),
            ["effective_percentage"] = parameters.Copy("percentage"),
            ["flat_amount"] = null,
            ["inclusive"] = parameters.Copy("inclusive"),
            ["jurisdiction"] = parameters.Copy("jurisdiction"),
            ["jurisdiction_level"] = null,
            ["livemode"] = false,
            ["metadata"] = Metadata.Merge(null, parameters),
            ["percentage"] = parameters.Copy("percentage"),
            ["rate_type"] = "percentage",
            ["state"] = parameters.Copy("state"),
            ["tax_type"] = parameters.Copy("tax_type"),
        };
        if (parameters.MaybeDecimal("percentage") is < 0 or > 100)
        {
            throw ApiException.Invalid("Invalid percentage: must be between 0 and 100.", "percentage");
        }

        world.Store.Add(rate);
        world.Events.Emit("tax_rate.created", rate);
        return rate;
    }

    private JsonObject Update(Call call)
    {
        var rate = world.Store.Get(Kind, call.Id);
        var metadata = Metadata.Merge(rate.Obj("metadata"), call.Parameters);
        var before = rate.CopyObject();
        rate["metadata"] = metadata;
        rate.Take(call.Parameters, "active", "country", "description", "display_name", "jurisdiction", "state", "tax_type");
        world.Events.EmitIfChanged("tax_rate.updated", rate, before);
        return rate;
    }
}
