using Hub.AzureStorage;
using Hub.AzureStorage.Reconciliation;
using Hub.Core.Reconciliation;
using Hub.Testing;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

/// <summary>Two runs at once. They happen before the runs of all other tests, and what they leave open is resolved after each test.</summary>
[Collection(nameof(TableNames.Discrepancy))]
public sealed class StandingDiscrepancyTests : IAsyncLifetime
{
    private static readonly Instant Three = Instant.FromUtc(1990, 3, 9, 3, 0);
    private static readonly Instant Four = Instant.FromUtc(1990, 3, 9, 4, 0);
    private static readonly Instant Five = Instant.FromUtc(1990, 3, 9, 5, 0);
    private static readonly Instant Six = Instant.FromUtc(1990, 3, 9, 6, 0);

    // Runs and a contract of its own for each test: what a run has resolved before is counted again.
    private readonly string _first = Storage.NewId("19900309T030000Z-");
    private readonly string _older = Storage.NewId("19900309T040000Z-");
    private readonly string _newer = Storage.NewId("19900309T050000Z-");
    private readonly string _last = Storage.NewId("19900309T060000Z-");
    private readonly Discrepancy _row = Found(Storage.NewId("006"));
    private ReconciliationStore _store = null!;

    public async Task InitializeAsync() => _store = new ReconciliationStore(await Storage.SharedAsync());

    public async Task DisposeAsync() => await _store.ResolveUnseen("19910101T000000Z-timer", Instant.FromUtc(1991, 1, 1, 0, 0), CancellationToken.None);

    [Fact]
    public async Task An_earlier_run_that_is_still_matching_does_not_set_back_what_a_later_one_saw()
    {
        await See(_store, _newer, Five, _row);
        await See(_store, _older, Four, _row with { Impact = 1 });

        Assert.Equal(0, await Resolve(_store, _newer, Five));
        Assert.Equal(1, await Resolve(_store, _last, Six));
    }

    [Fact]
    public async Task An_earlier_run_does_not_open_again_what_a_later_one_resolved()
    {
        await See(_store, _first, Three, _row);
        Assert.Equal(1, await Resolve(_store, _newer, Five));

        await See(_store, _older, Four, _row);

        Assert.Equal(0, await Resolve(_store, _last, Six));
    }

    [Fact]
    public async Task An_earlier_run_resolves_nothing_that_a_later_one_saw_or_that_appeared_after_its_start()
    {
        await See(_store, _first, Three, _row);
        await See(_store, _newer, Five, _row, Found(Storage.NewId("006")));

        Assert.Equal(0, await Resolve(_store, _older, Four));
    }

    [Fact]
    public async Task A_tick_that_comes_late_is_the_later_run_whatever_its_name_says()
    {
        await See(_store, _newer, Five, _row);

        Assert.Equal(1, await Resolve(_store, _older, Six));
    }

    [Fact]
    public async Task What_a_later_run_sees_while_an_earlier_one_resolves_it_stays_open()
    {
        await See(_store, _first, Three, _row);
        var meanwhile = new Meanwhile(TableNames.Discrepancy, () => See(_store, _newer, Five, _row));

        int resolved = await Resolve(await Over(meanwhile), _older, Four);

        Assert.True(meanwhile.HasHappened);
        Assert.Equal(0, resolved);
        Assert.Equal(1, await Resolve(_store, _last, Six));
    }

    [Fact]
    public async Task What_a_later_run_sees_while_an_earlier_one_stores_it_stays_the_later_ones()
    {
        await See(_store, _first, Three, _row);
        Discrepancy unknown = Found(Storage.NewId("006"));
        foreach (Discrepancy row in new[] { _row, unknown })
        {
            var meanwhile = new Meanwhile(TableNames.Discrepancy, () => See(_store, _newer, Five, row));

            await See(await Over(meanwhile), _older, Four, row);

            Assert.True(meanwhile.HasHappened);
        }

        Assert.Equal(0, await Resolve(_store, _newer, Five));
    }

    [Fact]
    public async Task A_shard_stored_again_replaces_its_list_and_no_other_shards()
    {
        string run = Storage.NewId("19900309T040000Z-");
        Discrepancy[] found = [.. Enumerable.Range(0, 120).Select(number => Found($"{_row.Contract}{number}"))];
        Discrepancy other = Found(Storage.NewId("006"));
        await _store.SaveDiscrepancies(run, 0, found, Four, CancellationToken.None);
        await _store.SaveDiscrepancies(run, 1, [other], Four, CancellationToken.None);

        await _store.SaveDiscrepancies(run, 0, [found[7] with { Severity = Severity.Critical, Impact = 9_000 }], Four, CancellationToken.None);

        Assert.Equal([found[7].Id, other.Id], (await _store.Discrepancies(run, CancellationToken.None).ToList()).Select(row => row.Id));
    }

    private static async Task<ReconciliationStore> Over(HttpMessageHandler handler) => new(Storage.Over(await Azurite.SharedAsync(), handler));

    private static Task See(ReconciliationStore store, string runId, Instant asOf, params Discrepancy[] rows) =>
        store.SaveDiscrepancies(runId, 0, rows, asOf, CancellationToken.None);

    private static Task<int> Resolve(ReconciliationStore store, string runId, Instant asOf) => store.ResolveUnseen(runId, asOf, CancellationToken.None);

    private static Discrepancy Found(string contract) =>
        new($"id-{contract}", "QUANTITY_MISMATCH", contract, contract, Severity.Low, -10, 10, "usd", 10, "P", "Sold 10, billed 9.");
}
