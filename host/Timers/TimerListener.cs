using Azure;
using Hub.Host.Catalog;
using Hub.Host.Clock;
using Hub.Host.Invocation;
using Microsoft.Azure.Functions.Worker;
using NCrontab;

namespace Hub.Host.Timers;

/// <summary>Runs one timer function when it is due, on one host at a time and never overlapping itself.</summary>
/// <remarks>
/// All hosts share one record. Whoever writes its name into it first runs the occurrence and writes the next one when the run
/// ends; until then the others wait. A host that dies while running leaves the occurrence due: another runs it once the lease is over.
/// An occurrence from before this listener's start is past due and runs once, however many were missed.
/// Where hosts are set to different schedules, the one that started last is right and the others follow its schedule (ADR 0005).
/// </remarks>
internal sealed class TimerListener : IListener, IDisposable
{
    // Timers cannot be armed for longer than 49 days; a wait that long is taken in steps.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan OtherOwnerWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly FunctionDescriptor _function;
    private readonly FunctionTrigger.Timer _trigger;
    private readonly CrontabSchedule _schedule;
    private readonly ITimerLeases _leases;
    private readonly FunctionInvoker _invoker;
    private readonly HostClocks _clocks;
    private readonly ILogger _log;
    private readonly bool _monitored;
    private readonly string _owner = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private DateTimeOffset _started;
    private DateTimeOffset _startedOnMachine;
    private long _nextTicks = DateTimeOffset.MaxValue.UtcTicks;

    public TimerListener(FunctionDescriptor function, ITimerLeases leases, FunctionInvoker invoker, HostClocks clocks, ILogger log)
    {
        (_function, _leases, _invoker, _clocks, _log) = (function, leases, invoker, clocks, log);
        _trigger = (FunctionTrigger.Timer)function.Trigger;
        _schedule = Schedules.TryParse(_trigger.Schedule) ?? throw new ArgumentException($"'{_trigger.Schedule}' is not a schedule.", nameof(function));
        _monitored = _trigger.UseMonitor && !FiresOftenerThanAMinute();
    }

    public string Function => _function.Name;

    /// <summary>Whether an occurrence known to this host is due and not yet run.</summary>
    public bool IsDue => Interlocked.Read(ref _nextTicks) <= _clocks.Schedule.GetUtcNow().UtcTicks;

    public async Task Run(CancellationToken abort, CancellationToken stop)
    {
        (_started, _startedOnMachine) = (_clocks.Schedule.GetUtcNow(), _clocks.Machine.GetUtcNow());
        bool runNow = _trigger.RunOnStartup;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                runNow = !await Step(runNow, abort, stop) && runNow;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception unreachable)
            {
                // Functions' failures end in RunOnce; this is the record's storage.
                _log.TimerRecordUnreachable(Function, (unreachable as RequestFailedException)?.ErrorCode ?? unreachable.GetType().Name);
                await Pause(AfterFailure, _clocks.Machine, stop);
            }
        }
    }

    /// <summary>Runs the function now, whatever its schedule says; waits for a run of this process that is under way.</summary>
    /// <exception cref="Exception">Whatever the function threw.</exception>
    public Task RunByHand(CancellationToken ct) => RunAlone(new TimerInfo(), ct);

    public void Dispose() => _oneAtATime.Dispose();

    /// <returns>Whether an occurrence ran.</returns>
    private async Task<bool> Step(bool runNow, CancellationToken abort, CancellationToken stop)
    {
        if (await Load(stop) is not { } record)
        {
            return false;
        }

        DateTimeOffset now = _clocks.Schedule.GetUtcNow();
        Interlocked.Exchange(ref _nextTicks, record.Next.UtcTicks);
        if (record.Next > now && !runNow)
        {
            TimeSpan wait = record.Next - now;
            await Task.Delay(wait < LongestWait ? wait : LongestWait, _clocks.Schedule, stop);
            return false;
        }

        if (await TimerLease.Claim(record, _owner, _leases, _clocks.Machine, _log, stop) is not { } lease)
        {
            await Task.Delay(OtherOwnerWait, _clocks.Machine, stop);
            return false;
        }

        await using (lease)
        {
            await RunHeld(lease, record, now, abort);
        }

        return true;
    }

    /// <summary>The stored record, brought in line with the schedule; null when another host was faster.</summary>
    private async Task<TimerRecord?> Load(CancellationToken ct)
    {
        TimerRecord? stored = await _leases.Read(Function, ct);
        DateTimeOffset now = _clocks.Schedule.GetUtcNow();
        if (stored is null)
        {
            return await Arm(
                new TimerRecord(Function, _trigger.Schedule, _startedOnMachine, null, _schedule.After(now), now, null, DateTimeOffset.MinValue, null), ct);
        }

        if (IsOutdated(stored))
        {
            return await Arm(
                stored with { Schedule = _trigger.Schedule, ScheduleFrom = _startedOnMachine, Next = _schedule.After(now), LastUpdated = now }, ct);
        }

        bool forgotten = !_monitored && stored.Next < _started - TimerLease.Time;
        return forgotten ? await Arm(stored with { Next = ScheduleOf(stored).After(now), LastUpdated = now }, ct) : stored;
    }

    // A run under way keeps its record: taking it would end the lease that keeps a second run away.
    private bool IsOutdated(TimerRecord stored) => stored.Schedule != _trigger.Schedule
        && (stored.ScheduleFrom < _startedOnMachine || Schedules.TryParse(stored.Schedule) is null)
        && !TimerLease.IsHeld(stored, _clocks.Machine.GetUtcNow());

    private CrontabSchedule ScheduleOf(TimerRecord record) =>
        record.Schedule == _trigger.Schedule ? _schedule : Schedules.TryParse(record.Schedule) ?? _schedule;

    private async Task<TimerRecord?> Arm(TimerRecord record, CancellationToken ct)
    {
        TimerRecord? stored = await _leases.TryStore(record, ct);
        if (stored is not null)
        {
            _log.TimerArmed(Function, stored.Next);
        }

        return stored;
    }

    private async Task RunHeld(TimerLease lease, TimerRecord due, DateTimeOffset now, CancellationToken abort)
    {
        bool settled = await RunOnce(due, now, abort);

        // From the start of the run, not its end: an occurrence that fell into the run follows at once, and only one.
        TimerRecord? stored = await lease.Release(record => settled && due.Next <= now
            ? record with { Last = due.Next, Next = ScheduleOf(record).After(now), LastUpdated = _clocks.Schedule.GetUtcNow() }
            : record);
        Interlocked.Exchange(ref _nextTicks, (stored ?? due).Next.UtcTicks);
    }

    /// <returns>False when a stop cancelled the run, which leaves the occurrence due.</returns>
    private async Task<bool> RunOnce(TimerRecord record, DateTimeOffset now, CancellationToken abort)
    {
        try
        {
            await RunAlone(Info(record, now), abort);
            return true;
        }
        catch (Exception)
        {
            // Logged by the invoker; a failed run is not repeated before its next tick.
            return !abort.IsCancellationRequested;
        }
    }

    private async Task RunAlone(TimerInfo info, CancellationToken ct)
    {
        await _oneAtATime.WaitAsync(ct);
        try
        {
            // Off the caller's path, so that a function that never yields holds up neither the lease nor a request.
            await Task.Run(() => _invoker.Invoke(_function, new InvocationInput.Tick(info), ct), CancellationToken.None);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private TimerInfo Info(TimerRecord record, DateTimeOffset now) => new()
    {
        IsPastDue = _monitored && record.Next <= now && record.Next < _started,
        ScheduleStatus = _monitored
            ? new ScheduleStatus
            {
                Last = record.Last?.UtcDateTime ?? default,
                Next = record.Next.UtcDateTime,
                LastUpdated = record.LastUpdated.UtcDateTime,
            }
            : null,
    };

    private bool FiresOftenerThanAMinute()
    {
        DateTimeOffset first = _schedule.After(DateTimeOffset.UnixEpoch);
        return Enumerable.Range(0, 60).Aggregate((Oftener: false, At: first), (seen, _) =>
        {
            DateTimeOffset next = _schedule.After(seen.At);
            return (seen.Oftener || next - seen.At < TimeSpan.FromMinutes(1), next);
        }).Oftener;
    }

    private static async Task Pause(TimeSpan pause, TimeProvider time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The loop sees the stop itself.
        }
    }
}
