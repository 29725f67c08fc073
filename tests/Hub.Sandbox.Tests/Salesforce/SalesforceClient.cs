using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Hub.Sandbox.Tests.Kernel;

namespace Hub.Sandbox.Tests.Salesforce;

/// <summary>Speaks the REST API to a sandbox of its own, with a session already open.</summary>
public sealed class SalesforceClient : IAsyncDisposable
{
    private SalesforceClient(RunningSandbox sandbox) => Sandbox = sandbox;

    public RunningSandbox Sandbox { get; }

    public HttpClient Http => Sandbox.Http;

    public static async Task<SalesforceClient> Start(params string[] args)
    {
        var client = new SalesforceClient(await RunningSandbox.Start(args));
        await client.LogIn();
        return client;
    }

    public async Task LogIn()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "hub",
            ["client_secret"] = "not a secret",
        });
        using var response = await Http.PostAsync(new Uri("/services/oauth2/token", UriKind.Relative), form);
        var token = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["access_token"]!.GetValue<string>();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Sends one call; the path is below <c>/services/data/v67.0</c> or rooted at <c>/services</c>, <c>/sandbox</c> or <c>/v1</c>.</summary>
    public async Task<Answer> Send(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        var rooted = path.StartsWith("/services", StringComparison.Ordinal) || path.StartsWith("/sandbox", StringComparison.Ordinal)
            || path.StartsWith("/v1/", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(method, new Uri(rooted ? path : "/services/data/v67.0" + path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            var text = body as string ?? System.Text.Json.JsonSerializer.Serialize(body);
            request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        }

        using var response = await Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        var found = response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, answer.Length == 0 ? null : JsonNode.Parse(answer), answer, found);
    }

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Query(string soql, params (string Name, string Value)[] headers) => Get("/query?q=" + Uri.EscapeDataString(soql), headers);

    /// <summary>The bytes at an address, as text.</summary>
    public Task<string> Download(string path) => Http.GetStringAsync(new Uri("/services/data/v67.0" + path, UriKind.Relative));

    /// <summary>Creates a record that must be accepted.</summary>
    public async Task<string> Create(string type, object fields)
    {
        var answer = await Send(HttpMethod.Post, $"/sobjects/{type}", fields);
        Assert.True(answer.Status == 201, answer.Text);
        return answer.Body!["id"]!.GetValue<string>();
    }

    public async Task<JsonNode> Read(string type, string id) => (await Get($"/sobjects/{type}/{id}")).Body!;

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();
}

public sealed record Answer(int Status, JsonNode? Body, string Text, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Code of the first error in the REST shape.</summary>
    public string? ErrorCode => (string?)Body?[0]?["errorCode"];
}
