using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Cli;
using Hub.Cli.Processes;
using Hub.Testing;

namespace Hub.EndToEnd.Tests;

/// <summary>The package of <c>hub publish</c>, unzipped and started the way the Functions host starts a custom handler.</summary>
public sealed class PackageTests : IAsyncLifetime, IDisposable
{
    private const string WebhookSecret = "whsec_package";
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-package-").FullName;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(8));
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private ChildProcess? _handler;

    private string App => Path.Combine(_folder, "app");

    public async Task InitializeAsync()
    {
        string zip = Path.Combine(_folder, "hub.zip");
        var said = new List<string>();
        int code = await ChildProcess.Run(
            "dotnet", [Repository.Assembly("cli", "hub"), "publish", "--hosting", "custom", "--output", zip], _limit.Token, _folder, said.Add);
        Assert.True(code == 0, string.Join(Environment.NewLine, said));
        await ZipFile.ExtractToDirectoryAsync(zip, App, _limit.Token);

        int port = FreePort();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        _handler = ChildProcess.Start(Path.Combine(App, "Hub.Host"), [], Settings(port, await Azurite.SharedAsync()), App);
    }

    public async Task DisposeAsync()
    {
        if (_handler is not null)
        {
            await _handler.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose()
    {
        _http.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task Package_answers_as_the_functions_host_expects_of_a_custom_handler()
    {
        Assert.False(File.Exists(Path.Combine(App, "local.settings.json")));
        Assert.Equal("Hub.Host", Host()["customHandler"]!["description"]!["defaultExecutablePath"]!.GetValue<string>());
        Assert.Equal("timerTrigger", Binding("WatchPoison"));
        Assert.Equal("queueTrigger", Binding("ReconcileShard"));
        Assert.Equal("httpTrigger", Binding("StripeWebhook"));

        await Probe();
        await Queue_envelope_succeeds_with_an_object_and_fails_with_500();
        await Timer_envelope_succeeds();
        await Http_envelope_carries_the_answer_in_its_outputs();
        await Forwarded_http_is_answered_on_its_own_path();
        await Unknown_function_is_404();
    }

    // The host tries every 25 ms and gives up after 30 s; anything else than a refused connection counts as ready.
    private async Task Probe()
    {
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(new Uri("/", UriKind.Relative), _limit.Token);
                Assert.True(answer.IsSuccessStatusCode);
                await NotEmpty(answer);
                return;
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError && !_handler!.HasExited)
            {
                await Task.Delay(25, _limit.Token);
            }
        }
    }

    private async Task Queue_envelope_succeeds_with_an_object_and_fails_with_500()
    {
        // A string in the envelope is a JSON string that holds a JSON string literal; the body's own properties are copied over the metadata.
        await Deliver_event("evt_package");
        string received = JsonSerializer.Serialize(new { eventId = "evt_package" });
        (HttpStatusCode ok, JsonNode? done) = await Post("/ApplyStripeEvent", Envelope("message", Quoted(received)));
        Assert.Equal(HttpStatusCode.OK, ok);
        Assert.IsType<JsonObject>(done);

        string unknown = JsonSerializer.Serialize(new { eventId = "evt_never_received" });
        (HttpStatusCode failed, _) = await Post("/ApplyStripeEvent", Envelope("message", Quoted(unknown)));
        Assert.Equal(HttpStatusCode.InternalServerError, failed);

        (HttpStatusCode unreadable, _) = await Post("/ApplyStripeEvent", Envelope("message", Quoted("no json at all")));
        Assert.Equal(HttpStatusCode.InternalServerError, unreadable);
    }

    private async Task Deliver_event(string id)
    {
        string body = JsonSerializer.Serialize(new
        {
            id,
            @object = "event",
            api_version = "2026-07-29.dahlia",
            created = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            livemode = false,
            type = "product.created",
            data = new { @object = new { id = "prod_1", @object = "product" } },
        });
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(WebhookSecret), Encoding.UTF8.GetBytes($"{now}.{body}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/stripe") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Stripe-Signature", $"t={now},v1={signature}");
        using HttpResponseMessage answer = await _http.SendAsync(request, _limit.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await NotEmpty(answer);
    }

    private async Task Timer_envelope_succeeds()
    {
        var timer = new JsonObject
        {
            ["Schedule"] = new JsonObject { ["AdjustForDST"] = true },
            ["ScheduleStatus"] = new JsonObject
            {
                ["Last"] = "2026-01-31T09:55:00+00:00",
                ["Next"] = "2026-01-31T10:05:00+00:00",
                ["LastUpdated"] = "2026-01-31T09:55:00+00:00",
            },
            ["IsPastDue"] = false,
        };
        (HttpStatusCode status, JsonNode? answer) = await Post("/WatchPoison", Envelope("timer", timer));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.IsType<JsonObject>(answer);
    }

    private async Task Http_envelope_carries_the_answer_in_its_outputs()
    {
        JsonNode Request(string method, string url, string? body) => new JsonObject
        {
            ["Url"] = url,
            ["Method"] = method,
            ["Query"] = new JsonObject(),
            ["Headers"] = new JsonObject { ["Content-Type"] = new JsonArray("application/json"), ["Stripe-Signature"] = new JsonArray("t=1,v1=00") },
            ["Params"] = new JsonObject(),
            ["Identities"] = new JsonArray(),
            ["Body"] = body,
        };

        (HttpStatusCode status, JsonNode? health) = await Post("/Health", Envelope("req", Request("GET", "http://localhost/api/health", null), "request"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("200", health!["Outputs"]!["res"]!["statusCode"]!.ToString());

        (HttpStatusCode delivered, JsonNode? refused) = await Post("/StripeWebhook", Envelope("req", Request("POST", "http://localhost/api/webhooks/stripe", "{}"), "request"));
        Assert.Equal(HttpStatusCode.OK, delivered);
        Assert.Equal("400", refused!["Outputs"]!["res"]!["statusCode"]!.ToString());
    }

    private async Task Forwarded_http_is_answered_on_its_own_path()
    {
        using HttpResponseMessage health = await _http.GetAsync(new Uri("/api/health", UriKind.Relative), _limit.Token);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        await NotEmpty(health);

        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        using HttpResponseMessage webhook = await _http.PostAsync(new Uri("/api/webhooks/stripe", UriKind.Relative), body, _limit.Token);
        Assert.Equal(HttpStatusCode.BadRequest, webhook.StatusCode);
    }

    private async Task Unknown_function_is_404()
    {
        (HttpStatusCode status, _) = await Post("/NoSuchFunction", Envelope("message", Quoted("{}")));
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body)> Post(string path, JsonObject envelope)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(envelope.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        using HttpResponseMessage answer = await _http.SendAsync(request, _limit.Token);
        string text = answer.IsSuccessStatusCode ? await NotEmpty(answer) : "";
        return (answer.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    // The host would wait for an empty 2xx until its time is up, and then kill the process.
    private async Task<string> NotEmpty(HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync(_limit.Token);
        Assert.NotEqual("", text);
        Assert.NotEqual("null", text);
        return text;
    }

    private static JsonObject Envelope(string binding, JsonNode value, string? alias = null)
    {
        var data = new JsonObject { [binding] = value };
        if (alias is not null)
        {
            data[alias] = value.DeepClone();
        }

        return new JsonObject
        {
            ["Data"] = data,
            ["Metadata"] = new JsonObject { ["DequeueCount"] = "1", ["Id"] = "\"006A\"", ["sys"] = new JsonObject { ["MethodName"] = "x" } },
        };
    }

    private static JsonValue Quoted(string body) => JsonValue.Create(JsonSerializer.Serialize(body));

    private JsonNode Host() => JsonNode.Parse(File.ReadAllText(Path.Combine(App, "host.json")))!;

    private string Binding(string function) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(App, function, "function.json")))!["bindings"]![0]!["type"]!.GetValue<string>();

    private static Dictionary<string, string> Settings(int port, Azurite azurite)
    {
        using var key = RSA.Create(2048);
        return new Dictionary<string, string>
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}",
            ["FUNCTIONS_HTTPWORKER_PORT"] = $"{port}",
            ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = "1",
            ["HubStorage"] = azurite.ConnectionString,
            ["Salesforce__LoginUrl"] = "http://127.0.0.1:9",
            ["Salesforce__ClientId"] = "package",
            ["Salesforce__Username"] = "integration@hub.example",
            ["Salesforce__PrivateKeyPem"] = key.ExportPkcs8PrivateKeyPem(),
            ["Stripe__ApiKey"] = "sk_test_package",
            ["Stripe__ApiBase"] = "http://127.0.0.1:9",
            ["Stripe__WebhookSecret"] = WebhookSecret,
            ["Mail__From"] = "billing@hub.example",
            ["DetectClosedWonSchedule"] = "0 * * * * *",
            ["DetectAdjustmentsSchedule"] = "0 10 * * * *",
            ["WriteBackResultsSchedule"] = "*/5 * * * * *",
            ["PlanRemindersSchedule"] = "0 */15 * * * *",
            ["StartReconciliationSchedule"] = "0 0 3 * * *",
            ["WatchPoisonSchedule"] = "0 */5 * * * *",
        };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
