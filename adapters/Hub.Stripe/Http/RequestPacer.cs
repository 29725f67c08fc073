namespace Hub.Stripe;

/// <summary>Spreads requests so that no more than a number per second leave this process, with a burst of one second's worth.</summary>
/// <remarks>
/// Measures with <see cref="TimeProvider.GetTimestamp"/>, never with the calendar clock: the clock may follow a simulation, Stripe's limits do not.
/// </remarks>
internal sealed class RequestPacer(int requestsPerSecond, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _nextFree = TimeSpan.MinValue;

    /// <summary>Waits for a slot; slots are given in the order asked for.</summary>
    public Task Wait(CancellationToken ct)
    {
        TimeSpan wait = Reserve();
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, ct) : Task.CompletedTask;
    }

    // The slots lie one interval apart on a line that may lag behind the present by at most a second: that lag is the burst.
    private TimeSpan Reserve()
    {
        TimeSpan interval = TimeSpan.FromSeconds(1) / requestsPerSecond;
        lock (_gate)
        {
            TimeSpan now = time.GetElapsedTime(_origin);
            TimeSpan earliest = now - TimeSpan.FromSeconds(1) + interval;
            TimeSpan slot = _nextFree > earliest ? _nextFree : earliest;
            _nextFree = slot + interval;
            return slot - now;
        }
    }
}
