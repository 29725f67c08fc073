using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Billing;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Catalogue;

/// <summary>Customers, their tax ids and the ledger of their balance.</summary>
public sealed class Customers(World world, Subscriptions subscriptions, Schedules schedules)
{
    private const string Kind = "customer";

    public void Register(Routes routes)
    {
        routes.On("POST /v1/customers", Create, "business_name", "individual_name", "cash_balance", "payment_method", "source", "tax", "test_clock");
        routes.On("GET /v1/customers/{id}", Get);
        routes.On("POST /v1/customers/{id}", Update, "business_name", "individual_name", "cash_balance", "source", "tax", "default_source");
        routes.On("DELETE /v1/customers/{id}", Delete);
        routes.On("GET /v1/customers", call => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path));
        routes.On("GET /v1/customers/search", call => Search.Run(world.Store, Kind, call.Parameters, call.Path, world.Now));
        routes.On("POST /v1/customers/{parent}/balance_transactions", Adjust);
        routes.On("POST /v1/customers/{parent}/balance_transactions/{id}", call => Described(OfCustomer("customer_balance_transaction", call), call));
        routes.On("GET /v1/customers/{parent}/balance_transactions/{id}", call => OfCustomer("customer_balance_transaction", call));
        routes.On("GET /v1/customers/{parent}/balance_transactions", call => PageOf("customer_balance_transaction", call));
        routes.On("POST /v1/customers/{parent}/tax_ids", call => AddTaxId(world.Store.Get(Kind, call.Id), call.Parameters));
        routes.On("GET /v1/customers/{parent}/tax_ids/{id}", call => OfCustomer("tax_id", call));
        routes.On("GET /v1/customers/{parent}/tax_ids", call => PageOf("tax_id", call));
        routes.On("DELETE /v1/customers/{parent}/tax_ids/{id}", RemoveTaxId);
    }

    // A deleted customer can still be read, as a stub.
    private JsonObject Get(Call call) => world.Store.Find(Kind, call.Id) is { } customer ? WithSubscriptions(customer) : Removed(call);

    private JsonObject WithSubscriptions(JsonObject customer)
    {
        customer["_subscriptions"] = Json.List($"/v1/customers/{customer.Id()}/subscriptions", subscriptions.RunningOf(customer.Id()).Select(JsonNode? (s) => s.DeepClone()).ToArray());
        return customer;
    }

    private JsonObject Removed(Call call) => world.Store.Place(call.Id) is not null && call.Id.StartsWith("cus_", StringComparison.Ordinal)
        ? Stub(call.Id)
        : throw ApiException.NoSuch(Kind, call.Id);

    private static JsonObject Stub(string id) => new() { ["id"] = id, ["object"] = Kind, ["deleted"] = true };

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        Check(parameters);
        var metadata = Metadata.Merge(null, parameters);
        var id = world.Store.NewId("cus");
        var customer = new JsonObject
        {
            ["id"] = id,
            ["object"] = Kind,
            ["address"] = null,
            ["balance"] = 0L,
            ["created"] = world.Now,
            ["currency"] = null,
            ["customer_account"] = null,
            ["default_source"] = null,
            ["delinquent"] = false,
            ["description"] = null,
            ["discount"] = null,
            ["email"] = null,
            ["invoice_prefix"] = "SB" + id[^6..],
            ["invoice_settings"] = new JsonObject { ["custom_fields"] = null, ["default_payment_method"] = null, ["footer"] = null, ["rendering_options"] = null },
            ["livemode"] = false,
            ["metadata"] = metadata,
            ["name"] = null,
            ["next_invoice_sequence"] = 1L,
            ["phone"] = null,
            ["preferred_locales"] = new JsonArray(),
            ["shipping"] = null,
            ["tax_exempt"] = "none",
            ["test_clock"] = null,
            ["_tax_ids"] = Json.List($"/v1/customers/{id}/tax_ids", []),
            ["_subscriptions"] = Json.List($"/v1/customers/{id}/subscriptions", []),
            ["_tax"] = new JsonObject { ["automatic_tax"] = "not_collecting", ["ip_address"] = null, ["location"] = null, ["provider"] = "stripe" },
        };
        Fill(customer, parameters);
        world.Store.Add(customer);
        foreach (var taxId in parameters.Objects("tax_id_data"))
        {
            AddTaxId(customer, taxId);
        }

        world.Events.Emit("customer.created", customer);
        return customer;
    }

    private JsonObject Update(Call call)
    {
        var customer = world.Store.Get(Kind, call.Id);
        Check(call.Parameters);
        var metadata = Metadata.Merge(customer.Obj("metadata"), call.Parameters);
        var before = customer.CopyObject();
        customer["metadata"] = metadata;
        Fill(customer, call.Parameters);
        world.Events.EmitIfChanged("customer.updated", customer, before);
        return customer;
    }

    private static void Check(JsonObject parameters)
    {
        if (parameters.Text("email") is { Length: > 0 } email && (!email.Contains('@', StringComparison.Ordinal) || email.Any(char.IsWhiteSpace) || email.Length > 512))
        {
            throw ApiException.Invalid($"Invalid email address: {email}", "email", "email_invalid");
        }

        if (parameters.Text("name") is { Length: > 256 } name)
        {
            throw ApiException.Invalid($"Invalid string: {name[..10]}...; must be at most 256 characters", "name");
        }
    }

    private static void Fill(JsonObject customer, JsonObject parameters)
    {
        customer.Take(parameters, "email", "name", "phone", "description", "preferred_locales", "invoice_prefix", "next_invoice_sequence", "tax_exempt", "balance");
        if (parameters.ContainsKey("address"))
        {
            customer["address"] = Address(parameters);
        }

        if (parameters.Obj("shipping") is { } shipping)
        {
            customer["shipping"] = new JsonObject { ["address"] = Address(shipping), ["name"] = shipping.Copy("name"), ["phone"] = shipping.Copy("phone") };
        }
        else if (parameters.Clears("shipping"))
        {
            customer["shipping"] = null;
        }

        customer.Obj("invoice_settings")!.Take(parameters.Obj("invoice_settings") ?? [], "custom_fields", "default_payment_method", "footer", "rendering_options");
    }

    private static JsonObject? Address(JsonObject parameters)
    {
        if (parameters.Obj("address") is not { } given)
        {
            return null;
        }

        var address = new JsonObject();
        foreach (var part in (string[])["city", "country", "line1", "line2", "postal_code", "state"])
        {
            address[part] = given.Text(part) is { Length: > 0 } text ? text : null;
        }

        return address;
    }

    private JsonObject Delete(Call call)
    {
        var customer = world.Store.Get(Kind, call.Id);
        schedules.CancelAllOf(call.Id);
        subscriptions.CancelAllOf(call.Id);
        world.Store.Remove(customer);
        world.Events.Emit("customer.deleted", customer);
        return Stub(call.Id);
    }

    private JsonObject Adjust(Call call)
    {
        var customer = world.Store.Get(Kind, call.Id);
        var currency = Currencies.Check(call.Parameters.Text("currency")!, "currency");
        if (customer.Text("currency") is { } fixedCurrency && fixedCurrency != currency)
        {
            throw ApiException.Invalid($"The currency {currency} does not match the customer's currency {fixedCurrency}.", "currency");
        }

        customer["currency"] = currency;
        var entry = Balances.Book(world, customer, call.Parameters.Number("amount"), currency, "adjustment", null);
        entry["metadata"] = Metadata.Merge(null, call.Parameters);
        entry["description"] = call.Parameters.Copy("description");
        return entry;
    }

    private static JsonObject Described(JsonObject entry, Call call)
    {
        entry["metadata"] = Metadata.Merge(entry.Obj("metadata"), call.Parameters);
        entry.Take(call.Parameters, "description");
        return entry;
    }

    private JsonObject AddTaxId(JsonObject customer, JsonObject parameters)
    {
        var taxId = new JsonObject
        {
            ["id"] = world.Store.NewId("txi"),
            ["object"] = "tax_id",
            ["country"] = parameters.Text("type")![..2].ToUpper(CultureInfo.InvariantCulture),
            ["created"] = world.Now,
            ["customer"] = customer.Id(),
            ["customer_account"] = null,
            ["livemode"] = false,
            ["owner"] = new JsonObject { ["customer"] = customer.Id(), ["customer_account"] = null, ["type"] = "customer" },
            ["type"] = parameters.Copy("type"),
            ["value"] = parameters.Copy("value"),
            ["verification"] = new JsonObject { ["status"] = "pending", ["verified_address"] = null, ["verified_name"] = null },
        };
        world.Store.Add(taxId);
        customer.Obj("_tax_ids")!.Arr("data")!.Add(taxId.DeepClone());
        world.Events.Emit("customer.tax_id.created", taxId);
        return taxId;
    }

    private JsonObject RemoveTaxId(Call call)
    {
        var taxId = OfCustomer("tax_id", call);
        var data = world.Store.Get(Kind, call.Id).Obj("_tax_ids")!.Arr("data")!;
        data.Remove(data.OfType<JsonObject>().Single(shown => shown.Id() == taxId.Id()));
        world.Store.Remove(taxId);
        world.Events.Emit("customer.tax_id.deleted", taxId);
        return new JsonObject { ["id"] = taxId.Id(), ["object"] = "tax_id", ["deleted"] = true };
    }

    private JsonObject OfCustomer(string kind, Call call)
    {
        var found = world.Store.Get(kind, call.Ids[1]);
        return found.Text("customer") == call.Id ? found : throw ApiException.NoSuch(kind, call.Ids[1]);
    }

    private JsonObject PageOf(string kind, Call call)
    {
        world.Store.Get(Kind, call.Id);
        return Lists.Page(world.Store, world.Store.All(kind).Where(entry => entry.Text("customer") == call.Id), call.Parameters, call.Path);
    }
}
