using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hub.Sandbox.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Sandbox.Tests.Kernel;

/// <summary>A sandbox on a loopback port of its own, spoken to over plain HTTP.</summary>
public sealed class RunningSandbox : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningSandbox(WebApplication app, Uri address)
    {
        this.app = app;
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    public static async Task<RunningSandbox> Start(params string[] args)
    {
        var app = SandboxApp.Create(["--port", "0", .. args]);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new RunningSandbox(app, new Uri(address));
    }

    public Task<JsonNode> Control(string path) => Read(Http.GetAsync(new Uri(path, UriKind.Relative)));

    public Task<JsonNode> Control(string path, object body) => Read(Http.PostAsJsonAsync(path, body));

    public Task<JsonNode> AdvanceTo(string instant) => Control("/sandbox/clock/advance", new { to = instant });

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    public static long Unix(string instant) =>
        DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds();

    private static async Task<JsonNode> Read(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
