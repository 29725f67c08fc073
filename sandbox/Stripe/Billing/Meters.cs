using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Meters and the usage reported to them.</summary>
public sealed class Meters(World world, Engine engine)
{
    private const string Kind = "billing.meter";
    private const string EventKind = "billing.meter_event";
    private const long OldestSeconds = 35 * 86_400;
    private const long NewestSeconds = 300;

    public void Register(Routes routes)
    {
        engine.Usage = Usage;
        routes.On("POST /v1/billing/meters", Create);
        routes.On("GET /v1/billing/meters/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("GET /v1/billing/meters", call => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path));
        routes.On("POST /v1/billing/meter_events", Report);
    }

    private decimal Usage(JsonObject price, string customer, long from, long to)
    {
        if (price.Obj("recurring")!.Text("meter") is not { } id || world.Store.Find(Kind, id) is not { } meter)
        {
            return 0;
        }

        var values = world.Store.All(EventKind)
            .Where(reported => reported.Text("event_name") == meter.Text("event_name") && reported.Text("_customer") == customer
                && reported.Number("timestamp") >= from && reported.Number("timestamp") < to)
            .Select(reported => reported.MaybeDecimal("_value") ?? 0)
            .ToList();
        return meter.Obj("default_aggregation")!.Text("formula") switch
        {
            "count" => values.Count,
            "last" => values.LastOrDefault(),
            _ => values.Sum(),
        };
    }

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        if (world.Store.All(Kind).Any(meter => meter.Text("event_name") == parameters.Text("event_name")))
        {
            throw ApiException.Invalid("A meter with this event name already exists.", "event_name", "resource_already_exists");
        }

        return world.Store.Add(new JsonObject
        {
            ["id"] = world.Store.NewId("mtr_test"),
            ["object"] = Kind,
            ["created"] = world.Now,
            ["customer_mapping"] = parameters.Copy("customer_mapping") ?? new JsonObject { ["event_payload_key"] = "stripe_customer_id", ["type"] = "by_id" },
            ["default_aggregation"] = parameters.Copy("default_aggregation"),
            ["display_name"] = parameters.Copy("display_name"),
            ["event_name"] = parameters.Copy("event_name"),
            ["event_time_window"] = parameters.Copy("event_time_window"),
            ["livemode"] = false,
            ["status"] = "active",
            ["status_transitions"] = new JsonObject { ["deactivated_at"] = null },
            ["updated"] = world.Now,
            ["value_settings"] = parameters.Copy("value_settings") ?? new JsonObject { ["event_payload_key"] = "value" },
        });
    }

    private JsonObject Report(Call call)
    {
        var parameters = call.Parameters;
        var meter = world.Store.All(Kind).FirstOrDefault(m => m.Text("event_name") == parameters.Text("event_name"))
            ?? throw ApiException.Invalid($"No active meter found matching event_name {parameters.Text("event_name")}.", "event_name", "resource_missing");
        var at = parameters.MaybeNumber("timestamp") ?? world.Now;
        if (at < world.Now - OldestSeconds || at > world.Now + NewestSeconds)
        {
            throw ApiException.Invalid("The timestamp must be within the past 35 days or up to 5 minutes in the future.", "timestamp");
        }

        var identifier = parameters.Text("identifier");
        if (identifier is not null && world.Store.All(EventKind).Any(e => e.Text("identifier") == identifier))
        {
            throw ApiException.Invalid($"An event already exists with identifier {identifier}.", "identifier", "resource_already_exists");
        }

        var payload = parameters.Obj("payload") ?? throw ApiException.Missing("payload");
        var value = payload.Text(meter.Obj("value_settings")!.Text("event_payload_key")!) ?? "1";
        if (!decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out _))
        {
            throw ApiException.Invalid($"Invalid decimal: {value}", "payload");
        }

        var id = world.Store.NewId("mtevt");
        return world.Store.Add(new JsonObject
        {
            ["id"] = id,
            ["object"] = EventKind,
            ["created"] = world.Now,
            ["event_name"] = parameters.Copy("event_name"),
            ["identifier"] = identifier ?? id,
            ["livemode"] = false,
            ["payload"] = payload.DeepClone(),
            ["timestamp"] = at,
            ["_customer"] = payload.Text(meter.Obj("customer_mapping")!.Text("event_payload_key")!),
            ["_value"] = value,
        });
    }
}
