using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Events;

/// <summary>Who listens to which events.</summary>
public sealed class WebhookEndpoints(World world)
{
    private const string Kind = "webhook_endpoint";
    private const int MaxEndpoints = 16;

    public void Register(Routes routes)
    {
        routes.On("POST /v1/webhook_endpoints", Create);
        routes.On("GET /v1/webhook_endpoints/{id}", call => world.Store.Get(Kind, call.Id));
        routes.On("POST /v1/webhook_endpoints/{id}", Update);
        routes.On("DELETE /v1/webhook_endpoints/{id}", Delete);
        routes.On("GET /v1/webhook_endpoints", call => Lists.Page(world.Store, world.Store.All(Kind), call.Parameters, call.Path));
    }

    public JsonObject Add(string url, IEnumerable<string> events, string secret) => world.Store.Add(new JsonObject
    {
        ["id"] = world.Store.NewId("we"),
        ["object"] = Kind,
        ["api_version"] = StripeModule.Version,
        ["application"] = null,
        ["created"] = world.Now,
        ["description"] = null,
        ["enabled_events"] = events.Select(JsonNode? (type) => type).ToArray(),
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["status"] = "enabled",
        ["url"] = url,
        ["_secret"] = secret,
    });

    private JsonObject Create(Call call)
    {
        var parameters = call.Parameters;
        CheckUrl(parameters);
        if (world.Store.All(Kind).Count() >= MaxEndpoints)
        {
            throw ApiException.Invalid($"You have reached the maximum of {MaxEndpoints} test webhook endpoints.");
        }

        var secret = "whsec_" + world.Store.NewId("sandbox");
        var endpoint = Add(parameters.Text("url")!, parameters.Texts("enabled_events"), secret);
        endpoint["metadata"] = Metadata.Merge(null, parameters);
        endpoint.Take(parameters, "description");
        // The secret is shown once, in this answer.
        var shown = endpoint.CopyObject();
        shown["secret"] = secret;
        return shown;
    }

    private JsonObject Update(Call call)
    {
        var endpoint = world.Store.Get(Kind, call.Id);
        CheckUrl(call.Parameters);
        endpoint["metadata"] = Metadata.Merge(endpoint.Obj("metadata"), call.Parameters);
        endpoint.Take(call.Parameters, "url", "enabled_events", "description");
        if (call.Parameters.ContainsKey("disabled"))
        {
            endpoint["status"] = call.Parameters.Flag("disabled") ? "disabled" : "enabled";
        }

        return endpoint;
    }

    private static void CheckUrl(JsonObject parameters)
    {
        if (parameters.Text("url") is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
        {
            throw ApiException.Invalid("Not a valid URL", "url", "url_invalid");
        }
    }

    private JsonObject Delete(Call call)
    {
        world.Store.Remove(world.Store.Get(Kind, call.Id));
        return new JsonObject { ["id"] = call.Id, ["object"] = Kind, ["deleted"] = true };
    }
}
