using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>An account: lists of one or two per page, opaque ids, members in another order, some nobody knows, nothing that is null.</summary>
/// <remarks>Source: Stripe API reference 2026-07-29.dahlia.</remarks>
internal sealed class OtherStripe
{
    public const string Key = "rk_test_other_51Hxyz";

    private const int LargestPage = 2;
    private static readonly string[] Filters = ["customer", "subscription", "status", "collection_method", "email", "invoice"];
    private readonly OtherWorld _world;
    private readonly OtherBilling _billing;
    private readonly Lock _gate = new();
    private readonly List<JsonObject> _objects = [];
    private readonly Dictionary<string, (string Request, int Status, JsonNode Answer)> _answers = new(StringComparer.Ordinal);

    public OtherStripe(OtherWorld world)
    {
        _world = world;
        _billing = new OtherBilling(world, this);
    }

    /// <summary>Objects of a kind as they are now, oldest first.</summary>
    public IReadOnlyList<JsonObject> All(string kind)
    {
        lock (_gate)
        {
            return [.. _objects.Where(each => (string)each["object"]! == kind).Select(each => (JsonObject)each.DeepClone())];
        }
    }

    /// <summary>Changes the members of an object behind the API's back.</summary>
    public void Change(string id, Action<JsonObject> change)
    {
        lock (_gate)
        {
            change(Find(id)!);
        }
    }

    /// <summary>An event about an object, as the webhook endpoint gets it.</summary>
    public string Event(string id, string type, string objectId)
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["data"] = new JsonObject { ["object"] = Shown(Find(objectId)!) },
                ["request"] = new JsonObject { ["idempotency_key"] = null, ["id"] = null },
                ["type"] = type,
                ["workspace"] = "unheard-of",
                ["api_version"] = "2026-07-29.dahlia",
                ["pending_webhooks"] = 3,
                ["livemode"] = false,
                ["created"] = _world.Seconds,
                ["object"] = "event",
                ["id"] = id,
            }.ToJsonString();
        }
    }

    /// <summary>Keeps a new object; called inside a request.</summary>
    public JsonObject Add(string kind, JsonObject members, string? id = null)
    {
        members["livemode"] = false;
        members["created"] ??= _world.Seconds;
        members["x_region"] = "eu-north";
        members["object"] = kind;
        members["id"] = id ?? OpaqueId(kind);
        _objects.Add(members);
        return members;
    }

    public async Task Serve(HttpContext context, string body)
    {
        string path = context.Request.Path.Value!;
        if (context.Request.Headers.Authorization != $"Bearer {Key}" || context.Request.Headers["Stripe-Version"] != "2026-07-29.dahlia")
        {
            await Refuse(context, 401, "invalid_request_error", "", "Invalid API Key provided or version not served.");
        }
        else if (path == "/v1/customers" && context.Request.Method == "POST" && _world.Faults.Strikes("customer is locked"))
        {
            await Refuse(context, 429, "invalid_request_error", "lock_timeout", "This object cannot be accessed right now.");
        }
        else if (path == "/v1/subscription_schedules" && context.Request.Method == "GET" && _world.Faults.Strikes("Stripe shows a page"))
        {
            await Reply.Html503(context);
        }
        else
        {
            (int status, JsonNode answer) = Answer(context, path, body);
            if (path == "/v1/subscription_schedules" && context.Request.Method == "POST" && _world.Faults.Strikes("schedule answer is lost"))
            {
                context.Abort();
                return;
            }

            await Reply.Json(context, status, answer, "application/json");
        }
    }

    private static Task Refuse(HttpContext context, int status, string type, string code, string message) =>
        Reply.Json(context, status, Error(type, code, message), "application/json");

    private static JsonObject Error(string type, string code, string message) =>
        new() { ["error"] = new JsonObject { ["message"] = message, ["code"] = code, ["type"] = type } };

    private (int Status, JsonNode Answer) Answer(HttpContext context, string path, string body)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        lock (_gate)
        {
            return (context.Request.Method, parts) switch
            {
                ("POST", ["v1", var resource]) => Once(context.Request.Headers["Idempotency-Key"].ToString(), path + "?" + body, () => Create(resource, FormTree.Of(body))),
                ("GET", ["v1", var resource]) => (200, List(resource, FormTree.Of(context.Request.QueryString.Value ?? ""))),
                ("GET", ["v1", _, var id]) when Find(id) is { } found => (200, Expand(Shown(found), FormTree.Of(context.Request.QueryString.Value ?? ""))),
                ("GET", ["v1", "invoices", var id, "lines"]) when Find(id) is { } invoice => (200, Page(path, Members(invoice, "lines"), FormTree.Of(context.Request.QueryString.Value ?? ""))),
                ("GET", ["v1", _, _]) => (404, Error("invalid_request_error", "resource_missing", "No such object.")),
                _ => (404, Error("invalid_request_error", "", "Unrecognized request URL.")),
            };
        }
    }

    // The first answer under a key stands for a day, whatever became of the connection it was sent on.
    private (int Status, JsonNode Answer) Once(string key, string request, Func<JsonObject> create)
    {
        if (key.Length > 0 && _answers.TryGetValue(key, out var first))
        {
            return first.Request == request
                ? (first.Status, first.Answer.DeepClone())
                : (400, Error("idempotency_error", "", "Keys for idempotent requests can only be used with the same parameters."));
        }

        JsonNode answer = Shown(create());
        _answers[key] = (request, 200, answer);
        return (200, answer.DeepClone());
    }

    private JsonObject Create(string resource, JsonObject form) => resource switch
    {
        "customers" => Add("customer", form),
        "coupons" => Add("coupon", Coupon(form), (string)form["id"]!),
        "subscription_schedules" => _billing.Create(form),
        _ => throw new InvalidOperationException($"Nobody needed to create {resource} so far."),
    };

    private static JsonObject Coupon(JsonObject form) => new()
    {
        ["valid"] = true,
        ["percent_off"] = JsonNode.Parse(decimal.Parse((string)form["percent_off"]!, CultureInfo.InvariantCulture).ToString("0.0", CultureInfo.InvariantCulture)),
        ["name"] = (string?)form["name"],
        ["duration"] = (string)form["duration"]!,
        ["times_redeemed"] = 0,
    };

    private JsonObject List(string resource, JsonObject query)
    {
        string kind = resource switch { "invoiceitems" => "invoiceitem", _ => resource.TrimEnd('s') };
        IEnumerable<JsonObject> found = _objects.Where(each => (string)each["object"]! == kind && Fits(each, query)).Reverse();
        return Page($"/v1/{resource}", [.. found.Select(Shown)], query);
    }

    private static bool Fits(JsonObject each, JsonObject query) => Filters.All(filter =>
        query[filter] is not { } wanted || (string)wanted! == "all" || Value(each, filter) == (string)wanted!)
        && (query["created"]?["gte"] is not { } since || (long)each["created"]! >= long.Parse((string)since!, CultureInfo.InvariantCulture));

    // An invoice names its subscription under its parent.
    private static string? Value(JsonObject each, string filter) =>
        (string?)(filter == "subscription" && each["parent"] is { } parent ? parent["subscription_details"]?["subscription"] : each[filter]);

    private JsonObject Page(string url, JsonObject[] all, JsonObject query)
    {
        int start = query["starting_after"] is { } after ? Array.FindIndex(all, each => (string)each["id"]! == (string)after!) + 1 : 0;
        int size = Math.Min(LargestPage, int.Parse((string?)query["limit"] ?? "10", CultureInfo.InvariantCulture));
        var page = new JsonObject
        {
            ["url"] = url,
            ["has_more"] = start + size < all.Length,
            ["data"] = new JsonArray([.. all.Skip(start).Take(size).Select(each => each.DeepClone())]),
            ["object"] = "list",
        };
        return Expand(page, query);
    }

    // Lists inside an object show the first entry only.
    private static JsonObject Shown(JsonObject stored)
    {
        var shown = (JsonObject)stored.DeepClone();
        foreach ((string name, string url) in ((string, string)[])[("lines", $"/v1/invoices/{stored["id"]}/lines"), ("items", "/v1/subscription_items")])
        {
            if (shown[name] is JsonArray all)
            {
                shown[name] = new JsonObject
                {
                    ["url"] = url,
                    ["has_more"] = all.Count > 1,
                    ["data"] = new JsonArray([.. all.Take(1).Select(each => each!.DeepClone())]),
                    ["object"] = "list",
                };
            }
        }

        return shown;
    }

    private static JsonObject[] Members(JsonObject holder, string name) => [.. holder[name]!.AsArray().Select(each => each!.AsObject())];

    private JsonObject Expand(JsonObject answer, JsonObject query)
    {
        foreach (JsonNode? path in query["expand"] as JsonArray ?? [])
        {
            Expand(answer, ((string)path!).Split('.'));
        }

        return answer;
    }

    private void Expand(JsonNode? node, string[] path)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? each in list)
            {
                Expand(each, path);
            }
        }
        else if (node is JsonObject holder && path.Length > 0 && holder[path[0]] is { } child)
        {
            holder[path[0]] = Resolved(child);
            Expand(holder[path[0]], path[1..]);
        }
    }

    private JsonNode Resolved(JsonNode node) => node switch
    {
        JsonArray list => new JsonArray([.. list.Select(each => Resolved(each!))]),
        JsonValue value when value.TryGetValue(out string? id) && Find(id) is { } found => Shown(found),
        _ => node.DeepClone(),
    };

    private JsonObject? Find(string id) => _objects.Find(each => (string)each["id"]! == id);

    private string OpaqueId(string kind) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}{_objects.Count}")))[..14].Replace('+', '.').Replace('/', '~') + "-Z";
}
