using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Hub.EndToEnd.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>Salesforce and Stripe once more, written from their documentation alone; shares nothing with the sandbox.</summary>
/// <remarks>Login host, instance and Stripe are three ports: a call that belongs to one and reaches another is not understood.</remarks>
internal sealed class OtherWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly int _login = Ports.Free();
    private readonly int _instance = Ports.Free();
    private readonly int _stripe = Ports.Free();

    private OtherWorld(string publicKeyPem)
    {
        Salesforce = new OtherSalesforce(this, publicKeyPem);
        Stripe = new OtherStripe(this);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (int port in (int[])[_login, _instance, _stripe])
            {
                kestrel.Listen(IPAddress.Loopback, port);
            }
        });
        _app = builder.Build();
        _app.Run(Handle);
    }

    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public OtherSalesforce Salesforce { get; }

    public OtherStripe Stripe { get; }

    public Faults Faults { get; } = new(
        "token endpoint shows a page", "session expires", "instance shows a page", "customer is locked", "schedule answer is lost", "Stripe shows a page");

    /// <summary>Every request in order: method, path and query, body.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri LoginUrl => new($"http://127.0.0.1:{_login}");

    public Uri InstanceUrl => new($"http://127.0.0.1:{_instance}");

    public Uri StripeUrl => new($"http://127.0.0.1:{_stripe}");

    public Uri ClockUrl => new(LoginUrl, "/clock");

    public long Seconds => Now.ToUnixTimeSeconds();

    public static async Task<OtherWorld> Start(string publicKeyPem, CancellationToken ct)
    {
        var world = new OtherWorld(publicKeyPem);
        await world._app.StartAsync(ct);
        return world;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Handle(HttpContext context)
    {
        context.Response.Headers.Date = Now.ToString("R", CultureInfo.InvariantCulture);
        if (context.Request.Path == "/clock")
        {
            await Reply.Json(context, StatusCodes.Status200OK, new JsonObject { ["now"] = Now.UtcDateTime });
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync(context.RequestAborted);
        int port = context.Connection.LocalPort;
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body}");
        await (port == _login ? Salesforce.LogIn(context, body) : port == _instance ? Salesforce.Serve(context, body) : Stripe.Serve(context, body));
    }
}
