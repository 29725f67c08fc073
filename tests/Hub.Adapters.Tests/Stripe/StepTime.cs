namespace Hub.Adapters.Tests.Stripe;

/// <summary>A clock that stands still, except that waits no longer than <paramref name="shortest"/> pass at once, are noted and move it on.</summary>
/// <remarks>Longer timers are time limits: they never end here.</remarks>
internal sealed class StepTime(DateTimeOffset start, TimeSpan shortest) : TimeProvider
{
    private readonly Lock _gate = new();
    private DateTimeOffset _now = start;

    public StepTime()
        : this(new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(14))
    {
    }

    public List<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by)
    {
        lock (_gate)
        {
            _now += by;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero && dueTime <= shortest)
        {
            lock (_gate)
            {
                Waits.Add(dueTime);
                _now += dueTime;
            }

            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new DoneTimer();
    }

    private sealed class DoneTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
