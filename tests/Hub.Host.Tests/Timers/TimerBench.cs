using Hub.Host.Catalog;
using Hub.Host.Clock;
using Hub.Host.Invocation;
using Hub.Host.Telemetry;
using Hub.Host.Tests.Support;
using Hub.Host.Timers;
using Hub.Testing;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Tests.Timers;

/// <summary>Hosts of SampleTimer, every hour on the hour, sharing one record in Azurite and one clock set by hand.</summary>
internal sealed class TimerBench : IAsyncDisposable
{
    private readonly HostMeter _meter = new();
    private readonly List<Running> _hosts = [];
    private readonly TableTimerLeases _leases;

    private TimerBench(TableTimerLeases leases) => _leases = leases;

    /// <summary>Half past nine on a January morning.</summary>
    public ManualTimeProvider Schedule { get; } = new(new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero));

    public ManualTimeProvider Machine { get; } = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

    public ITimerLeases Leases => _leases;

    public static async Task<TimerBench> Create()
    {
        Azurite azurite = await Azurite.SharedAsync();
        return new TimerBench(new TableTimerLeases(new Azure.Data.Tables.TableClient(azurite.ConnectionString, $"t{Guid.NewGuid():N}")));
    }

    /// <summary>Starts one more host and waits until it waits for its next occurrence.</summary>
    public async Task<Running> Start(string schedule = "0 0 * * * *", bool monitored = true, bool runOnStartup = false)
    {
        int armed = Schedule.Armed;
        Running host = Begin(schedule, monitored, runOnStartup);
        await Eventually.True(() => Schedule.Armed > armed || !host.Journal.Ticks.IsEmpty, "the host waits or runs");
        return host;
    }

    /// <summary>Starts one more host without waiting for anything.</summary>
    public Running Begin(string schedule, bool monitored = true, bool runOnStartup = false)
    {
        var host = new Running(this, new FunctionTrigger.Timer(schedule, monitored, runOnStartup));
        _hosts.Add(host);
        host.Begin();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Running host in _hosts)
        {
            await host.DisposeAsync();
        }

        _meter.Dispose();
    }

    internal sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly CancellationTokenSource _abort = new();
        private Task _run = Task.CompletedTask;

        public Running(TimerBench bench, FunctionTrigger.Timer trigger)
        {
            ServiceProvider services = new ServiceCollection().AddSingleton(Journal).BuildServiceProvider();
            var invoker = new FunctionInvoker(services, IClockRefresh.None, bench._meter, NullLogger<FunctionInvoker>.Instance);
            FunctionDescriptor function = FunctionCatalog.Scan([typeof(SampleFunctions)]).Find("SampleTimer")! with { Trigger = trigger };
            Listener = new TimerListener(function, bench._leases, invoker, new HostClocks(bench.Schedule, bench.Machine), NullLogger.Instance);
        }

        public Journal Journal { get; } = new();

        public TimerListener Listener { get; }

        public IReadOnlyList<TimerInfo> Ticks => [.. Journal.Ticks];

        public void Begin() => _run = Listener.Run(_abort.Token, _stop.Token);

        public Task Stop()
        {
            _stop.Cancel();
            return _run;
        }

        public Task Abort()
        {
            _abort.Cancel();
            return Stop();
        }

        public async ValueTask DisposeAsync()
        {
            await Abort();
            Listener.Dispose();
            _stop.Dispose();
            _abort.Dispose();
        }
    }
}
