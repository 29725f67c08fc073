using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Hub.Host.Telemetry;

/// <summary>The host's own measurements.</summary>
internal sealed class HostMeter : IDisposable
{
    public const string Name = "Hub.Host";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _invocations;
    private readonly Counter<long> _poisoned;
    private readonly Histogram<double> _duration;

    public HostMeter()
    {
        _invocations = _meter.CreateCounter<long>("hub.host.invocations", "{invocation}", "Function invocations that ended.");
        _poisoned = _meter.CreateCounter<long>("hub.host.poisoned", "{message}", "Messages copied to a poison queue.");
        _duration = _meter.CreateHistogram<double>("hub.host.invocation.duration", "s", "Time a function ran.");
    }

    public static ActivitySource Activities { get; } = new(Name);

    public void Finished(string function, bool succeeded, TimeSpan duration)
    {
        var name = KeyValuePair.Create<string, object?>("function", function);
        _invocations.Add(1, name, KeyValuePair.Create<string, object?>("outcome", succeeded ? "succeeded" : "failed"));
        _duration.Record(duration.TotalSeconds, name);
    }

    public void Poisoned(string queue) => _poisoned.Add(1, KeyValuePair.Create<string, object?>("queue", queue));

    public void Dispose() => _meter.Dispose();
}
