using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Hub.Host.Tests.Support;

/// <summary>A simulator's clock over HTTP.</summary>
internal sealed class ClockServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _ticks;

    private ClockServer(DateTimeOffset now)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/clock", () => new { now = Now });
        Now = now;
    }

    public DateTimeOffset Now
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }

    public Uri Url => new(new Uri(_app.Urls.First()), "/clock");

    public static async Task<ClockServer> Run(DateTimeOffset now)
    {
        var server = new ClockServer(now);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
