using Hub.Host.Clock;
using Hub.Host.Startup;

namespace Hub.Host;

/// <summary>The two signals of a graceful stop: begin nothing new, and, a bound later, give up what is running.</summary>
internal sealed class WorkLifetime : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly TimeProvider _machine;
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _bound;

    public WorkLifetime(IHostApplicationLifetime application, HostSettings settings, HostClocks clocks)
    {
        (_machine, Bound) = (clocks.Machine, settings.Drain);
        _registration = application.ApplicationStopping.Register(Begin);
    }

    /// <summary>How long running work may take after <see cref="Stop"/>.</summary>
    public TimeSpan Bound { get; }

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Abort => _abort.Token;

    public async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync();

        // Waits for a callback under way, which would find its source disposed.
        await (_bound?.DisposeAsync() ?? ValueTask.CompletedTask);
        _stop.Dispose();
        _abort.Dispose();
    }

    private void Begin()
    {
        _stop.Cancel();
        _bound = _machine.CreateTimer(_ => _abort.Cancel(), null, Bound, Timeout.InfiniteTimeSpan);
    }
}
