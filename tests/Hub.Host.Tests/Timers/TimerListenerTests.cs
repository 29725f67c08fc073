using Hub.Host.Tests.Support;
using Hub.Host.Timers;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Tests.Timers;

public sealed class TimerListenerTests
{
    [Fact]
    public async Task A_timer_runs_when_its_time_comes_and_not_before()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running host = await bench.Start();

        bench.Schedule.Advance(TimeSpan.FromMinutes(29));
        Assert.False(host.Listener.IsDue);
        Assert.Empty(host.Ticks);
        bench.Schedule.Advance(TimeSpan.FromMinutes(1));
        await Eventually.True(() => host.Ticks.Count == 1, "the ten o'clock tick");

        TimerInfo tick = host.Ticks[0];
        Assert.False(tick.IsPastDue);
        Assert.Equal(new DateTime(2026, 1, 31, 10, 0, 0, DateTimeKind.Utc), tick.ScheduleStatus?.Next);
    }

    [Fact]
    public async Task Two_hosts_run_each_occurrence_once()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running first = await bench.Start();
        TimerBench.Running second = await bench.Start();

        for (int hour = 10; hour < 15; hour++)
        {
            bench.Schedule.Advance(TimeSpan.FromMinutes(hour == 10 ? 30 : 60));
            await Recorded(bench, new DateTimeOffset(2026, 1, 31, hour + 1, 0, 0, TimeSpan.Zero));

            // The loser of a race looks again after half a second; both must be waiting before time goes on.
            await Eventually.True(
                () =>
                {
                    bench.Machine.Advance(TimeSpan.FromSeconds(1));
                    return bench.Schedule.Armed == 2;
                },
                "both hosts wait");
        }

        Assert.Equal(5, first.Ticks.Count + second.Ticks.Count);
        Assert.Equal(
            [10, 11, 12, 13, 14],
            first.Ticks.Concat(second.Ticks).Select(tick => tick.ScheduleStatus!.Next.Hour).Order());
    }

    [Fact]
    public async Task Missed_occurrences_are_made_up_for_once_and_said_to_be_past_due()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running before = await bench.Start();
        await before.Stop();

        bench.Schedule.Advance(TimeSpan.FromHours(7.2));
        TimerBench.Running after = await bench.Start();
        await Recorded(bench, new DateTimeOffset(2026, 1, 31, 17, 0, 0, TimeSpan.Zero));

        Assert.True(Assert.Single(after.Ticks).IsPastDue);
    }

    [Fact]
    public async Task A_changed_schedule_is_not_past_due()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running before = await bench.Start();
        await before.Stop();

        bench.Schedule.Advance(TimeSpan.FromHours(7.2));
        bench.Machine.Advance(TimeSpan.FromSeconds(1));
        TimerBench.Running after = await bench.Start("0 30 * * * *");

        Assert.Empty(after.Ticks);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 17, 30, 0, TimeSpan.Zero), (await bench.Leases.Read("SampleTimer", CancellationToken.None))?.Next);
    }

    [Fact]
    public async Task Of_two_hosts_with_different_schedules_the_one_that_started_last_is_right()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running older = await bench.Start("0 45 * * * *");
        bench.Machine.Advance(TimeSpan.FromSeconds(1));
        TimerBench.Running newer = await bench.Start("0 0 * * * *");

        // 9:45 wakes the older host, which finds the newer one's schedule and follows it: ten o'clock stays due.
        bench.Schedule.Advance(TimeSpan.FromMinutes(15));
        await Eventually.True(() => bench.Schedule.Armed == 2, "both wait");
        bench.Schedule.Advance(TimeSpan.FromMinutes(15));
        await Recorded(bench, new DateTimeOffset(2026, 1, 31, 11, 0, 0, TimeSpan.Zero));

        Assert.Equal(10, Assert.Single(older.Ticks.Concat(newer.Ticks)).ScheduleStatus!.Next.Hour);
    }

    [Fact]
    public async Task A_host_whose_schedule_was_replaced_computes_the_next_occurrence_from_the_newer_one()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running older = await bench.Start("0 45 * * * *");
        bench.Machine.Advance(TimeSpan.FromSeconds(1));
        TimerBench.Running newer = await bench.Start("0 0 */2 * * *");
        await newer.Stop();

        bench.Schedule.Advance(TimeSpan.FromMinutes(15));
        await Eventually.True(() => bench.Schedule.Armed == 1, "the older host waits for ten o'clock");
        bench.Schedule.Advance(TimeSpan.FromMinutes(15));
        await Recorded(bench, new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));

        Assert.Single(older.Ticks);
    }

    [Fact]
    public async Task A_new_schedule_waits_until_a_run_under_the_old_one_has_ended()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running older = await bench.Start();
        var release = new TaskCompletionSource();
        older.Journal.Hold = ct => release.Task.WaitAsync(ct);
        bench.Schedule.Advance(TimeSpan.FromMinutes(30));
        await Eventually.True(() => older.Ticks.Count == 1, "the ten o'clock tick runs");
        bench.Machine.Advance(TimeSpan.FromSeconds(1));

        TimerBench.Running newer = bench.Begin("0 30 * * * *");
        await Eventually.True(() => bench.Machine.Armed == 2, "the newer host waits for the run to end");
        Assert.NotNull((await bench.Leases.Read("SampleTimer", CancellationToken.None))!.Owner);
        release.SetResult();

        await Eventually.True(
            async () =>
            {
                bench.Machine.Advance(TimeSpan.FromSeconds(1));
                return await bench.Leases.Read("SampleTimer", CancellationToken.None) is { Owner: null, Next.Minute: 30 };
            },
            "the new schedule is armed");
        Assert.Empty(newer.Ticks);
    }

    [Fact]
    public async Task An_unmonitored_timer_forgets_what_it_missed_and_tells_no_status()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running before = await bench.Start(monitored: false);
        await before.Stop();
        bench.Schedule.Advance(TimeSpan.FromHours(7.2));

        TimerBench.Running after = await bench.Start(monitored: false);
        Assert.Empty(after.Ticks);
        bench.Schedule.Advance(TimeSpan.FromMinutes(30));
        await Eventually.True(() => after.Ticks.Count == 1, "the next tick");

        Assert.Null(after.Ticks[0].ScheduleStatus);
    }

    [Fact]
    public async Task A_run_longer_than_the_period_is_followed_by_one_run_and_never_overlaps()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running host = await bench.Start();
        var release = new TaskCompletionSource();
        host.Journal.Hold = _ => release.Task;

        bench.Schedule.Advance(TimeSpan.FromMinutes(30));
        await Eventually.True(() => host.Ticks.Count == 1, "the ten o'clock tick");
        bench.Schedule.Advance(TimeSpan.FromHours(3.5));
        Assert.Single(host.Ticks);
        release.SetResult();
        await Recorded(bench, new DateTimeOffset(2026, 1, 31, 14, 0, 0, TimeSpan.Zero));

        // Eleven, twelve and one o'clock fell into the run: they are one run, the one of eleven, and not past due.
        Assert.Equal(2, host.Ticks.Count);
        Assert.Equal((11, false), (host.Ticks[1].ScheduleStatus!.Next.Hour, host.Ticks[1].IsPastDue));
        Assert.Equal(1, host.Journal.Peak);
    }

    [Fact]
    public async Task An_occurrence_whose_host_died_is_run_by_another_when_the_lease_is_over()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running host = await bench.Start();
        TimerRecord record = (await bench.Leases.Read("SampleTimer", CancellationToken.None))!;
        Assert.NotNull(await bench.Leases.TryStore(
            record with { Owner = "dead", LeaseUntil = bench.Machine.GetUtcNow() + TimerLease.Time }, CancellationToken.None));

        bench.Schedule.Advance(TimeSpan.FromMinutes(30));
        await Eventually.True(() => bench.Machine.Armed == 1, "the host waits for the other");
        Assert.Empty(host.Ticks);
        bench.Machine.Advance(TimerLease.Time);

        await Eventually.True(() => host.Ticks.Count == 1, "the host takes over");
    }

    [Fact]
    public async Task A_lease_is_renewed_while_the_function_runs()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running host = await bench.Start();
        var release = new TaskCompletionSource();
        host.Journal.Hold = _ => release.Task;
        bench.Schedule.Advance(TimeSpan.FromMinutes(30));
        await Eventually.True(() => host.Ticks.Count == 1, "the function runs");

        DateTimeOffset later = bench.Machine.GetUtcNow() + TimeSpan.FromMinutes(1);
        await Eventually.True(
            async () =>
            {
                bench.Machine.Advance(TimeSpan.FromSeconds(1));
                return (await bench.Leases.Read("SampleTimer", CancellationToken.None))!.LeaseUntil > later;
            },
            "the lease moves on");
        release.SetResult();

        await Recorded(bench, new DateTimeOffset(2026, 1, 31, 11, 0, 0, TimeSpan.Zero));
        Assert.Null((await bench.Leases.Read("SampleTimer", CancellationToken.None))!.Owner);
    }

    [Fact]
    public async Task A_failed_run_waits_for_its_next_tick()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running host = await bench.Start();
        host.Journal.Fails = _ => true;

        bench.Schedule.Advance(TimeSpan.FromMinutes(30));
        await Recorded(bench, new DateTimeOffset(2026, 1, 31, 11, 0, 0, TimeSpan.Zero));

        Assert.Single(host.Ticks);
    }

    [Fact]
    public async Task A_run_cut_off_by_a_stop_stays_due()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running host = await bench.Start();
        host.Journal.Hold = ct => Task.Delay(Timeout.Infinite, ct);
        bench.Schedule.Advance(TimeSpan.FromMinutes(30));
        await Eventually.True(() => host.Ticks.Count == 1, "the function runs");

        await host.Abort().WaitAsync(TimeSpan.FromSeconds(10));

        TimerRecord record = (await bench.Leases.Read("SampleTimer", CancellationToken.None))!;
        Assert.Equal((10, null), (record.Next.Hour, record.Owner));
    }

    [Fact]
    public async Task Run_on_startup_runs_once_at_every_start_and_moves_no_occurrence()
    {
        await using TimerBench bench = await TimerBench.Create();
        TimerBench.Running host = await bench.Start(runOnStartup: true);

        await Eventually.True(() => host.Ticks.Count == 1 && bench.Schedule.Armed == 1, "the run at the start");

        Assert.Equal(10, (await bench.Leases.Read("SampleTimer", CancellationToken.None))?.Next.Hour);
    }

    private static Task Recorded(TimerBench bench, DateTimeOffset next) => Eventually.True(
        async () => await bench.Leases.Read("SampleTimer", CancellationToken.None) is { Owner: null } record && record.Next == next,
        $"the next occurrence is {next:HH:mm}");
}
