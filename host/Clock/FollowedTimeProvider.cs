using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hub.Host.Clock;

/// <summary>A clock that follows another process's clock over HTTP, so that a simulator's time drives the host.</summary>
/// <remarks>
/// Reads <c>{ "now": INSTANT }</c> every 50 ms of real time and never goes backwards. A timer created from it fires when the
/// followed time passes its due time, and at the latest when as much real time has passed: the followed clock may stand
/// still, and a pause before a retry must end all the same. Whoever waits for a point in time therefore looks at the
/// clock again when the wait ends. Development only.
/// </remarks>
internal sealed class FollowedTimeProvider : TimeProvider, IClockRefresh, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly HashSet<FollowedTimer> _timers = [];
    private Task _following = Task.CompletedTask;
    private long _ticks;
    private bool _disposed;

    private FollowedTimeProvider(Uri url, HttpClient http) => (_url, _http) = (url, http);

    /// <summary>Reads the clock once, trying for <paramref name="patience"/>, then follows it until disposed.</summary>
    /// <exception cref="InvalidOperationException">The clock did not answer with an instant in time.</exception>
    public static async Task<FollowedTimeProvider> Follow(Uri url, TimeSpan patience, CancellationToken ct)
    {
        var clock = new FollowedTimeProvider(url, new HttpClient { Timeout = TimeSpan.FromSeconds(5) });
        long start = System.GetTimestamp();
        while (await clock.TryRead(ct) is { } reason)
        {
            if (System.GetElapsedTime(start) >= patience)
            {
                await clock.DisposeAsync();
                throw new InvalidOperationException($"{url} does not answer with {{ \"now\": INSTANT }}: {reason}");
            }

            await Task.Delay(Interval, System, ct);
        }

        clock._following = clock.FollowOn(clock._ended.Token);
        return clock;
    }

    /// <summary>Told once per outage why the clock does not answer; meanwhile it stands still.</summary>
    public ILogger Outages { get; set; } = NullLogger.Instance;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Reads the clock now; keeps the last reading when it does not answer.</summary>
    public Task Refresh(CancellationToken ct) => TryRead(ct);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FollowedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _ended.CancelAsync();
        await _following;
        _http.Dispose();
        _ended.Dispose();
    }

    private async Task FollowOn(CancellationToken ct)
    {
        bool wasReachable = true;
        using var beat = new PeriodicTimer(Interval, System);
        try
        {
            while (await beat.WaitForNextTickAsync(ct))
            {
                string? reason = await TryRead(ct);
                if (reason is not null && wasReachable)
                {
                    Outages.ClockUnreachable(reason);
                }

                wasReachable = reason is null;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <returns>Null when the clock was read, else why not.</returns>
    private async Task<string?> TryRead(CancellationToken ct)
    {
        try
        {
            using JsonDocument reading = JsonDocument.Parse(await _http.GetByteArrayAsync(_url, ct));
            MoveTo(reading.RootElement.GetProperty("now").GetDateTimeOffset());
            return null;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or FormatException or KeyNotFoundException or InvalidOperationException
            || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return failure.Message;
        }
    }

    private void MoveTo(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now.UtcTicks <= _ticks)
            {
                return;
            }

            Interlocked.Exchange(ref _ticks, now.UtcTicks);
            foreach (FollowedTimer timer in _timers.Where(timer => timer.Due <= now).ToArray())
            {
                timer.Fire();
            }
        }
    }

    /// <summary>A system timer that is set off early when the followed time passes.</summary>
    private sealed class FollowedTimer : ITimer
    {
        private readonly FollowedTimeProvider _clock;
        private readonly ITimer _real;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public FollowedTimer(FollowedTimeProvider clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _real = System.CreateTimer(
                _ =>
                {
                    Rearm();
                    callback(state);
                },
                null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Followed time at which the timer is due; <see cref="DateTimeOffset.MaxValue"/> when it is not armed.</summary>
        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._gate)
            {
                _period = period;
                Arm(dueTime);
                return _real.Change(dueTime, period);
            }
        }

        /// <summary>Called under the clock's lock.</summary>
        public void Fire()
        {
            Arm(_period);
            _real.Change(TimeSpan.Zero, _period);
        }

        public void Dispose()
        {
            lock (_clock._gate)
            {
                Arm(Timeout.InfiniteTimeSpan);
            }

            _real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Rearm()
        {
            lock (_clock._gate)
            {
                Arm(_period);
            }
        }

        private void Arm(TimeSpan dueTime)
        {
            bool armed = dueTime != Timeout.InfiniteTimeSpan && (dueTime > TimeSpan.Zero || _period == Timeout.InfiniteTimeSpan);
            DateTimeOffset now = _clock.GetUtcNow();
            Due = !armed ? DateTimeOffset.MaxValue
                : dueTime < DateTimeOffset.MaxValue - now ? now + dueTime : DateTimeOffset.MaxValue;
            if (armed)
            {
                _clock._timers.Add(this);
            }
            else
            {
                _clock._timers.Remove(this);
            }
        }
    }
}
