using Hub.Core.Reconciliation;
using Hub.Core.Tests.Audit;
using Hub.Core.Tests.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

/// <summary>Contract A agrees, B lacks March (−500.00), C is an orphan with one invoice of 500.00.</summary>
public class ReconciliationRunTests
{
    private static readonly Instant Now = World.Now;

    [Fact]
    public async Task A_run_finds_what_differs_and_closes_with_totals()
    {
        var hub = new World();

        string runId = await hub.Run();

        RunReport report = (await new ReconciliationView(hub.Store).Find(runId, CancellationToken.None))!;
        Assert.Equal((RunState.Closed, true), (report.State, report.FootOk!.Value));
        Assert.Equal((2, 1), (report.Totals!.Contracts, report.Totals.Matched));
        Assert.Equal(new CurrencyTotals(300_000, 250_000), report.Totals.ByCurrency["usd"]);
        Assert.Equal(["ORPHAN_SUBSCRIPTION", "UNBILLED_PERIOD"], report.Kinds.Keys);
        Assert.Equal(-50_000, report.Kinds["UNBILLED_PERIOD"].Realised["usd"]);
        Assert.Equal((1, 1), (report.Severities["high"], report.Severities["medium"]));
        Assert.Equal(0, hub.Store.StagingRows);
    }

    [Fact]
    public async Task The_report_is_written_in_the_shape_of_the_files()
    {
        var hub = new World();
        string runId = await hub.Run();

        string json = BookJson.Write((await new ReconciliationView(hub.Store).Find(runId, CancellationToken.None))!);

        Assert.Contains("\"footOk\":true", json, StringComparison.Ordinal);
        Assert.Contains("\"totals\":{\"contracts\":2,\"matched\":1,\"byCurrency\":{\"usd\":{\"expected\":300000,\"billed\":250000}}}", json, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"closed\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discrepancies_come_worst_first()
    {
        var hub = new World();
        string runId = await hub.Run();

        var rows = new List<DiscrepancyReport>();
        await foreach (DiscrepancyReport row in new ReconciliationView(hub.Store).Discrepancies(runId, CancellationToken.None))
        {
            rows.Add(row);
        }

        Assert.Equal([("ORPHAN_SUBSCRIPTION", Severity.High), ("UNBILLED_PERIOD", Severity.Medium)], rows.Select(row => (row.Kind, row.Severity)));
        Assert.Contains("\"severity\":\"high\"", BookJson.Write(rows[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeating_a_timer_tick_starts_no_second_run()
    {
        var hub = new World();
        string first = await hub.Start("timer", Now);
        hub.Clock.Now += Duration.FromSeconds(40);

        Assert.Equal(first, await hub.Start("timer", Now));
        Assert.Equal("20270315T060000Z-timer", Assert.Single(hub.Store.Runs).Key);
        Assert.Equal(Now, hub.Store.Runs[first].AsOf);
    }

    [Fact]
    public async Task Asking_again_gives_the_run_under_way_and_after_its_end_another_one()
    {
        var hub = new World();
        string first = await hub.Start("manual", null);
        Assert.Equal(first, await hub.Start("manual", null));

        hub.Store.Runs[first] = hub.Store.Runs[first] with { State = RunState.Closed };

        Assert.Equal(first + "-02", await hub.Start("manual", null));
    }

    [Fact]
    public async Task Handling_every_message_twice_changes_nothing()
    {
        var once = new World();
        string runId = await once.Run();
        var twice = new World();

        await twice.Run(times: 2);

        Assert.Equal(once.Store.Open.Keys.Order(), twice.Store.Open.Keys.Order());
        Assert.Equal(once.Store.Runs[runId].Summary, twice.Store.Runs[runId].Summary);
        Assert.Equal(["reconciliation.started", "reconciliation.closed"], twice.Audit.Entries.Select(entry => entry.Action));
    }

    [Fact]
    public async Task Crashing_after_any_effect_ends_in_the_same_run()
    {
        var calm = new World();
        string runId = await calm.Run();
        int effects = calm.Faults.Effects;
        for (int crash = 1; crash <= effects; crash++)
        {
            var hub = new World();
            hub.Faults.CrashAfter = crash;

            await hub.Run();

            Assert.Equal(calm.Store.Runs[runId].Summary, hub.Store.Runs[runId].Summary);
            Assert.Equal(calm.Store.Open.Keys.Order(), hub.Store.Open.Keys.Order());
            Assert.Equal(2, hub.Audit.Entries.Count);
            Assert.Equal(0, hub.Store.StagingRows);
        }
    }

    [Fact]
    public async Task A_book_that_breaks_off_leaves_the_run_incomplete_and_opens_and_closes_nothing()
    {
        var hub = new World();
        await hub.Run();
        string[] open = [.. hub.Store.Open.Keys.Order()];
        hub.Clock.Now += Duration.FromDays(1);
        hub.Books.FailsAfter = 2;
        hub.Books.Live.Clear();

        string runId = await hub.Run();

        Assert.Equal(RunState.Incomplete, hub.Store.Runs[runId].State);
        Assert.Equal(open, hub.Store.Open.Keys.Order());
        Assert.Equal(0, hub.Store.StagingRows);
        Assert.Equal("reconciliation.incomplete", hub.Audit.Entries[^1].Action);
    }

    [Fact]
    public async Task A_second_extraction_that_breaks_off_takes_nothing_from_the_run_the_first_one_is_matching()
    {
        // Both handle the same message. The first reads both books to the end while the second waits for invoices, which then break off.
        var hub = new World();
        await hub.Start("timer", Now);
        var extract = new ReconcileShard("20270315T060000Z-timer", ReconcileStage.Extract, -1);
        hub.Books.BeforeInvoices = async () =>
        {
            await hub.Stages().Handle(extract, CancellationToken.None);
            hub.Books.FailsAfter = 2;
        };
        await hub.Stages().Handle(extract, CancellationToken.None);

        await hub.Drain(1);

        Assert.Equal(RunState.Closed, hub.Store.Runs[extract.RunId].State);
        Assert.Equal(["ORPHAN_SUBSCRIPTION", "UNBILLED_PERIOD"], hub.Store.Open.Values.Select(open => open.Row.Kind).Order());
        Assert.DoesNotContain("reconciliation.incomplete", hub.Audit.Entries.Select(entry => entry.Action));
    }

    [Fact]
    public async Task A_run_whose_shards_were_asked_for_is_never_given_up_by_a_repeated_extraction()
    {
        // The first attempt is stopped right after a shard was asked for; on its repetition the book of Stripe breaks off.
        for (int crash = 1; crash <= 12; crash++)
        {
            var hub = new World();
            string runId = await hub.Start("timer", Now);
            hub.Faults.CrashAfter = hub.Faults.Effects + crash;
            var extract = new ReconcileShard(runId, ReconcileStage.Extract, -1);
            bool crashed = false;
            try
            {
                await hub.Stages().Handle(extract, CancellationToken.None);
            }
            catch (CrashException)
            {
                crashed = true;
            }

            hub.Books.FailsAfter = crashed ? 2 : null;
            bool asked = hub.Queue.Sent.Exists(sent => ((ReconcileShard)sent.Message).Stage == ReconcileStage.Match);
            await hub.Drain(1);
            await hub.Stages().Handle(extract, CancellationToken.None);
            await hub.Drain(1);

            RunState state = hub.Store.Runs[runId].State;
            Assert.True(state is RunState.Closed or RunState.Incomplete, $"crash {crash}: {state}");
            Assert.Equal(state == RunState.Closed ? 2 : 0, hub.Store.Open.Count);
            Assert.True(!asked || state == RunState.Closed, $"crash {crash}: shards were at work in a run that was given up");
            Assert.Equal(0, hub.Store.StagingRows);
        }
    }

    [Fact]
    public async Task Crashing_after_any_effect_of_a_broken_book_ends_incomplete_with_one_audit_entry_and_no_rows()
    {
        for (int crash = 1; crash <= 8; crash++)
        {
            var hub = new World();
            hub.Books.FailsAfter = 2;
            hub.Faults.CrashAfter = crash;

            string runId = await hub.Run();

            Assert.Equal(RunState.Incomplete, hub.Store.Runs[runId].State);
            Assert.Equal(["reconciliation.started", "reconciliation.incomplete"], hub.Audit.Entries.Select(entry => entry.Action));
            Assert.Empty(hub.Store.Open);
            Assert.Equal(0, hub.Store.StagingRows);
        }
    }

    [Fact]
    public async Task A_shard_read_while_its_rows_are_being_removed_opens_nothing()
    {
        // Contract A agrees. A repetition of its shard reads the deal only, then the run is closed and the rows go: alone, the deal would look unbilled.
        var hub = new World();
        string runId = await hub.Start("timer", Now);
        await hub.Stages().Handle(new ReconcileShard(runId, ReconcileStage.Extract, -1), CancellationToken.None);
        var shard = new ReconcileShard(runId, ReconcileStage.Match, BookKeys.ShardOf(TestBooks.Opportunity, 3));
        hub.Store.WhileReading = () => hub.Drain(1);

        await hub.Stages().Handle(shard, CancellationToken.None);

        Assert.Equal(RunState.Closed, hub.Store.Runs[runId].State);
        Assert.Equal(["ORPHAN_SUBSCRIPTION", "UNBILLED_PERIOD"], hub.Store.Open.Values.Select(open => open.Row.Kind).Order());
    }

    [Fact]
    public async Task Two_closes_at_once_close_the_run_once()
    {
        // Two shards that finish together ask for the close each; both closes have read the run before either has saved it.
        var hub = new World();
        string runId = await hub.Start("timer", Now);
        await hub.Stages().Handle(new ReconcileShard(runId, ReconcileStage.Extract, -1), CancellationToken.None);
        for (int shard = 0; shard < 3; shard++)
        {
            await hub.Stages().Handle(new ReconcileShard(runId, ReconcileStage.Match, shard), CancellationToken.None);
        }

        ReconciliationRun matching = hub.Store.Runs[runId];
        Assert.Equal(RunState.Matching, matching.State);
        var close = new CloseRun(hub.Store, hub.Audit, hub.Clock, NullLogger<CloseRun>.Instance);
        await close.Handle(matching, CancellationToken.None);
        ReconciliationRun closed = hub.Store.Runs[runId];
        hub.Clock.Now += Duration.FromMinutes(1);
        await close.Handle(matching, CancellationToken.None);

        Assert.Equal(closed, hub.Store.Runs[runId]);
        Assert.Single(hub.Audit.Entries, entry => entry.Action == "reconciliation.closed");
        Assert.Equal(2, hub.Store.Open.Count);
    }

    [Fact]
    public async Task Messages_of_an_older_run_that_arrive_late_change_nothing()
    {
        var hub = new World();
        string first = await hub.Run();
        hub.Clock.Now += Duration.FromDays(1);
        hub.Books.Live.RemoveAll(subscription => subscription.Id == "sub_c");
        string second = await hub.Run();
        (ReconciliationRun First, ReconciliationRun Second) runs = (hub.Store.Runs[first], hub.Store.Runs[second]);
        int sent = hub.Queue.Sent.Count;

        foreach (ReconcileStage stage in Enum.GetValues<ReconcileStage>())
        {
            await hub.Stages().Handle(new ReconcileShard(first, stage, stage == ReconcileStage.Match ? 1 : -1), CancellationToken.None);
        }

        Assert.Equal(runs, (hub.Store.Runs[first], hub.Store.Runs[second]));
        Assert.Equal("UNBILLED_PERIOD", Assert.Single(hub.Store.Open).Value.Row.Kind);
        Assert.Equal(sent, hub.Queue.Sent.Count);
    }

    [Fact]
    public async Task The_next_run_says_what_was_opened_what_stayed_and_what_was_resolved()
    {
        // The orphan is gone, March of B stays unbilled, and contract A loses its March invoice.
        var hub = new World();
        string first = await hub.Run();
        hub.Clock.Now += Duration.FromDays(1);
        hub.Books.Live.RemoveAll(subscription => subscription.Id == "sub_c");
        hub.Books.Issued.RemoveAll(invoice => invoice.Id == "in_a3");

        string second = await hub.Run();

        RunReport report = (await new ReconciliationView(hub.Store).Find(second, CancellationToken.None))!;
        Assert.Equal(new RunComparison(first, 1, 1, 1), report.Previous);
        Assert.Equal(2, hub.Store.Open.Count);
    }

    [Fact]
    public async Task A_subscription_without_metadata_belongs_to_the_contract_that_points_to_it()
    {
        var hub = new World();
        hub.Books.Sold[0] = TestBooks.Deal(deal => deal["Hub_Stripe_Subscription_Id__c"] = "sub_a");
        hub.Books.Live[0] = hub.Books.Live[0] with { OpportunityId = null };
        hub.Books.Issued.ForEach(invoice => Assert.NotEqual("sub_1", invoice.SubscriptionId));

        await hub.Run();

        Assert.Equal(["ORPHAN_SUBSCRIPTION", "UNBILLED_PERIOD"], hub.Store.Open.Values.Select(open => open.Row.Kind).Order());
    }

    [Fact]
    public async Task An_id_with_15_characters_and_blanks_is_the_same_contract()
    {
        var hub = new World();
        hub.Books.Live[0] = hub.Books.Live[0] with { OpportunityId = " 006000000000001 " };

        await hub.Run();

        Assert.Equal(2, hub.Store.Open.Count);
    }

    [Fact]
    public async Task Staged_rows_hold_no_personal_data()
    {
        var hub = new World();
        hub.Faults.CrashAfter = -1;
        await hub.Start("manual", null);
        await hub.Stages().Handle(new ReconcileShard(hub.Store.Runs.Keys.Single(), ReconcileStage.Extract, -1), CancellationToken.None);

        Assert.NotEmpty(hub.Store.Staged);
        Assert.All(hub.Store.Staged, row => Assert.DoesNotContain("example", row.Json, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Csv_quotes_what_needs_it_and_disarms_formulas()
    {
        var row = new DiscrepancyReport("id1", "UNBILLED_PERIOD", null, "=HYPERLINK(\"x\")", Severity.Medium, -50_000, 0, "usd", "M", "A, \"b\"\nc");

        Assert.Equal("id1,UNBILLED_PERIOD,,\"'=HYPERLINK(\"\"x\"\")\",medium,-50000,0,usd,M,\"A, \"\"b\"\"\nc\"\r\n", DiscrepancyCsv.Line(row));
        Assert.Equal(10, DiscrepancyCsv.Header.Split(',').Length);
    }

    [Fact]
    public void Every_defect_of_the_settings_is_a_line_of_its_own()
    {
        var options = new ReconciliationOptions { SyncSlaDays = -1, ReportingCurrency = "EURO", SeverityHigh = 1, Shards = 0 };

        Assert.Equal(
            [
                "Reconciliation:SyncSlaDays must lie between 0 and 60; it is '-1'.",
                "Reconciliation:ReportingCurrency must be a three-letter currency code; it is 'EURO'.",
                "Reconciliation:SeverityHigh must not be below SeverityMedium; it is '1'.",
                "Reconciliation:Shards must lie between 1 and 1024; it is '0'.",
            ],
            new ReconciliationOptionsValidator().Validate(null, options).Failures);
        Assert.True(new ReconciliationOptionsValidator().Validate(null, new ReconciliationOptions()).Succeeded);
    }
}
