using System.Text.Json.Nodes;
using Hub.Sandbox.Kernel;
using Hub.Sandbox.Stripe;

namespace Hub.Sandbox.Seed;

/// <summary>What the story needs to find in Stripe: the products under their own ids, and the customers billed before.</summary>
/// <remarks>Repeating it changes nothing. None of it counts as a call.</remarks>
internal sealed class StripeBooks(StripeModule stripe)
{
    /// <summary>The Stripe simulator of this sandbox; null when it is not part of it.</summary>
    public static StripeBooks? Of(IServiceProvider services) =>
        services.GetServices<ISandboxModule>().OfType<StripeModule>().FirstOrDefault() is { } stripe ? new StripeBooks(stripe) : null;

    public void AddProduct(CatalogueProduct product)
    {
        var (_, known) = stripe.Perform("GET", "/v1/products", [new("ids[0]", product.StripeId!)]);
        if (known["data"]!.AsArray().Count == 0)
        {
            Post("/v1/products", new("id", product.StripeId!), new("name", product.Name), new("metadata[sf_product_id]", product.Id));
        }
    }

    /// <returns>The customer's id.</returns>
    public string AddCustomer(JsonNode account, string? email)
    {
        var id = (string)account["Id"]!;

        // Not by search: it lags behind creation, as the real one does.
        var known = stripe.WithAccount(books => books.Store.All("customer").FirstOrDefault(customer => (string?)customer["metadata"]?["sf_account_id"] == id));
        var customer = known ?? Post(
            "/v1/customers", new("name", (string)account["Name"]!), new("email", email ?? ""), new("metadata[sf_account_id]", id));
        return (string)customer["id"]!;
    }

    private JsonNode Post(string path, params KeyValuePair<string, string>[] form)
    {
        var (status, body) = stripe.Perform("POST", path, form);
        return status == StatusCodes.Status200OK ? body : throw new InvalidOperationException($"{path} refused the seed: {body.ToJsonString()}");
    }
}
