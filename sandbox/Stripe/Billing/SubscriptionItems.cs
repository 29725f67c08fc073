using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>The items of subscriptions, one by one.</summary>
public sealed class SubscriptionItems(World world, Subscriptions subscriptions, Discounts discounts, TaxRates taxRates, Prices prices)
{
    private const string Kind = "subscription_item";

    private readonly ItemSpecs specs = new(discounts, taxRates, prices);

    public void Register(Routes routes)
    {
        routes.On("POST /v1/subscription_items", Create);
        routes.On("GET /v1/subscription_items/{id}", call => Find(call.Id).Item);
        routes.On("POST /v1/subscription_items/{id}", Update);
        routes.On("DELETE /v1/subscription_items/{id}", Delete);
        routes.On("GET /v1/subscription_items", ListItems);
    }

    private JsonObject ListItems(Call call)
    {
        var subscription = world.Store.Get("subscription", call.Parameters.Text("subscription")!, "subscription");
        var rows = Engine.Items(subscription).ToList();
        var limit = Lists.Limit(call.Parameters);
        var from = call.Parameters.Text("starting_after") is { } after ? rows.FindIndex(item => item.Id() == after) + 1 : 0;
        return Lists.Envelope(rows.Skip(from).Take(limit), rows.Count - from > limit, call.Path);
    }

    private JsonObject Create(Call call)
    {
        var subscription = world.Store.Get("subscription", call.Parameters.Text("subscription") ?? throw ApiException.Missing("subscription"), "subscription");
        var added = specs.Read(call.Parameters.CopyObject(), "");
        Apply(subscription, [.. Engine.Items(subscription).Select(subscriptions.SpecOf), added], call.Parameters);
        return Engine.Items(subscription).Last();
    }

    private JsonObject Update(Call call)
    {
        var (subscription, item) = Find(call.Id);
        var changed = subscriptions.Changed(subscriptions.SpecOf(item), call.Parameters, "");
        Apply(subscription, [.. Engine.Items(subscription).Select(other => other.Id() == call.Id ? changed : subscriptions.SpecOf(other))], call.Parameters);
        return Engine.Items(subscription).FirstOrDefault(other => other.Id() == call.Id) ?? Engine.Items(subscription).Last();
    }

    private JsonObject Delete(Call call)
    {
        var (subscription, _) = Find(call.Id);
        if (Engine.Items(subscription).Count() == 1)
        {
            throw ApiException.Invalid("A subscription must have at least one active plan. To cancel the subscription, cancel it.");
        }

        Apply(subscription, [.. Engine.Items(subscription).Where(item => item.Id() != call.Id).Select(subscriptions.SpecOf)], call.Parameters);
        return new JsonObject { ["id"] = call.Id, ["object"] = Kind, ["deleted"] = true };
    }

    private void Apply(JsonObject subscription, List<ItemSpec> wanted, JsonObject parameters)
    {
        ItemSpecs.Check(wanted, "items");
        var before = subscription.CopyObject();
        subscriptions.Change(subscription, parameters, wanted, []);
        world.Events.EmitIfChanged("customer.subscription.updated", subscription, before);
        subscriptions.Engine.Arm(subscription);
    }

    private (JsonObject Subscription, JsonObject Item) Find(string id)
    {
        foreach (var subscription in world.Store.All("subscription"))
        {
            if (Engine.Items(subscription).FirstOrDefault(item => item.Id() == id) is { } item)
            {
                return (subscription, item);
            }
        }

        throw ApiException.NoSuch(Kind, id);
    }
}
