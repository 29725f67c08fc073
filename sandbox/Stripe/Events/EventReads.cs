using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Events;

/// <summary>Events of the last 30 days.</summary>
public sealed class EventReads(World world)
{
    private const string Kind = "event";
    private const long KeptSeconds = 30 * 86_400;

    public void Register(Routes routes)
    {
        routes.On("GET /v1/events/{id}", call => world.Store.Find(Kind, call.Id) is { } found && Kept(found) ? found : throw ApiException.NoSuch(Kind, call.Id));
        routes.On("GET /v1/events", ListEvents);
    }

    private JsonObject ListEvents(Call call)
    {
        if (call.Parameters.ContainsKey("type") && call.Parameters.ContainsKey("types"))
        {
            throw ApiException.Invalid("You may only specify one of these parameters: type, types.", "types", "parameters_exclusive");
        }

        if (call.Parameters.Texts("types").Count() > 20)
        {
            throw ApiException.Invalid("You can filter by at most 20 types.", "types");
        }

        return Lists.Page(world.Store, world.Store.All(Kind).Where(Kept), call.Parameters, call.Path, new Dictionary<string, Func<JsonObject, JsonNode, bool>>
        {
            ["type"] = (e, type) => IsOf(e.Text("type")!, type.GetValue<string>()),
            ["types"] = (e, types) => ((JsonArray)types).Any(type => type!.GetValue<string>() == e.Text("type")),
            ["delivery_success"] = (e, wanted) => (e.Number("pending_webhooks") == 0) == wanted.GetValue<bool>(),
        });
    }

    private static bool IsOf(string type, string wanted) =>
        wanted.EndsWith(".*", StringComparison.Ordinal) ? type.StartsWith(wanted[..^1], StringComparison.Ordinal) : type == wanted;

    private bool Kept(JsonObject occurred) => occurred.Number("created") > world.Now - KeptSeconds;
}
