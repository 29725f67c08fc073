using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Hub.Salesforce;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.Salesforce;

/// <param name="Query">The <c>q</c> parameter, decoded; empty without one.</param>
internal sealed record Call(HttpMethod Method, Uri Url, string Path, string Query, string? Token, string Body, IReadOnlyDictionary<string, string> Headers);

internal sealed record Answer(int Status, string Body, string? MediaType = "application/json", DateTimeOffset? Date = null, string? LimitInfo = null)
{
    /// <summary>Further headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static Answer Error(int status, string code, string message = "m") => new(status, JsonSerializer.Serialize(new[] { new { message, errorCode = code } }));

    public static Answer Page(params object[] records) => new(200, JsonSerializer.Serialize(new { totalSize = records.Length, done = true, records }));

    public static Answer PageThen(string next, params object[] records) =>
        new(200, JsonSerializer.Serialize(new { totalSize = records.Length, done = false, nextRecordsUrl = next, records }));
}

/// <summary>An org at the HTTP transport: signs in, runs Composite requests part by part, answers queries as the test says.</summary>
internal sealed class FakeOrg
{
    public const string OrgId = "00D000000000001EAA";
    private readonly Lock _gate = new();
    private int _logins;

    public List<Call> Calls { get; } = [];

    /// <summary>Asked first; null leaves the call to the defaults.</summary>
    public Func<Call, Answer?> Intercept { get; set; } = _ => null;

    /// <summary>Statement and whether deleted rows count → answer.</summary>
    public Func<string, bool, Answer> OnQuery { get; set; } = (_, _) => Answer.Page();

    public ImpatientTime Time { get; } = new(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));

    public IEnumerable<Call> Data => Calls.Where(call => call.Path.StartsWith("/services/data", StringComparison.Ordinal));

    public IEnumerable<Call> Logins => Calls.Where(call => call.Path == "/services/oauth2/token");

    public static string TokenBody(string token, string instance = "https://acme.my.salesforce.com", string org = OrgId) => JsonSerializer.Serialize(new
    {
        access_token = token,
        instance_url = instance,
        id = $"https://login.salesforce.com/id/{org}/005000000000001AAA",
        token_type = "Bearer",
    });

    /// <summary>The adapter wired as in production, with this org as its transport.</summary>
    public ServiceProvider Connect(Action<Dictionary<string, string?>>? change = null, Action<IServiceCollection>? services = null)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Salesforce:LoginUrl"] = "https://acme.my.salesforce.com",
            ["Salesforce:ClientId"] = "consumer-key",
            ["Salesforce:ClientSecret"] = "consumer-secret",
            ["Salesforce:DefaultCurrency"] = "USD",
        };
        change?.Invoke(settings);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var hub = new ServiceCollection();
        hub.AddLogging();
        hub.AddSingleton<TimeProvider>(Time);
        hub.AddHubSalesforce(configuration);
        hub.AddHttpClient(SalesforceWire.ClientName).ConfigurePrimaryHttpMessageHandler(() => new Transport(Receive));
        services?.Invoke(hub);
        return hub.BuildServiceProvider();
    }

    private async Task<HttpResponseMessage> Receive(HttpRequestMessage request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(ct);
        Dictionary<string, string> headers = request.Headers.ToDictionary(
            header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
        var call = new Call(
            request.Method,
            request.RequestUri!,
            request.RequestUri!.AbsolutePath,
            HttpUtility.ParseQueryString(request.RequestUri.Query)["q"] ?? "",
            request.Headers.Authorization?.Parameter,
            body,
            headers);
        lock (_gate)
        {
            Calls.Add(call);
        }

        return Response(Intercept(call) ?? Default(call));
    }

    private Answer Default(Call call) => call.Path switch
    {
        "/services/oauth2/token" => new(200, TokenBody($"token-{Interlocked.Increment(ref _logins)}")),
        "/services/data" => new(200, """[{"label":"Summer '26","url":"/services/data/v67.0","version":"67.0"}]"""),
        _ when call.Path.EndsWith("/query", StringComparison.Ordinal) => OnQuery(call.Query, false),
        _ when call.Path.EndsWith("/queryAll", StringComparison.Ordinal) => OnQuery(call.Query, true),
        _ when call.Path.EndsWith("/composite", StringComparison.Ordinal) => Composite(call.Body),
        _ => Answer.Error(404, "NOT_FOUND", "The requested resource does not exist"),
    };

    /// <summary>Answers the parts in reverse, because Salesforce promises no order.</summary>
    private Answer Composite(string body)
    {
        var parts = JsonNode.Parse(body)!["compositeRequest"]!.AsArray().Reverse().Select(part =>
        {
            var url = new Uri("https://x" + (string)part!["url"]!);
            Answer answer = OnQuery(HttpUtility.ParseQueryString(url.Query)["q"]!, url.AbsolutePath.EndsWith("queryAll", StringComparison.Ordinal));
            return new JsonObject
            {
                ["referenceId"] = (string)part["referenceId"]!,
                ["httpStatusCode"] = answer.Status,
                ["body"] = JsonNode.Parse(answer.Body),
            };
        });
        return new(200, new JsonObject { ["compositeResponse"] = new JsonArray([.. parts]) }.ToJsonString());
    }

    private static HttpResponseMessage Response(Answer answer)
    {
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(answer.Body)) };
        if (answer.MediaType is { } type)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        response.Headers.Date = answer.Date;
        if (answer.LimitInfo is { } info)
        {
            response.Headers.TryAddWithoutValidation("Sforce-Limit-Info", info);
        }

        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private sealed class Transport(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }
}

/// <summary>Valid ids of the shape Salesforce hands out.</summary>
internal static class Ids
{
    public static string Of(string prefix, int number) =>
        Core.Contracts.SalesforceId.Parse(prefix + number.ToString("D12", CultureInfo.InvariantCulture)).Value;

    public static string Opportunity(int number) => Of("006", number);

    public static string Line(int number) => Of("00k", number);
}
