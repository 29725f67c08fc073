using Hub.Core.Reconciliation;
using Hub.Core.Tests.Collections;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

/// <summary>Runs that are cut off, repeated or overtaken: nothing lost, nothing doubled.</summary>
public class RunRecoveryTests
{
    [Fact]
    public async Task A_start_that_is_cut_off_and_never_repeated_is_carried_out_by_its_message()
    {
        for (int crash = 1; crash <= 3; crash++)
        {
            var hub = new World();
            hub.Faults.CrashAfter = crash;
            await Assert.ThrowsAsync<CrashException>(() => hub.Start("manual", null));

            await hub.Drain(1);

            ReconciliationRun run = Assert.Single(hub.Store.Runs).Value;
            Assert.Equal(("20270315T060000Z-manual", "manual", RunState.Closed), (run.RunId, run.Trigger, run.State));
            Assert.Equal(["reconciliation.started", "reconciliation.closed"], hub.Audit.Entries.Select(entry => entry.Action));
        }
    }

    [Fact]
    public async Task A_message_without_a_start_of_a_run_nobody_stored_is_refused()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => new World().Extract("20270315T060000Z-manual"));
    }

    [Fact]
    public async Task A_record_that_comes_under_another_contract_between_two_extractions_is_matched_once()
    {
        // C is no orphan any more when the extraction is repeated: it bills B beside its other subscription.
        var calm = new World();
        Reassign(calm);
        string runId = await calm.Run();
        int cutOff = 0;
        for (int crash = 1; crash <= 5; crash++)
        {
            var hub = new World();
            Assert.Equal(runId, await hub.Start("timer", World.Now));
            hub.Faults.CrashAfter = hub.Faults.Effects + crash;
            await Crashes(() => hub.Extract(runId));
            bool readAgain = hub.Store.Runs[runId].State == RunState.Extracting;
            cutOff += readAgain && hub.Store.StagingRows > 0 ? 1 : 0;

            Reassign(hub);
            await hub.Drain(1);

            Assert.Equal(RunState.Closed, hub.Store.Runs[runId].State);
            Assert.Equal(readAgain, calm.Store.Runs[runId].Summary == hub.Store.Runs[runId].Summary);
            Assert.Equal(0, hub.Store.StagingRows);
        }

        Assert.True(cutOff > 0, "No extraction was cut off after it had stored rows.");
    }

    [Fact]
    public async Task An_extraction_that_is_slower_than_the_one_that_is_matched_leaves_no_rows_behind()
    {
        var hub = new World();
        string runId = await hub.Run();
        await hub.Store.SaveRows(runId, "slower", [new BookRow(0, "006A", BookRowKinds.Deal, "006A", "{}")], CancellationToken.None);

        await hub.Extract(runId);

        Assert.Equal(0, hub.Store.StagingRows);
        Assert.Equal(RunState.Closed, hub.Store.Runs[runId].State);
    }

    [Fact]
    public async Task A_schedule_that_starts_while_the_books_are_read_is_seen_once()
    {
        var hub = new World();
        BilledSubscription started = hub.Books.Live.Single(subscription => subscription.Id == "sub_b") with { ScheduleId = "sub_sched_b" };
        hub.Books.Live.RemoveAll(subscription => subscription.Id == "sub_b");
        hub.Books.Schedules.Add(new BilledSchedule(
            "sub_sched_b", "not_started", true, "cus_1", null, World.B, "usd", TestBooks.At(2027, 1, 1), TestBooks.At(2028, 1, 1), true,
            [new BilledPhase(TestBooks.At(2027, 1, 1), TestBooks.At(2028, 1, 1), [TestBooks.Item()])]));
        hub.Books.BetweenSubscriptionsAndSchedules = () =>
        {
            hub.Books.Schedules.Clear();
            hub.Books.Live.Add(started);
        };

        await hub.Run();

        Assert.Equal(["ORPHAN_SUBSCRIPTION", "UNBILLED_PERIOD"], hub.Store.Open.Values.Select(open => open.Row.Kind).Order());
    }

    [Fact]
    public async Task A_run_overtaken_by_a_later_one_neither_opens_what_that_one_no_longer_saw_nor_sets_back_what_it_saw()
    {
        // The orphan is gone when the second run reads the books. The first one, which has read it, is matched before, between and after.
        for (int before = 0; before <= 3; before++)
        {
            for (int between = before; between <= 3; between++)
            {
                var hub = new World();
                string first = await hub.Start("timer", World.Now);
                await hub.Extract(first);
                await Match(hub, first, 0, before);
                hub.Clock.Now += Duration.FromHours(1);
                hub.Books.Live.RemoveAll(subscription => subscription.Id == "sub_c");
                string second = await hub.Start("manual", null);
                await hub.Extract(second);
                await Match(hub, second, 0, 3);
                await Match(hub, first, before, between);
                await hub.Close(second);
                await Match(hub, first, between, 3);
                await hub.Close(first);

                Assert.Equal((RunState.Closed, RunState.Closed), (hub.Store.Runs[first].State, hub.Store.Runs[second].State));
                var open = Assert.Single(hub.Store.Open.Values);
                Assert.Equal(("UNBILLED_PERIOD", second), (open.Row.Kind, open.RunId));
            }
        }
    }

    [Fact]
    public async Task A_late_tick_that_starts_after_a_run_by_hand_has_the_last_word()
    {
        // The tick was planned for three o'clock and comes at seven, after the run of six: the orphan is gone, and A lacks its March too.
        var hub = new World();
        await hub.Start("manual", null);
        await hub.Drain(1);
        hub.Clock.Now += Duration.FromHours(1);
        hub.Books.Live.RemoveAll(subscription => subscription.Id == "sub_c");
        hub.Books.Issued.RemoveAll(invoice => invoice.Id == "in_a3");

        string late = await hub.Start("timer", World.Now - Duration.FromHours(3));
        await hub.Drain(1);

        Assert.Equal([("UNBILLED_PERIOD", late), ("UNBILLED_PERIOD", late)], hub.Store.Open.Values.Select(open => (open.Row.Kind, open.RunId)));
    }

    [Fact]
    public async Task A_shard_cut_off_and_matched_again_under_other_settings_lists_what_it_counts()
    {
        // The shard of B stores its unbilled period, is stopped, and comes again when 60 days of grace excuse it.
        var hub = new World();
        string runId = await hub.Start("timer", World.Now);
        await hub.Extract(runId);
        hub.Faults.CrashAfter = hub.Faults.Effects + 1;
        await Assert.ThrowsAsync<CrashException>(() => hub.Match(runId, BookKeys.ShardOf(World.B, 3)));
        hub.Options.BillingGraceDays = 60;

        await hub.Drain(1);

        RunReport report = (await new ReconciliationView(hub.Store).Find(runId, CancellationToken.None))!;
        Assert.Equal(report.Severities.Values.Sum(), await Listed(hub, runId));
        Assert.True(report.FootOk);
    }

    [Fact]
    public async Task A_shard_that_is_done_stays_as_it_was_counted()
    {
        var hub = new World();
        string runId = await hub.Start("timer", World.Now);
        await hub.Extract(runId);
        await Match(hub, runId, 0, 3);
        var done = await hub.Store.Shards(runId, CancellationToken.None);
        hub.Options.BillingGraceDays = 60;

        await Match(hub, runId, 0, 3);

        Assert.Equal(done.AsEnumerable(), (await hub.Store.Shards(runId, CancellationToken.None)).AsEnumerable());
        Assert.Equal(2, await Listed(hub, runId));
    }

    [Fact]
    public async Task The_foot_fails_when_rows_were_counted_that_are_not_listed()
    {
        var hub = new World();
        string runId = await hub.Start("timer", World.Now);
        await hub.Extract(runId);
        await Match(hub, runId, 0, 3);
        await hub.Store.SaveDiscrepancies(runId, BookKeys.ShardOf(World.B, 3), [], World.Now, CancellationToken.None);

        await hub.Close(runId);

        Assert.False(hub.Store.Runs[runId].FootOk);
    }

    private static void Reassign(World hub) => hub.Books.Live[2] = hub.Books.Live[2] with { OpportunityId = World.B };

    private static async Task Crashes(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (CrashException)
        {
            // Stopped where the test wanted it.
        }
    }

    private static async Task Match(World hub, string runId, int from, int end)
    {
        for (int shard = from; shard < end; shard++)
        {
            await hub.Match(runId, shard);
        }
    }

    private static async Task<int> Listed(World hub, string runId)
    {
        int rows = 0;
        await foreach (DiscrepancyReport row in new ReconciliationView(hub.Store).Discrepancies(runId, CancellationToken.None))
        {
            rows += row.Id.Length > 0 ? 1 : 0;
        }

        return rows;
    }
}
