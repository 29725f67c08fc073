using System.Globalization;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Tests.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

public sealed class BackfillTests : IProgress<BackfillAdvance>
{
    private static readonly LocalDate Since = new(2026, 1, 1);
    private static readonly Instant CutOff = Instant.FromUtc(2026, 1, 1, 0, 0);
    private readonly BackfillPorts _ports = new();
    private readonly ContractPorts _world = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2026, 10, 1, 9, 0));
    private readonly List<BackfillAdvance> _told = [];

    [Fact]
    public async Task Every_listed_opportunity_is_enqueued_once_and_the_list_is_thrown_away()
    {
        List(130);

        BackfillOutcome outcome = await Run();

        Assert.Equal(new BackfillOutcome.Finished(130, 130), outcome);
        Assert.Equal(_ports.Won.Select(won => won.Id.Value), _ports.Sent);
        Assert.True(_ports.Stored!.Finished);
        Assert.Equal(["7501"], _ports.Removed);
        Assert.Equal(new BackfillAdvance("Putting opportunities on the queue", 130, 130), _told[^1]);
    }

    [Fact]
    public async Task The_cut_off_is_the_first_moment_of_the_day_in_the_billing_zone()
    {
        List(1);

        await Run(zone: "Europe/Berlin");

        Assert.Equal((Instant.FromUtc(2025, 12, 31, 23, 0), Since), _ports.Asked);
    }

    [Fact]
    public async Task Deals_won_before_the_cut_off_are_not_touched_whatever_the_list_holds()
    {
        _ports.Won.AddRange(
            [
                new(Id(1), CutOff - Duration.FromSeconds(1), new(2026, 5, 1)), new(Id(2), CutOff, new(2020, 1, 1)),
                new(Id(3), null, new(2025, 12, 31)), new(Id(4), null, Since), new(Id(5), null, null),
            ]);

        Assert.Equal(new BackfillOutcome.Finished(2, 5), await Run());

        Assert.Equal([Id(2).Value, Id(4).Value], _ports.Sent);
    }

    // Two pages of forty, chunks of twenty-five: 80 messages, 6 writes of the progress and the two calls of the job are 88 effects.
    [Fact]
    public async Task A_run_that_dies_at_any_line_goes_on_and_repeats_at_most_a_chunk()
    {
        for (int line = 1; ; line++)
        {
            var test = new BackfillTests();
            test.List(80);
            test._ports.DieAfter = line;
            try
            {
                await test.Run();
                Assert.InRange(line, 88, 100);
                return;
            }
            catch (Killed)
            {
                await test.Run();
            }

            // Dying between the last write and the clean-up leaves a finished backfill: the same command begins a new one.
            bool again = test._ports.Sent.Count > 80 + BackfillContracts.ChunkRows;
            Assert.True(!again || test._ports.Sent.Count == 160, $"Line {line}: {test._ports.Sent.Count} messages.");
            Assert.Equal(80, test._ports.Sent.Distinct().Count());
            Assert.True(test._ports.Stored!.Finished);
        }
    }

    [Fact]
    public async Task A_limit_ends_the_run_and_the_next_one_goes_on_behind_it()
    {
        List(60);

        Assert.Equal(new BackfillOutcome.Limited(30, 30, 60), await Run(30));
        Assert.Equal(new BackfillOutcome.Finished(30, 60), await Run());

        Assert.Equal(60, _ports.Sent.Distinct().Count());
        Assert.Equal((60, 1), (_ports.Sent.Count, _ports.Jobs));
    }

    [Fact]
    public async Task A_job_that_is_still_running_is_left_to_itself_and_picked_up()
    {
        List(3);
        _ports.Ends.Enqueue(new BacklogJob.Running("InProgress"));

        Assert.Equal(new BackfillOutcome.StillRunning("7501", "InProgress"), await Run());
        Assert.Empty(_ports.Removed);
        Assert.IsType<BackfillOutcome.Finished>(await Run());

        Assert.Equal(1, _ports.Jobs);
    }

    [Fact]
    public async Task A_failed_job_a_job_that_is_gone_and_a_lost_page_lead_to_a_fresh_list()
    {
        List(80);
        _ports.Ends.Enqueue(new BacklogJob.Failed("no reason"));
        _ports.Ends.Enqueue(new BacklogJob.Complete(80));
        _ports.Lost.Add("40");

        Assert.Equal(new BackfillOutcome.Finished(80, 80), await Run());

        Assert.Equal(3, _ports.Jobs);
        Assert.Equal((120, 80), (_ports.Sent.Count, _ports.Sent.Distinct().Count()));
    }

    [Fact]
    public async Task Three_failed_jobs_are_enough()
    {
        Enumerable.Repeat(new BacklogJob.Failed("no reason"), 3).ToList().ForEach(_ports.Ends.Enqueue);

        Assert.Contains("no reason", Assert.IsType<BackfillOutcome.Failed>(await Run()).Reason, StringComparison.Ordinal);
        Assert.Equal(3, _ports.Jobs);
    }

    [Fact]
    public async Task The_backfill_waits_while_the_queue_is_busy()
    {
        List(3);
        _ports.Lengths.AddRange([500, BackfillContracts.MostWaiting + 1, BackfillContracts.MostWaiting]);
        Task<BackfillOutcome> run = Run(clock: new Instantly());

        Assert.IsType<BackfillOutcome.Finished>(await run);

        Assert.Equal(2, _told.Count(told => told.Doing == "Waiting for the queue to empty"));
        Assert.Empty(_ports.Lengths);
    }

    [Fact]
    public async Task A_queue_nobody_empties_is_named()
    {
        List(1);
        _ports.Lengths.AddRange(Enumerable.Repeat(500, 61));

        await Run(clock: new Instantly());

        Assert.Contains(_told, told => told.Doing.Contains("is the Hub running?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_runs_at_once_one_gives_way()
    {
        List(80);
        int saves = 0;
        _ports.BeforeSave = () => _ports.Stored = ++saves == 3 ? _ports.Stored! with { ETag = "W/other" } : _ports.Stored;

        Assert.Contains("Another run", Assert.IsType<BackfillOutcome.Failed>(await Run()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_happen_and_writes_nothing()
    {
        Put(1, Annual());
        Put(2, Annual().With(("Hub_Payment_Terms__c", "Net 33")));
        Put(3, Annual().With(("Hub_Hold_Billing__c", true)));
        Put(4, Annual().With(("IsWon", false)));
        _ports.Won.Add(new(Id(5), CutOff, null));

        BackfillReport report = await Preview();

        Assert.Equal(["planned", "rejected", "held", "not-won", "gone"], report.Deals.OrderBy(deal => deal.OpportunityId.Value).Select(deal => deal.Outcome));
        Assert.Equal((0, 0), (_world.Effects, _world.StripeCalls));
        Assert.Null(_ports.Stored);
        Assert.Empty(_ports.Sent);
        Assert.Equal(["7501"], _ports.Removed);
    }

    [Fact]
    public async Task A_dry_run_after_the_contract_was_billed_finds_it_unchanged()
    {
        Put(1, Annual());
        await _world.Deliver(new(Id(1).Value, ContractSources.Backfill, CutOff), _clock);
        _clock.Now += Duration.FromDays(20);

        BackfillDeal deal = Assert.Single((await Preview()).Deals);

        Assert.Equal(("unchanged", 1_200_000L, "usd"), (deal.Outcome, deal.Total, deal.Currency));
    }

    [Fact]
    public async Task The_report_counts_by_outcome_currency_and_code()
    {
        Put(1, Annual());
        Put(2, Annual());
        Put(3, Annual().With(("Hub_Payment_Terms__c", "Net 33"), ("Hub_Term_Months__c", null)));

        BackfillReport report = await Preview();
        using JsonDocument json = JsonDocument.Parse(BackfillReporting.Json(report));

        Assert.Equal("""{"planned":2,"rejected":1}""", json.RootElement.GetProperty("outcomes").GetRawText());
        Assert.Equal("""[{"currency":"usd","outcome":"planned","deals":2,"amount":2400000}]""", json.RootElement.GetProperty("totals").GetRawText());
        Assert.Equal(
            """[{"code":"payment-terms-unknown","deals":1},{"code":"term-missing","deals":1}]""", json.RootElement.GetProperty("findings").GetRawText());
        Assert.Equal(
            $"opportunityId,wonOn,outcome,currency,total,findings\r\n{Id(1).Value},2026-01-01,planned,usd,1200000,\r\n",
            string.Concat(BackfillReporting.Csv(report).Split("\r\n").Take(2).Select(line => line + "\r\n")));
        Assert.Contains("USD 24000.00 in 2 contracts", BackfillReporting.Summary(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_with_a_limit_says_that_it_is_not_the_whole()
    {
        Put(1, Annual());
        Put(2, Annual());

        BackfillReport report = await Preview(1);

        Assert.Equal((2, false, 1), (report.Listed, report.Complete, report.Deals.Length));
    }

    void IProgress<BackfillAdvance>.Report(BackfillAdvance value) => _told.Add(value);

    private static SalesforceId Id(int number) => SalesforceId.Parse("006" + number.ToString("D12", CultureInfo.InvariantCulture));

    private static Deals Annual() => Deals.New().Line("SEAT", 40, 300.00m);

    private void List(int count) =>
        _ports.Won.AddRange(Enumerable.Range(1, count).Select(number => new WonOpportunity(Id(number), CutOff + Duration.FromHours(number), Since)));

    private void Put(int number, Deals deal)
    {
        _world.Put(deal.With(("Id", Id(number).Value)).Snapshot());
        _ports.Won.Add(new(Id(number), CutOff, Since));
    }

    private Task<BackfillOutcome> Run(int? limit = null, string zone = "Etc/UTC", TimeProvider? clock = null) => new BackfillContracts(
        _ports, _ports, _ports, _ports, clock ?? _clock, Options.Create(new ContractsOptions { BillingTimeZone = zone }), NullLogger<BackfillContracts>.Instance)
        .Handle(new(Since, limit), this, CancellationToken.None);

    private async Task<BackfillReport> Preview(int? limit = null) => Assert.IsType<BackfillPreviewOutcome.Reported>(
        await new BackfillPreview(_ports, _world, _world, _world, _clock, Options.Create(new ContractsOptions()))
            .Handle(new(Since, limit), this, CancellationToken.None)).Report;

    /// <summary>Waits end at once.</summary>
    private sealed class Instantly : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
