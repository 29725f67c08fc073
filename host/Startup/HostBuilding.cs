using System.Net;
using Hub.Host.Catalog;
using Hub.Host.Clock;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hub.Host.Startup;

/// <summary>Builds a host in either mode and lets every defect of its settings be told at once.</summary>
internal static class HostBuilding
{
    /// <summary>Set by the Functions host for a custom handler; its presence chooses the mode.</summary>
    public const string PortVariable = "FUNCTIONS_CUSTOMHANDLER_PORT";

    private static readonly TimeSpan ClockPatience = TimeSpan.FromSeconds(10);

    public static async Task<Prepared> Prepare(string[] args, HostedFunctions hosted, CancellationToken ct)
    {
        List<string> defects = [];
        WebApplicationBuilder builder = CreateBuilder(args, defects);
        bool custom = !string.IsNullOrWhiteSpace(builder.Configuration[PortVariable]);
        HostSettings settings = HostSettings.Read(builder.Configuration, defects);
        FunctionCatalog catalog = hosted.Catalog.Resolve(builder.Configuration);
        defects.AddRange(catalog.Defects);
        IPEndPoint endpoint = custom ? HandlerEndpoint(builder.Configuration[PortVariable], defects) : new IPEndPoint(settings.Address, settings.Port);
        FollowedTimeProvider? followed = await FollowedClock.From(builder.Configuration, builder.Environment, ClockPatience, defects, ct);

        HostServices.Add(builder, settings, catalog, endpoint, followed);
        hosted.AddServices(builder.Services, builder.Configuration);
        if (followed is not null)
        {
            builder.Services.RemoveAll<TimeProvider>();
            builder.Services.AddSingleton<TimeProvider>(_ => followed);
        }

        if (!custom)
        {
            HostServices.AddListeners(builder, catalog, defects);
        }

        Type[] options = StartupDefects.ValidatedOptions(builder.Services);
        WebApplication app = builder.Build();
        defects.AddRange(await StartupDefects.Collect(app.Services, options, ct));
        if (defects.Count > 0)
        {
            await app.DisposeAsync();
            await (followed?.DisposeAsync() ?? ValueTask.CompletedTask);
            return new Prepared.Refused([.. defects.Select(StartupDefects.OneLine).Distinct()]);
        }

        HostRoutes.Map(app, custom, settings, catalog);
        return new Prepared.Ready(app, custom);
    }

    private static WebApplicationBuilder CreateBuilder(string[] args, List<string> defects)
    {
        string root = Environment.GetEnvironmentVariable("FUNCTIONS_APP_ROOT_PATH") is { Length: > 0 } appRoot && Directory.Exists(appRoot)
            ? appRoot
            : Directory.GetCurrentDirectory();
        string? environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT");
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = root, EnvironmentName = environment });
        builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--port"] = "Host:Port" });
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LocalSettings.Read(root, defects) });
        return builder;
    }

    private static IPEndPoint HandlerEndpoint(string? text, List<string> defects)
    {
        if (int.TryParse(text, out int port) && port is > 0 and <= 65535)
        {
            return new IPEndPoint(IPAddress.Loopback, port);
        }

        defects.Add($"{PortVariable} must be a port number, not '{text}'.");
        return new IPEndPoint(IPAddress.Loopback, 0);
    }
}
