using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Hub.Adapters.Tests.Stripe;

/// <summary>As much of Stripe as applying a plan needs, at the HTTP transport: stores what is posted, lists it, and keeps idempotency keys.</summary>
internal sealed class FakeStripe(Fuse fuse) : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Form, HttpStatusCode Status, string Body)> _replays = new(StringComparer.Ordinal);
    private int _next;

    /// <summary>Objects by resource, such as <c>customers</c>, in order of creation.</summary>
    public Dictionary<string, List<JsonObject>> Objects { get; } = new(StringComparer.Ordinal);

    public List<string> Calls { get; } = [];

    /// <summary>Answers instead of the fake when it returns something: status and body.</summary>
    public Func<HttpRequestMessage, (HttpStatusCode Status, string Body)?>? Intercept { get; set; }

    /// <summary>Delays an answer that is already decided, so that a test can let several callers see the same state.</summary>
    public Func<HttpRequestMessage, Task>? BeforeAnswering { get; set; }

    public List<JsonObject> Of(string resource) => Objects.TryGetValue(resource, out List<JsonObject>? list) ? list : Objects[resource] = [];

    /// <summary>Stripe forgets keys after 24 hours.</summary>
    public void ForgetKeys() => _replays.Clear();

    public JsonObject Add(string resource, string json)
    {
        JsonObject added = JsonNode.Parse(json)!.AsObject();
        Of(resource).Add(added);
        return added;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        fuse.Pass();
        string form = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        HttpResponseMessage response;
        lock (_gate)
        {
            Calls.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            response = Answer(request, form);
        }

        if (BeforeAnswering is { } wait)
        {
            await wait(request);
        }

        fuse.Pass();
        return response;
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, string form)
    {
        if (Intercept?.Invoke(request) is { } intercepted)
        {
            return Response(intercepted.Status, intercepted.Body);
        }

        string[] path = request.RequestUri!.AbsolutePath.Split('/')[2..];
        if (request.Method != HttpMethod.Post)
        {
            return path.Length == 1 ? List(path[0], Form.Parse(request.RequestUri.Query.TrimStart('?'))) : Get(path[0], Uri.UnescapeDataString(path[1]));
        }

        string key = request.Headers.GetValues("Idempotency-Key").Single();
        if (!_replays.TryGetValue(key, out var replay))
        {
            (HttpStatusCode status, string body) = path.Length == 1 ? Create(path[0], form) : Finalize(path[1]);
            replay = _replays[key] = (form, status, body);
        }

        return replay.Form == form
            ? Response(replay.Status, replay.Body)
            : Response(HttpStatusCode.BadRequest, """{"error":{"type":"idempotency_error","message":"other parameters"}}""");
    }

    private (HttpStatusCode Status, string Body) Create(string resource, string form)
    {
        JsonObject created = Form.Parse(form);
        if (Of(resource).Any(other => (string?)other["id"] == (string?)created["id"] && created["id"] is not null))
        {
            return (HttpStatusCode.BadRequest, """{"error":{"type":"invalid_request_error","code":"resource_already_exists"}}""");
        }

        created["id"] ??= $"{resource}_{++_next}";
        created["object"] = resource == "subscription_schedules" ? "subscription_schedule" : resource.TrimEnd('s');
        if (resource == "invoices")
        {
            created["status"] = "draft";
        }

        if (created["percent_off"] is { } percent)
        {
            created["percent_off"] = decimal.Parse((string)percent!, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (created["amount_off"] is { } amount)
        {
            created["amount_off"] = long.Parse((string)amount!, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (resource == "subscription_schedules")
        {
            created["status"] = "active";
            created["subscription"] = "sub_" + created["id"];
            created.Remove("phases");
        }

        Of(resource).Add(created);
        return (HttpStatusCode.OK, Wire(created));
    }

    private (HttpStatusCode Status, string Body) Finalize(string id)
    {
        JsonObject invoice = Of("invoices").Single(invoice => (string?)invoice["id"] == id);
        if ((string?)invoice["status"] != "draft")
        {
            return (HttpStatusCode.BadRequest, """{"error":{"type":"invalid_request_error","code":"invoice_no_longer_draft"}}""");
        }

        invoice["status"] = "open";
        invoice["hosted_invoice_url"] = "https://pay.example/" + id;
        return (HttpStatusCode.OK, Wire(invoice));
    }

    private HttpResponseMessage Get(string resource, string id) => Of(resource).Find(item => (string?)item["id"] == id) is { } found
        ? Response(HttpStatusCode.OK, Wire(found))
        : Response(HttpStatusCode.NotFound, """{"error":{"type":"invalid_request_error","code":"resource_missing","param":"id"}}""");

    // Newest first, filtered by every plain parameter that the objects carry.
    private HttpResponseMessage List(string resource, JsonObject filters)
    {
        string[] fields = ["customer", "email", "invoice", "subscription"];
        IEnumerable<JsonObject> found = Of(resource).Where(item => fields.All(field => filters[field] is null || (string?)filters[field] == (string?)item[field]));
        if (filters["lookup_keys"] is JsonObject keys)
        {
            found = found.Where(item => (string?)keys["0"] == (string?)item["lookup_key"]);
        }

        string data = string.Join(",", found.Reverse().Select(Wire));
        return Response(HttpStatusCode.OK, $$"""{"object":"list","has_more":false,"data":[{{data}}]}""");
    }

    // What was posted is text throughout; Stripe answers numbers and flags as such, and only those the adapter reads matter here.
    private static string Wire(JsonObject item)
    {
        JsonObject shown = [];
        foreach (string name in (string[])["id", "object", "status", "metadata", "customer", "invoice", "subscription", "email", "percent_off", "amount_off", "duration", "hosted_invoice_url", "deleted", "currency"])
        {
            if (item[name] is { } value)
            {
                shown[name] = value.DeepClone();
            }
        }

        return shown.ToJsonString();
    }

    private static HttpResponseMessage Response(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
