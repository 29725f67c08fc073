using Hub.AzureStorage;
using Hub.AzureStorage.Reconciliation;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

/// <summary>Each test uses runs of its own; those that look at all runs or all discrepancies use ids before all others.</summary>
[Collection(nameof(TableNames.Discrepancy))]
public sealed class ReconciliationTests : IAsyncLifetime
{
    private ReconciliationStore _store = null!;

    public async Task InitializeAsync() => _store = new ReconciliationStore(await Storage.SharedAsync());

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_run_starts_once_and_is_changed_under_its_version()
    {
        ReconciliationRun run = Run("20270309T043000Z-aa", Storage.Now);

        ReconciliationRun? started = await _store.TrySaveRun(run, CancellationToken.None);
        Assert.Null(await _store.TrySaveRun(run, CancellationToken.None));
        Assert.Null(await _store.TrySaveRun(run with { StartedAt = Storage.Now + Duration.FromDays(40) }, CancellationToken.None));
        ReconciliationRun? closed = await _store.TrySaveRun(started! with { State = RunState.Closed, FootOk = true, Attempt = "first", ClosedAt = Storage.Now, Summary = new string('s', 100_000) }, CancellationToken.None);
        Assert.Null(await _store.TrySaveRun(started with { State = RunState.Incomplete }, CancellationToken.None));

        Assert.Equal(closed, await _store.FindRun(run.RunId, CancellationToken.None));
        Assert.Equal(run with { ETag = started.ETag }, started);
        Assert.Null(await _store.FindRun("20270309T043000Z-bb", CancellationToken.None));
        Assert.Null(await _store.FindRun("no#key?", CancellationToken.None));
    }

    [Fact]
    public async Task The_previous_run_is_the_newest_closed_one_before_even_in_another_month()
    {
        await Save("19900105T000000Z-a", Instant.FromUtc(1990, 1, 5, 0, 0), RunState.Closed);
        await Save("19900110T000000Z-b", Instant.FromUtc(1990, 1, 10, 0, 0), RunState.Closed);
        await Save("19900301T000000Z-c", Instant.FromUtc(1990, 3, 1, 0, 0), RunState.Incomplete);
        await Save("19900302T000000Z-d", Instant.FromUtc(1990, 3, 2, 0, 0), RunState.Closed);

        async Task<string?> Before(string id, Instant start) => (await _store.FindPreviousRun(Run(id, start), CancellationToken.None))?.RunId;

        Assert.Equal("19900110T000000Z-b", await Before("19900301T120000Z-x", Instant.FromUtc(1990, 3, 1, 12, 0)));
        Assert.Equal("19900302T000000Z-d", await Before("19900303T000000Z-x", Instant.FromUtc(1990, 3, 3, 0, 0)));
        Assert.Equal("19900105T000000Z-a", await Before("19900110T000000Z-b", Instant.FromUtc(1990, 1, 10, 0, 0)));
        Assert.Null(await Before("19900105T000000Z-a", Instant.FromUtc(1990, 1, 5, 0, 0)));

        // A tick planned for three o'clock comes at seven, after a run by hand at six; of two runs of one instant the id decides.
        await Save("19900304T060000Z-manual", Instant.FromUtc(1990, 3, 4, 6, 0), RunState.Closed);
        await Save("19900304T060000Z-manual-02", Instant.FromUtc(1990, 3, 4, 6, 0), RunState.Closed);
        Assert.Equal("19900304T060000Z-manual-02", await Before("19900304T030000Z-timer", Instant.FromUtc(1990, 3, 4, 7, 0)));
        Assert.Equal("19900304T060000Z-manual", await Before("19900304T060000Z-manual-02", Instant.FromUtc(1990, 3, 4, 6, 0)));
        Assert.Equal("19900302T000000Z-d", await Before("19900304T060000Z-manual", Instant.FromUtc(1990, 3, 4, 6, 0)));
    }

    [Fact]
    public async Task Rows_come_back_by_shard_ordered_by_contract_then_kind_then_id()
    {
        BookRow[] rows =
        [
            new(0, "006B", "invoice", "in_2", "2"), new(0, "006B", "invoice", "in_10", "10"), new(0, "006", "deal", "006", "short key first"),
            new(0, "006B", "deal", "006B", "d"), new(1, "006C", "deal", "006C", "other shard"), new(0, "sub_1/x", "subscription", "sub_1/x", "escaped"),
        ];

        await _store.SaveRows("run-1", "first", rows, CancellationToken.None);
        await _store.SaveRows("run-1", "first", [new(0, "006B", "invoice", "in_2", "again"), new(0, "006B", "invoice", "in_2", "2b")], CancellationToken.None);
        List<BookRow> shard = await _store.Rows("run-1", "first", 0, CancellationToken.None).ToList();

        Assert.Equal(
            [("006", "006"), ("006B", "006B"), ("006B", "in_10"), ("006B", "in_2"), ("sub_1/x", "sub_1/x")],
            shard.Select(row => (row.ContractKey, row.Id)));
        Assert.Equal("2b", shard[3].Json);
        Assert.Equal([rows[4]], await _store.Rows("run-1", "first", 1, CancellationToken.None).ToList());
    }

    [Fact]
    public async Task A_record_too_large_for_one_row_is_kept_in_several_and_may_shrink()
    {
        string large = string.Concat(Enumerable.Range(0, 200_000).Select(number => $"{number},"));
        BookRow[] rows = [new(3, "006A", "deal", "006A", large), new(3, "006A", "invoice", "in_1", "{}"), new(3, "006B", "deal", "006B", new string('"', 300_000))];

        await _store.SaveRows("run-2", "first", rows, CancellationToken.None);
        Assert.Equal(rows, await _store.Rows("run-2", "first", 3, CancellationToken.None).ToList());

        await _store.SaveRows("run-2", "first", [rows[0] with { Json = "{}" }], CancellationToken.None);
        Assert.Equal([rows[0] with { Json = "{}" }, rows[1], rows[2]], await _store.Rows("run-2", "first", 3, CancellationToken.None).ToList());
    }

    [Fact]
    public async Task Thousands_of_rows_are_written_in_batches_read_in_pages_and_deleted()
    {
        BookRow[] rows = [.. Enumerable.Range(0, 1_250).Select(number => new BookRow(number % 2, $"006{number:D5}", "deal", $"006{number:D5}", "{}"))];

        await _store.SaveRows("run-3", "first", rows, CancellationToken.None);
        await _store.SaveRows("run-33", "first", rows[..2], CancellationToken.None);
        List<BookRow> even = await _store.Rows("run-3", "first", 0, CancellationToken.None).ToList();
        await Task.WhenAll(_store.DeleteRows("run-3", CancellationToken.None), _store.DeleteRows("run-3", CancellationToken.None));

        Assert.Equal(rows.Where(row => row.Shard == 0), even);
        Assert.Empty(await _store.Rows("run-3", "first", 0, CancellationToken.None).ToList());
        Assert.Single(await _store.Rows("run-33", "first", 0, CancellationToken.None).ToList());
    }

    [Fact]
    public async Task Attempts_at_an_extraction_do_not_see_each_others_rows_and_go_together()
    {
        await _store.SaveRows("run-6", "first", [new BookRow(0, "006A", "invoice", "in_1", "{}"), new BookRow(0, "006A", "deal", "006A", "{}")], CancellationToken.None);
        await _store.SaveRows("run-6", "second", [new BookRow(0, "006B", "invoice", "in_1", "{}")], CancellationToken.None);

        Assert.Equal(["006B"], (await _store.Rows("run-6", "second", 0, CancellationToken.None).ToList()).Select(row => row.ContractKey));
        Assert.Equal(2, (await _store.Rows("run-6", "first", 0, CancellationToken.None).ToList()).Count);
        await _store.DeleteRows("run-6", CancellationToken.None);
        Assert.Empty(await _store.Rows("run-6", "first", 0, CancellationToken.None).ToList());
        Assert.Empty(await _store.Rows("run-6", "second", 0, CancellationToken.None).ToList());
    }

    [Fact]
    public async Task A_record_of_which_a_part_is_missing_is_not_left_out_in_silence()
    {
        await _store.SaveRows("run-7", "first", [new BookRow(0, "006A", "deal", "006A", new string('"', 300_000)), new BookRow(0, "006B", "deal", "006B", "{}")], CancellationToken.None);
        Azure.Data.Tables.TableClient rows = (await Storage.SharedAsync()).Tables.GetTableClient(TableNames.ReconRow);
        await rows.DeleteEntityAsync("run-7|first|0000", "006A!deal!006A!001");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _store.Rows("run-7", "first", 0, CancellationToken.None).ToList());
    }

    [Fact]
    public async Task A_shards_result_replaces_its_earlier_one()
    {
        await _store.SaveShard("run-4", new ShardResult(1, false, 9, "{}", Storage.Now), CancellationToken.None);
        await _store.SaveShard("run-4", new ShardResult(1, true, 2, new string('t', 70_000), Storage.Now), CancellationToken.None);
        await _store.SaveShard("run-4", new ShardResult(0, true, 0, "{}", Storage.Now), CancellationToken.None);

        Assert.Equal(
            (ShardResult[])[new ShardResult(0, true, 0, "{}", Storage.Now), new ShardResult(1, true, 2, new string('t', 70_000), Storage.Now)],
            (await _store.Shards("run-4", CancellationToken.None)).AsEnumerable());
    }

    [Fact]
    public async Task Discrepancies_are_listed_worst_first_and_a_replay_adds_none()
    {
        Discrepancy[] found =
        [
            Found("c", Severity.Low, 10), Found("b", Severity.Critical, 500), Found("a", Severity.Critical, 500), Found("d", Severity.Critical, 9_000),
            Found("e", Severity.Info, 0) with { Contract = null, Key = "in_1/tax" },
        ];

        await _store.SaveDiscrepancies("run-5", 0, found, Storage.Now, CancellationToken.None);
        await _store.SaveDiscrepancies("run-5", 0, found, Storage.Now + Duration.FromMinutes(1), CancellationToken.None);
        await _store.SaveDiscrepancies("run-5", 0, [found[0] with { Severity = Severity.High, Impact = 20 }, .. found[1..]], Storage.Now + Duration.FromMinutes(2), CancellationToken.None);
        List<Discrepancy> listed = await _store.Discrepancies("run-5", CancellationToken.None).ToList();

        Assert.Equal(["d", "a", "b", "c", "e"], listed.Select(discrepancy => discrepancy.Id));
        Assert.Equal(found[4], listed[4]);
        Assert.Equal(20, listed[3].Impact);
        Assert.Empty(await _store.Discrepancies("run-55", CancellationToken.None).ToList());
    }

    [Fact]
    public async Task What_a_later_run_no_longer_sees_is_resolved_once_and_opens_again_when_it_returns()
    {
        Discrepancy[] found = [.. Enumerable.Range(0, 120).Select(number => Found($"x{number}", Severity.Low, number) with { Contract = $"006{number}" })];
        await _store.SaveDiscrepancies("a-run-1", 0, found, Storage.Now, CancellationToken.None);
        Assert.Equal(0, await _store.ResolveUnseen("a-run-1", Storage.Now, CancellationToken.None));

        await _store.SaveDiscrepancies("a-run-2", 0, found[..20], Storage.Now, CancellationToken.None);
        Assert.Equal(100, await _store.ResolveUnseen("a-run-2", Storage.Now, CancellationToken.None));
        Assert.Equal(100, await _store.ResolveUnseen("a-run-2", Storage.Now, CancellationToken.None));

        await _store.SaveDiscrepancies("a-run-3", 0, found[..30], Storage.Now, CancellationToken.None);
        Assert.Equal(0, await _store.ResolveUnseen("a-run-3", Storage.Now, CancellationToken.None));
        Assert.Equal(30, await _store.ResolveUnseen("a-run-4", Storage.Now, CancellationToken.None));
        Assert.Equal(90, await _store.ResolveUnseen("a-run-2", Storage.Now, CancellationToken.None));
    }

    private static ReconciliationRun Run(string id, Instant started) => new(id, "manual", Storage.Now, started, null, RunState.Extracting, 4, null, null, null);

    private static Discrepancy Found(string id, Severity severity, long impact) =>
        new(id, "QUANTITY_MISMATCH", "006A", $"006A/{id}", severity, -impact, impact, "usd", impact, "P", "Sold 10, billed 9.");

    private async Task Save(string id, Instant started, RunState state) =>
        Assert.NotNull(await _store.TrySaveRun(Run(id, started) with { State = state }, CancellationToken.None));
}
