using Azure.Data.Tables;
using Hub.Host.Timers;
using Hub.Testing;

namespace Hub.Host.Tests.Timers;

public sealed class TableTimerLeasesTests
{
    private static readonly DateTimeOffset Ten = new(2026, 1, 31, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimerRecord Armed = new("SampleTimer", "0 0 * * * *", Ten.AddHours(-1), null, Ten, Ten.AddMinutes(-30), null, DateTimeOffset.MinValue, null);

    [Fact]
    public async Task A_timer_nobody_runs_is_stored_without_a_date_the_service_refuses()
    {
        (TableTimerLeases leases, _) = await Create();

        TimerRecord? stored = await leases.TryStore(Armed, CancellationToken.None);

        Assert.Equal(Armed, stored! with { Version = null });
        Assert.Equal(stored, await leases.Read("SampleTimer", CancellationToken.None));
    }

    [Fact]
    public async Task A_released_lease_leaves_no_trace_of_its_owner()
    {
        (TableTimerLeases leases, _) = await Create();
        TimerRecord? held = await leases.TryStore(Armed with { Owner = "first", LeaseUntil = Ten }, CancellationToken.None);

        TimerRecord? released = await leases.TryStore(held! with { Owner = null, LeaseUntil = DateTimeOffset.MinValue }, CancellationToken.None);

        Assert.Equal(released, await leases.Read("SampleTimer", CancellationToken.None));
    }

    [Fact]
    public async Task A_lease_whose_answer_was_lost_is_still_held()
    {
        (TableTimerLeases leases, FussyTable table) = await Create();
        TimerRecord? armed = await leases.TryStore(Armed, CancellationToken.None);
        table.LosesNextAnswer = true;

        TimerRecord? held = await leases.TryStore(armed! with { Owner = "first", LeaseUntil = Ten }, CancellationToken.None);

        Assert.Equal("first", held?.Owner);
        Assert.Equal(held, await leases.Read("SampleTimer", CancellationToken.None));
    }

    [Fact]
    public async Task A_version_that_another_host_has_overwritten_is_refused()
    {
        (TableTimerLeases leases, _) = await Create();
        TimerRecord? armed = await leases.TryStore(Armed, CancellationToken.None);
        await leases.TryStore(armed! with { Owner = "first", LeaseUntil = Ten }, CancellationToken.None);

        Assert.Null(await leases.TryStore(armed with { Owner = "second", LeaseUntil = Ten }, CancellationToken.None));
    }

    private static async Task<(TableTimerLeases Leases, FussyTable Table)> Create()
    {
        Azurite azurite = await Azurite.SharedAsync();
        var table = new FussyTable(new TableClient(azurite.ConnectionString, $"t{Guid.NewGuid():N}"));
        return (new TableTimerLeases(table), table);
    }
}
