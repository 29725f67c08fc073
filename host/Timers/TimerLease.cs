namespace Hub.Host.Timers;

/// <summary>The right to run a timer now, renewed until it is released; one host at a time holds it.</summary>
internal sealed class TimerLease : IAsyncDisposable
{
    /// <summary>A lease outlives its owner by at most this long; it is renewed at a third of it.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(15);

    private readonly string _function;
    private readonly ITimerLeases _leases;
    private readonly TimeProvider _machine;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task<TimerRecord?> _renewal;

    private TimerLease(TimerRecord held, ITimerLeases leases, TimeProvider machine, ILogger log)
    {
        (_function, _leases, _machine, _log) = (held.Function, leases, machine, log);
        _renewal = Renew(held, _ended.Token);
    }

    /// <summary>Whether a host is believed to be running the timer.</summary>
    /// <param name="now">The machine's clock.</param>
    public static bool IsHeld(TimerRecord record, DateTimeOffset now) => record.Owner is not null && record.LeaseUntil > now;

    /// <returns>The lease, or null when another host holds it or was faster.</returns>
    public static async Task<TimerLease?> Claim(
        TimerRecord record, string owner, ITimerLeases leases, TimeProvider machine, ILogger log, CancellationToken ct)
    {
        DateTimeOffset now = machine.GetUtcNow();
        return !IsHeld(record, now) && await leases.TryStore(record with { Owner = owner, LeaseUntil = now + Time }, ct) is { } held
            ? new TimerLease(held, leases, machine, log)
            : null;
    }

    /// <summary>Gives the timer back with what the run changed of its record.</summary>
    /// <returns>The record as stored, or null when the lease had been lost to another host.</returns>
    public async Task<TimerRecord?> Release(Func<TimerRecord, TimerRecord> change)
    {
        await _ended.CancelAsync();
        using var limit = new CancellationTokenSource(Time, TimeProvider.System);
        TimerRecord? stored = await _renewal is { } current
            ? await _leases.TryStore(change(current with { Owner = null, LeaseUntil = DateTimeOffset.MinValue }), limit.Token)
            : null;
        if (stored is null)
        {
            _log.TimerLeaseLost(_function);
        }

        return stored;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewal;
        _ended.Dispose();
    }

    /// <returns>The record as last stored, or null when another host has taken it.</returns>
    private async Task<TimerRecord?> Renew(TimerRecord held, CancellationToken ended)
    {
        TimerRecord current = held;
        try
        {
            while (true)
            {
                await Task.Delay(Time / 3, _machine, ended);
                if (await RenewOnce(current) is not { } renewed)
                {
                    return null;
                }

                current = renewed;
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return current;
        }
    }

    // Not cancelled by the end of the run: a write cut off in the middle would leave the version unknown.
    private async Task<TimerRecord?> RenewOnce(TimerRecord current)
    {
        using var limit = new CancellationTokenSource(Time, TimeProvider.System);
        try
        {
            return await _leases.TryStore(current with { LeaseUntil = _machine.GetUtcNow() + Time }, limit.Token);
        }
        catch (Exception unreachable)
        {
            // The lease goes on until it ends by itself; the next third may reach storage again.
            _log.TimerRecordUnreachable(current.Function, unreachable.GetType().Name);
            return current;
        }
    }
}
