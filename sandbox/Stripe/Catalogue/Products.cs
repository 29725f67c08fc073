using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Catalogue;

/// <summary>Products; the caller may choose their id.</summary>
public sealed class Products(World world)
{
    private const string Kind = "product";

    public void Register(Routes routes)
    {
        routes.On("POST /v1/products", call => Create(call.Parameters), "default_price_data");
        routes.On("GET /v1/products/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/products/{id}", Update);
        routes.On("DELETE /v1/products/{id}", Delete);
        routes.On("GET /v1/products", call => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path, new Dictionary<string, Func<JsonObject, JsonNode, bool>>
        {
            ["ids"] = (product, ids) => ((JsonArray)ids).Any(id => id!.GetValue<string>() == product.Id()),
        }));
        routes.On("GET /v1/products/search", call => Search.Run(world.Store, Kind, call.Parameters, call.Path, world.Now));
    }

    /// <exception cref="ApiException">The chosen id is taken.</exception>
    public JsonObject Create(JsonObject parameters)
    {
        var metadata = Metadata.Merge(null, parameters);
        if (parameters.Text("id") is { } chosen && world.Store.Find(Kind, chosen) is not null)
        {
            throw ApiException.Invalid($"Product already exists.", "id", "resource_already_exists");
        }

        var product = new JsonObject
        {
            ["id"] = parameters.Text("id") ?? world.Store.NewId("prod"),
            ["object"] = Kind,
            ["active"] = true,
            ["created"] = world.Now,
            ["default_price"] = null,
            ["description"] = null,
            ["images"] = new JsonArray(),
            ["livemode"] = false,
            ["marketing_features"] = new JsonArray(),
            ["metadata"] = metadata,
            ["name"] = parameters.Copy("name"),
            ["package_dimensions"] = null,
            ["shippable"] = null,
            ["statement_descriptor"] = null,
            ["tax_code"] = null,
            ["type"] = "service",
            ["unit_label"] = null,
            ["updated"] = world.Now,
            ["url"] = null,
        };
        Fill(product, parameters);
        world.Store.Add(product);
        world.Events.Emit("product.created", product);
        return product;
    }

    private JsonObject Update(Call call)
    {
        var product = world.Store.Get(Kind, call.Id);
        var metadata = Metadata.Merge(product.Obj("metadata"), call.Parameters);
        var before = product.CopyObject();
        product["metadata"] = metadata;
        product.Take(call.Parameters, "name", "default_price");
        Fill(product, call.Parameters);
        product["updated"] = world.Now;
        world.Events.EmitIfChanged("product.updated", product, before);
        return product;
    }

    private static void Fill(JsonObject product, JsonObject parameters) => product.Take(
        parameters, "active", "description", "images", "marketing_features", "package_dimensions", "shippable", "statement_descriptor", "tax_code", "unit_label", "url");

    private JsonObject Delete(Call call)
    {
        var product = world.Store.Get(Kind, call.Id);
        if (world.Store.All("price").Any(price => price.Text("product") == call.Id))
        {
            throw ApiException.Invalid("This product cannot be deleted because it has one or more user-created prices.");
        }

        world.Store.Remove(product);
        world.Events.Emit("product.deleted", product);
        return new JsonObject { ["id"] = call.Id, ["object"] = Kind, ["deleted"] = true };
    }
}
