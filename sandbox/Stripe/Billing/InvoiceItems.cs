using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Charges and credits waiting for an invoice, or put on a draft at once.</summary>
public sealed class InvoiceItems(World world, Invoices invoices, Discounts discounts, TaxRates taxRates, Prices prices)
{
    private const string Kind = "invoiceitem";

    private static readonly string[] WaysToPrice = ["amount", "pricing", "price_data", "unit_amount_decimal"];

    public void Register(Routes routes)
    {
        routes.On("POST /v1/invoiceitems", Create, "tax_behavior", "tax_code", "customer_account");
        routes.On("GET /v1/invoiceitems/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/invoiceitems/{id}", Update, "discounts", "tax_rates", "price_data", "pricing", "unit_amount_decimal", "tax_behavior", "tax_code", "quantity_decimal");
        routes.On("DELETE /v1/invoiceitems/{id}", Delete);
        routes.On("GET /v1/invoiceitems", call => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path, new Dictionary<string, Func<JsonObject, JsonNode, bool>>
        {
            ["created"] = (item, wanted) => Lists.Matches(item["date"], wanted),
            ["pending"] = (item, wanted) => item["invoice"] is null == wanted.GetValue<bool>(),
        }));
    }

    public static string? SubscriptionOf(JsonObject item) => item.Obj("parent")?.Obj("subscription_details")?.Text("subscription");

    /// <summary>Stores an item that waits for the next invoice of its subscription.</summary>
    /// <param name="subscription">The stored subscription.</param>
    /// <param name="line">What it charges.</param>
    /// <param name="subscriptionItem">Id of the item it prorates; null for an extra.</param>
    public JsonObject Queue(JsonObject subscription, Line line, string? subscriptionItem)
    {
        var item = world.Store.Add(Build(subscription.Text("customer")!, subscription.Text("currency")!, line));
        var details = new JsonObject { ["subscription"] = subscription.Id() };
        if (subscriptionItem is not null)
        {
            details["subscription_item"] = subscriptionItem;
        }

        item["parent"] = new JsonObject { ["subscription_details"] = details, ["type"] = "subscription_details" };
        item["proration"] = subscriptionItem is not null;
        world.Events.Emit("invoiceitem.created", item);
        return item;
    }

    private JsonObject Build(string customer, string currency, Line line) => new()
    {
        ["id"] = world.Store.NewId("ii"),
        ["object"] = Kind,
        ["amount"] = line.Amount,
        ["currency"] = currency,
        ["customer"] = customer,
        ["customer_account"] = null,
        ["date"] = world.Now,
        ["description"] = line.Description,
        ["discountable"] = line.Discountable,
        ["discounts"] = line.Discounts.DeepClone(),
        ["invoice"] = null,
        ["livemode"] = false,
        ["metadata"] = line.Metadata.DeepClone(),
        ["net_amount"] = line.Amount,
        ["parent"] = null,
        ["period"] = new JsonObject { ["end"] = line.End, ["start"] = line.Start },
        ["pricing"] = line.Price is null ? null : new JsonObject
        {
            ["price_details"] = new JsonObject { ["price"] = line.Price.Id(), ["product"] = line.Price.Copy("product") },
            ["type"] = "price_details",
            ["unit_amount_decimal"] = line.Price.Copy("unit_amount_decimal"),
        },
        ["proration"] = false,
        ["quantity"] = (long)Math.Truncate(line.Quantity ?? 1),
        ["quantity_decimal"] = (line.Quantity ?? 1).Plain(),
        ["tax_rates"] = line.TaxRates.DeepClone(),
        ["test_clock"] = null,
    };

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        var customer = world.Store.Get("customer", parameters.Text("customer") ?? throw ApiException.Missing("customer"), "customer");
        var invoice = parameters.Text("invoice") is { } target ? world.Store.Get("invoice", target, "invoice") : null;
        if (invoice is not null)
        {
            Invoices.Require(invoice, "add an item to", "draft");
        }

        var subscription = parameters.Text("subscription") is { } id ? world.Store.Get("subscription", id, "subscription") : null;
        var price = PriceOf(parameters, customer, invoice);
        var quantity = parameters.MaybeDecimal("quantity_decimal") ?? parameters.MaybeDecimal("quantity") ?? 1;
        var amount = price is null ? parameters.Number("amount") : Prices.Amount(price, quantity);
        var currency = price?.Text("currency") ?? Currencies.Check(parameters.Text("currency") ?? throw ApiException.Missing("currency"), "currency");
        Currencies.CheckAmount(amount, currency, "amount");
        CheckCurrency(customer, invoice, currency);
        var specified = discounts.Specify(parameters, "discounts");
        var period = parameters.Obj("period");
        var line = new Line(amount, parameters.Text("description"), period?.Number("start") ?? world.Now, period?.Number("end") ?? world.Now, [], price, quantity)
        {
            // A negative amount is a credit; the service does not let a coupon make it larger.
            Discountable = parameters["discountable"] is null ? amount >= 0 : parameters.Flag("discountable"),
            TaxRates = taxRates.Resolve(parameters, "tax_rates", "tax_rates"),
            Metadata = Metadata.Merge(null, parameters),
        };
        var item = world.Store.Add(Build(customer.Id(), currency, line));
        item["discounts"] = discounts.Give(specified, null, new JsonObject { ["customer"] = customer.Id(), ["invoice_item"] = item.Id() }, world.Now);
        item["parent"] = subscription is null ? null : new JsonObject { ["subscription_details"] = new JsonObject { ["subscription"] = subscription.Id() }, ["type"] = "subscription_details" };
        customer["currency"] ??= currency;
        world.Events.Emit("invoiceitem.created", item);
        if (invoice is not null)
        {
            var before = invoice.CopyObject();
            invoices.AddItem(invoice, item);
            world.Events.Emit("invoice.updated", invoice, before);
        }

        return item;
    }

    private JsonObject? PriceOf(JsonObject parameters, JsonObject customer, JsonObject? invoice)
    {
        string[] ways = [.. WaysToPrice.Where(parameters.ContainsKey)];
        if (ways.Length != 1)
        {
            throw ways.Length == 0
                ? ApiException.Missing("amount")
                : ApiException.Invalid($"You may only specify one of these parameters: {string.Join(", ", ways)}.", ways[1], "parameters_exclusive");
        }

        if (ways[0] == "amount" && (parameters.ContainsKey("quantity") || parameters.ContainsKey("quantity_decimal")))
        {
            throw ApiException.Invalid("You may only specify one of these parameters: amount, quantity.", "quantity", "parameters_exclusive");
        }

        if (ways[0] == "unit_amount_decimal")
        {
            return prices.Inline(new JsonObject
            {
                ["currency"] = parameters.Text("currency") ?? invoice?.Text("currency") ?? customer.Text("currency") ?? throw ApiException.Missing("currency"),
                ["product_data"] = new JsonObject { ["name"] = parameters.Text("description") ?? "Invoice item" },
                ["unit_amount_decimal"] = parameters.Copy("unit_amount_decimal"),
            }, "unit_amount_decimal");
        }

        var price = parameters.Obj("price_data") is { } data ? prices.Inline(data, "price_data")
            : parameters.Obj("pricing") is { } pricing ? prices.Resolve(pricing, "pricing") : null;
        return price?.Text("type") == "recurring"
            ? throw ApiException.Invalid("The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.", "pricing[price]")
            : price;
    }

    private static void CheckCurrency(JsonObject customer, JsonObject? invoice, string currency)
    {
        if (invoice is not null && invoice.Text("currency") != currency)
        {
            throw ApiException.Invalid($"The currency of the invoice item ({currency}) must match the invoice's ({invoice.Text("currency")}).", "currency");
        }

        if (invoice is not null && invoice.Text("customer") != customer.Id())
        {
            throw ApiException.Invalid("The invoice belongs to another customer.", "invoice");
        }
    }

    private JsonObject Update(Call call)
    {
        var item = world.Store.Get(Kind, call.Id);
        if (item["invoice"] is not null)
        {
            throw ApiException.Invalid("This invoice item is already attached to an invoice; the sandbox plays changes to pending items only.");
        }

        var metadata = Metadata.Merge(item.Obj("metadata"), call.Parameters);
        var before = item.CopyObject();
        item["metadata"] = metadata;
        item.Take(call.Parameters, "amount", "description", "discountable", "period", "quantity");
        if (call.Parameters.ContainsKey("quantity") && item.Obj("pricing")?.Obj("price_details")?.Text("price") is { } price)
        {
            item["amount"] = Prices.Amount(world.Store.Get("price", price), item.Number("quantity"));
            item["quantity_decimal"] = ((decimal)item.Number("quantity")).Plain();
        }

        world.Events.EmitIfChanged("invoiceitem.updated", item, before);
        return item;
    }

    private JsonObject Delete(Call call)
    {
        var item = world.Store.Get(Kind, call.Id);
        if (item.Text("invoice") is { } id && world.Store.Find("invoice", id) is { } invoice)
        {
            Invoices.Require(invoice, "delete an item of", "draft");
            var data = invoice.Obj("lines")!.Arr("data")!;
            data.Remove(data.OfType<JsonObject>().Single(line => line.Obj("parent")!.Obj("invoice_item_details")?.Text("invoice_item") == item.Id()));
            invoices.Compute(invoice);
        }

        world.Store.Remove(item);
        world.Events.Emit("invoiceitem.deleted", item);
        return new JsonObject { ["id"] = call.Id, ["object"] = Kind, ["deleted"] = true };
    }
}
