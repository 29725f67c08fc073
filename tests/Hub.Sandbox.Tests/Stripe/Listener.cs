using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hub.Sandbox.Tests.Stripe;

/// <summary>A webhook endpoint that notes what it was sent.</summary>
public sealed class Listener : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly SemaphoreSlim arrivals = new(0);

    private Listener(WebApplication app) => this.app = app;

    public ConcurrentQueue<(string Signature, string Body)> Received { get; } = new();

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = 200;

    public string Url { get; private set; } = "";

    public string[] Types => [.. Received.Select(delivery => (string)JsonNode.Parse(delivery.Body)!["type"]!)];

    public string[] Ids => [.. Received.Select(delivery => (string)JsonNode.Parse(delivery.Body)!["id"]!)];

    public static async Task<Listener> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var listener = new Listener(builder.Build());
        listener.app.MapPost("/hook", listener.Note);
        await listener.app.StartAsync();
        listener.Url = listener.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hook";
        return listener;
    }

    /// <summary>Waits until <paramref name="count"/> more deliveries have arrived.</summary>
    public async Task Wait(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (var n = 0; n < count; n++)
        {
            await arrivals.WaitAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        arrivals.Dispose();
    }

    private async Task Note(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Received.Enqueue((context.Request.Headers["Stripe-Signature"].ToString(), await reader.ReadToEndAsync()));
        context.Response.StatusCode = Status;
        arrivals.Release();
    }
}
