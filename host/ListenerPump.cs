using Hub.Host.Clock;
using Hub.Host.Invocation;

namespace Hub.Host;

/// <summary>Runs every listener for the life of the host and sees their work to its end when the host stops.</summary>
internal sealed class ListenerPump(
    IReadOnlyList<IListener> listeners,
    FunctionInvoker invoker,
    WorkLifetime lifetime,
    HostClocks clocks,
    ILogger<ListenerPump> log) : IHostedLifecycleService
{
    // Cancelled functions get a moment to notice; one that ignores its token is left behind.
    private static readonly TimeSpan AfterAbort = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly List<Task> _work = [];

    public IReadOnlyList<IListener> Listeners => listeners;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins only when the server listens: a host that finds its port taken must not have taken messages yet.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (IListener listener in listeners)
        {
            Track(Task.Run(() => Keep(listener), CancellationToken.None));
        }

        return Task.CompletedTask;
    }

    /// <summary>Work that a stop waits for.</summary>
    public void Track(Task work)
    {
        lock (_gate)
        {
            _work.RemoveAll(task => task.IsCompleted);
            _work.Add(work);
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        log.Draining(invoker.Running, lifetime.Bound);
        Task[] work;
        lock (_gate)
        {
            work = [.. _work];
        }

        try
        {
            await Task.WhenAll(work).WaitAsync(lifetime.Bound + AfterAbort, clocks.Machine, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            log.DrainEnded(invoker.Running);
        }
    }

    /// <summary>A listener that ends by a bug is started again: a queue nobody reads would be noticed too late.</summary>
    private async Task Keep(IListener listener)
    {
        while (!lifetime.Stop.IsCancellationRequested)
        {
            try
            {
                await listener.Run(lifetime.Abort, lifetime.Stop);
            }
            catch (Exception bug)
            {
                log.ListenerEnded(bug, listener.Function);
                await Task.WhenAny(Task.Delay(AfterFailure, clocks.Machine, lifetime.Stop));
            }
        }
    }
}
