using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Hub.Core.Invoices;
using Hub.Core.Reconciliation;
using Hub.Core.Tests.Collections;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

internal sealed class InMemoryReconciliationStore(Faults? faults = null) : IReconciliationStore
{
    private readonly Dictionary<string, Dictionary<(string Attempt, string Key, string Kind, string Id), BookRow>> _rows = [];
    private readonly Dictionary<string, SortedDictionary<int, ShardResult>> _shards = [];
    private readonly Dictionary<string, Dictionary<int, IReadOnlyList<Discrepancy>>> _byRun = [];
    private readonly Dictionary<string, (Instant At, string RunId)> _resolved = [];
    private int _version;

    public Dictionary<string, ReconciliationRun> Runs { get; } = [];

    /// <summary>Discrepancies that are open, with the run that saw them last and the time that run took as now.</summary>
    public Dictionary<string, (Discrepancy Row, Instant At, string RunId)> Open { get; } = [];

    /// <summary>What happens elsewhere while a shard is being read, after its first row.</summary>
    public Func<Task>? WhileReading { get; set; }

    public int StagingRows => _rows.Values.Sum(rows => rows.Count);

    public IEnumerable<BookRow> Staged => _rows.Values.SelectMany(rows => rows.Values);

    public Task<ReconciliationRun?> TrySaveRun(ReconciliationRun run, CancellationToken ct)
    {
        if (Runs.GetValueOrDefault(run.RunId)?.ETag != run.ETag)
        {
            return Task.FromResult<ReconciliationRun?>(null);
        }

        Runs[run.RunId] = run with { ETag = $"v{++_version}" };
        faults?.After("run");
        return Task.FromResult<ReconciliationRun?>(Runs[run.RunId]);
    }

    public Task<ReconciliationRun?> FindRun(string runId, CancellationToken ct) => Task.FromResult(Runs.GetValueOrDefault(runId));

    public Task<ReconciliationRun?> FindPreviousRun(ReconciliationRun run, CancellationToken ct) => Task.FromResult(Runs.Values
        .Where(other => other.State == RunState.Closed && IsLater((run.StartedAt, run.RunId), (other.StartedAt, other.RunId)))
        .OrderBy(other => other.StartedAt).ThenBy(other => other.RunId, StringComparer.Ordinal)
        .LastOrDefault());

    public Task SaveRows(string runId, string attempt, IReadOnlyList<BookRow> rows, CancellationToken ct)
    {
        foreach (BookRow row in rows)
        {
            (_rows.TryGetValue(runId, out var known) ? known : _rows[runId] = [])[(attempt, row.ContractKey, row.Kind, row.Id)] = row;
        }

        faults?.After("rows");
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<BookRow> Rows(string runId, string attempt, int shard, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        foreach (var key in _rows.GetValueOrDefault(runId, []).Where(row => row.Key.Attempt == attempt && row.Value.Shard == shard).Select(row => row.Key)
            .OrderBy(key => key.Key, StringComparer.Ordinal).ThenBy(key => key.Kind, StringComparer.Ordinal).ThenBy(key => key.Id, StringComparer.Ordinal).ToList())
        {
            if (!_rows.GetValueOrDefault(runId, []).TryGetValue(key, out BookRow? row))
            {
                yield break;
            }

            yield return row;
            if (WhileReading is { } elsewhere)
            {
                WhileReading = null;
                await elsewhere();
            }
        }
    }

    public Task SaveShard(string runId, ShardResult result, CancellationToken ct)
    {
        (_shards.TryGetValue(runId, out var known) ? known : _shards[runId] = [])[result.Shard] = result;
        faults?.After("shard");
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<ShardResult>> Shards(string runId, CancellationToken ct) =>
        Task.FromResult<ImmutableArray<ShardResult>>([.. _shards.GetValueOrDefault(runId, []).Values]);

    public Task SaveDiscrepancies(string runId, int shard, IReadOnlyList<Discrepancy> discrepancies, Instant seenAt, CancellationToken ct)
    {
        (_byRun.TryGetValue(runId, out var known) ? known : _byRun[runId] = [])[shard] = discrepancies;
        foreach (Discrepancy row in discrepancies)
        {
            bool seenLater = Open.TryGetValue(row.Id, out var open) && IsLater((open.At, open.RunId), (seenAt, runId));
            bool resolvedLater = _resolved.TryGetValue(row.Id, out var resolved) && IsLater(resolved, (seenAt, runId));
            if (!seenLater && !resolvedLater)
            {
                Open[row.Id] = (row, seenAt, runId);
            }
        }

        faults?.After("discrepancies");
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<Discrepancy> Discrepancies(string runId, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        foreach (Discrepancy row in _byRun.GetValueOrDefault(runId, []).Values.SelectMany(rows => rows).OrderBy(row => row.Severity).ThenByDescending(row => row.Impact).ThenBy(row => row.Id, StringComparer.Ordinal))
        {
            yield return row;
        }
    }

    public Task<int> ResolveUnseen(string runId, Instant asOf, CancellationToken ct)
    {
        string[] unseen = [.. Open.Where(open => IsLater((asOf, runId), (open.Value.At, open.Value.RunId))).Select(open => open.Key)];
        foreach (string id in unseen)
        {
            Open.Remove(id);
            _resolved[id] = (asOf, runId);
        }

        faults?.After("resolve");
        return Task.FromResult(unseen.Length);
    }

    public Task DeleteRows(string runId, CancellationToken ct)
    {
        _rows.Remove(runId);
        faults?.After("delete");
        return Task.CompletedTask;
    }

    private static bool IsLater((Instant At, string RunId) run, (Instant At, string RunId) other) =>
        run.At != other.At ? run.At > other.At : string.CompareOrdinal(run.RunId, other.RunId) > 0;
}

/// <summary>Both books as lists; <see cref="FailsAfter"/> breaks the reading of invoices after so many.</summary>
internal sealed class InMemoryBooks : IContractedBook, IBilledBook
{
    public List<ContractedDeal> Sold { get; } = [];

    public List<BilledSubscription> Live { get; } = [];

    public List<Invoice> Issued { get; } = [];

    public List<BilledCreditNote> Credits { get; } = [];

    public List<BilledSchedule> Schedules { get; } = [];

    public int? FailsAfter { get; set; }

    /// <summary>What happens elsewhere before the first invoice is read.</summary>
    public Func<Task>? BeforeInvoices { get; set; }

    public IAsyncEnumerable<ContractedDeal> Deals(CancellationToken ct) => Stream(Sold, null);

    /// <summary>What happens elsewhere between the reading of subscriptions and that of schedules, in whichever order.</summary>
    public Action? BetweenSubscriptionsAndSchedules { get; set; }

    public IAsyncEnumerable<BilledSubscription> Subscriptions(CancellationToken ct) => AndThen(Stream(Live, null));

    public IAsyncEnumerable<BilledSchedule> PendingSchedules(CancellationToken ct) => AndThen(Stream(Schedules, null));

    public async IAsyncEnumerable<Invoice> Invoices([EnumeratorCancellation] CancellationToken ct)
    {
        if (BeforeInvoices is { } elsewhere)
        {
            BeforeInvoices = null;
            await elsewhere();
        }

        await foreach (Invoice invoice in Stream(Issued, FailsAfter))
        {
            yield return invoice;
        }
    }

    public IAsyncEnumerable<BilledCreditNote> CreditNotes(CancellationToken ct) => Stream(Credits, null);

    private async IAsyncEnumerable<T> AndThen<T>(IAsyncEnumerable<T> stream)
    {
        await foreach (T record in stream)
        {
            yield return record;
        }

        BetweenSubscriptionsAndSchedules?.Invoke();
        BetweenSubscriptionsAndSchedules = null;
    }

    private static async IAsyncEnumerable<T> Stream<T>(List<T> records, int? failsAfter)
    {
        await Task.CompletedTask;
        for (int index = 0; index < records.Count; index++)
        {
            yield return index == failsAfter ? throw new HttpRequestException("The connection was closed.") : records[index];
        }
    }
}
