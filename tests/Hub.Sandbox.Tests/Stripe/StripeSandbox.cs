using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Hub.Sandbox.Tests.Kernel;

namespace Hub.Sandbox.Tests.Stripe;

/// <summary>The Stripe side of a running sandbox, spoken to in raw form parameters.</summary>
public sealed class StripeSandbox : IAsyncDisposable
{
    private StripeSandbox(RunningSandbox sandbox)
    {
        Sandbox = sandbox;
        Http = new HttpClient { BaseAddress = sandbox.Http.BaseAddress };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk_test_sandbox");
    }

    public RunningSandbox Sandbox { get; }

    public HttpClient Http { get; }

    /// <summary>Starts at 2026-01-01T00:00:00Z, without rate limit and with webhooks on demand, unless told otherwise.</summary>
    public static async Task<StripeSandbox> Start(params string[] args) =>
        new(await RunningSandbox.Start(["--now", "2026-01-01T00:00:00Z", "--stripe-rate", "0", "--webhooks", "manual", .. args]));

    public async Task<(int Status, JsonObject Body, HttpResponseHeaders Headers)> Send(
        HttpMethod method, string path, IEnumerable<(string Name, string Value)>? form = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (form is not null)
        {
            request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!, response.Headers);
    }

    public async Task<JsonObject> Post(string path, params (string Name, string Value)[] form)
    {
        var (status, body, _) = await Send(HttpMethod.Post, path, form);
        Assert.True(status == 200, $"{status}: {body.ToJsonString()}");
        return body;
    }

    public async Task<JsonObject> Get(string path)
    {
        var (status, body, _) = await Send(HttpMethod.Get, path);
        Assert.True(status == 200, $"{status}: {body.ToJsonString()}");
        return body;
    }

    /// <summary>Sends what must be refused.</summary>
    /// <returns>Status and the error object.</returns>
    public async Task<(int Status, JsonObject Error)> Refused(string path, params (string Name, string Value)[] form)
    {
        var (status, body, _) = await Send(HttpMethod.Post, path, form);
        Assert.True(status >= 400, $"Accepted: {body.ToJsonString()}");
        return (status, (JsonObject)body["error"]!);
    }

    public async Task<List<JsonObject>> All(string path)
    {
        var joiner = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var page = await Get($"{path}{joiner}limit=100");
        Assert.False((bool)page["has_more"]!);
        return [.. ((JsonArray)page["data"]!).OfType<JsonObject>()];
    }

    /// <summary>Invoices of a customer as "created day | status | total", oldest first.</summary>
    public async Task<string[]> InvoiceDays(string customer) => [.. (await All($"/v1/invoices?customer={customer}"))
        .OrderBy(invoice => (long)invoice["created"]!)
        .Select(invoice => $"{Day((long)invoice["created"]!)} | {invoice["status"]} | {invoice["total"]}")];

    public async Task<string> Customer(string name = "Acme") =>
        (string)(await Post("/v1/customers", ("name", name), ("email", "billing@example.com")))["id"]!;

    public async Task<string> Price(long unitAmount, string currency = "usd", string? interval = "month", int count = 1)
    {
        var product = (string)(await Post("/v1/products", ("name", "Seat")))["id"]!;
        List<(string, string)> form = [("product", product), ("currency", currency), ("unit_amount", unitAmount.ToString(CultureInfo.InvariantCulture))];
        if (interval is not null)
        {
            form.AddRange([("recurring[interval]", interval), ("recurring[interval_count]", count.ToString(CultureInfo.InvariantCulture))]);
        }

        return (string)(await Post("/v1/prices", [.. form]))["id"]!;
    }

    /// <summary>A schedule that sends invoices due after 30 days and ends by cancelling.</summary>
    public Task<JsonObject> Schedule(string customer, string start, params (string Name, string Value)[] phases) => Post(
        "/v1/subscription_schedules",
        [("customer", customer), ("start_date", start), ("end_behavior", "cancel"), ("default_settings[collection_method]", "send_invoice"), ("default_settings[invoice_settings][days_until_due]", "30"), .. phases]);

    public static string At(string instant) => RunningSandbox.Unix(instant).ToString(CultureInfo.InvariantCulture);

    public static string Day(long unix) => DateTimeOffset.FromUnixTimeSeconds(unix).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Moment(long unix) => DateTimeOffset.FromUnixTimeSeconds(unix).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Sandbox.DisposeAsync();
    }
}
