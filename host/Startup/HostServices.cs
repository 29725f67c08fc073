using System.Net;
using Hub.Host.Catalog;
using Hub.Host.Clock;
using Hub.Host.CustomHandler;
using Hub.Host.Http;
using Hub.Host.Invocation;
using Hub.Host.Queues;
using Hub.Host.Telemetry;
using Hub.Host.Timers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Hub.Host.Startup;

/// <summary>Registers what both modes need, and the listeners of stand-alone mode.</summary>
internal static class HostServices
{
    /// <summary>The connection whose tables hold the timers' records.</summary>
    private const string LeaseConnection = "HubStorage";

    public static void Add(WebApplicationBuilder builder, HostSettings settings, FunctionCatalog catalog, IPEndPoint endpoint, FollowedTimeProvider? followed)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(endpoint);
            kestrel.AddServerHeader = false;
        });
        AddLogging(builder);
        OtlpExport.Add(builder);
        IServiceCollection services = builder.Services;
        services.AddMvcCore();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(catalog);
        services.AddSingleton(provider => new HostClocks(provider.GetRequiredService<TimeProvider>(), TimeProvider.System));
        services.AddSingleton(followed ?? IClockRefresh.None);
        services.AddSingleton<HostMeter>();
        services.AddSingleton<CounterReadings>();
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<WorkLifetime>();
        services.AddSingleton<CustomHandlerEndpoints>();
        services.AddSingleton<IValidateOptions<QueuesOptions>, QueuesOptions.Validation>();
        services.AddOptions<QueuesOptions>().BindConfiguration(QueuesOptions.Section).ValidateOnStart();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Drain + TimeSpan.FromSeconds(10));
    }

    public static void AddListeners(WebApplicationBuilder builder, FunctionCatalog catalog, List<string> defects)
    {
        var connections = new StorageConnections(builder.Configuration);
        FunctionDescriptor[] enabled = [.. catalog.Functions.Where(function => !function.Disabled)];
        defects.AddRange(ConnectionDefects(enabled, connections));
        IServiceCollection services = builder.Services;
        services.AddSingleton(connections);
        services.TryAddSingleton<ITimerLeases>(_ => new TableTimerLeases(connections.Table(LeaseConnection, TableTimerLeases.TableName)));
        services.AddSingleton<IReadOnlyList<IListener>>(provider => [.. enabled.Select(function => Listener(function, provider)).OfType<IListener>()]);
        services.AddSingleton<ListenerPump>();
        services.AddSingleton<QueueReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<ListenerPump>());
    }

    private static IEnumerable<string> ConnectionDefects(FunctionDescriptor[] enabled, StorageConnections connections)
    {
        string[] queues = [.. enabled.Select(function => function.Trigger).OfType<FunctionTrigger.Queue>().Select(queue => queue.Connection)];
        string[] tables = enabled.Any(function => function.Trigger is FunctionTrigger.Timer) ? [LeaseConnection] : [];
        return queues.Union(tables).SelectMany(name => connections.Defects(name, queues.Contains(name), tables.Contains(name)));
    }

    private static IListener? Listener(FunctionDescriptor function, IServiceProvider provider)
    {
        FunctionInvoker invoker = provider.GetRequiredService<FunctionInvoker>();
        HostClocks clocks = provider.GetRequiredService<HostClocks>();
        ILogger<IListener> log = provider.GetRequiredService<ILogger<IListener>>();
        return function.Trigger switch
        {
            FunctionTrigger.Queue queue => QueueListener(function, queue, provider, invoker, clocks, log),
            FunctionTrigger.Timer => new TimerListener(function, provider.GetRequiredService<ITimerLeases>(), invoker, clocks, log),
            _ => null,
        };
    }

    private static QueueListener QueueListener(
        FunctionDescriptor function, FunctionTrigger.Queue queue, IServiceProvider provider, FunctionInvoker invoker, HostClocks clocks, ILogger log)
    {
        var connections = provider.GetRequiredService<StorageConnections>();
        bool isPoison = queue.QueueName.EndsWith(Queues.QueueListener.PoisonSuffix, StringComparison.Ordinal);
        return new QueueListener(
            function,
            connections.Queue(queue.Connection, queue.QueueName),
            isPoison ? null : connections.Queue(queue.Connection, queue.QueueName + Queues.QueueListener.PoisonSuffix),
            provider.GetRequiredService<IOptions<QueuesOptions>>().Value,
            invoker, provider.GetRequiredService<HostMeter>(), clocks.Machine, log)
        {
            Invisibility = provider.GetRequiredService<HostSettings>().Invisibility,
        };
    }

    // One line per entry: the Functions host makes a record of each line of a handler's output.
    private static void AddLogging(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
    }
}
