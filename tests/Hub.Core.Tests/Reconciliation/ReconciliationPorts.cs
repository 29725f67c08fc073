using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Hub.Core.Invoices;
using Hub.Core.Reconciliation;
using Hub.Core.Tests.Collections;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

internal sealed class InMemoryReconciliationStore(Faults? faults = null) : IReconciliationStore
{
    private readonly Dictionary<string, Dictionary<(string Kind, string Id), BookRow>> _rows = [];
    private readonly Dictionary<string, SortedDictionary<int, ShardResult>> _shards = [];
    private readonly Dictionary<string, Dictionary<string, Discrepancy>> _byRun = [];
    private int _version;

    public Dictionary<string, ReconciliationRun> Runs { get; } = [];

    /// <summary>Discrepancies that are open, with the run that saw them last.</summary>
    public Dictionary<string, (Discrepancy Row, string RunId)> Open { get; } = [];

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
        .Where(other => other.State == RunState.Closed && other.StartedAt < run.StartedAt)
        .MaxBy(other => other.StartedAt));

    public Task SaveRows(string runId, IReadOnlyList<BookRow> rows, CancellationToken ct)
    {
        foreach (BookRow row in rows)
        {
            (_rows.TryGetValue(runId, out var known) ? known : _rows[runId] = [])[(row.Kind, row.Id)] = row;
        }

        faults?.After("rows");
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<BookRow> Rows(string runId, int shard, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        foreach (BookRow row in _rows.GetValueOrDefault(runId, []).Values.Where(row => row.Shard == shard)
            .OrderBy(row => row.ContractKey, StringComparer.Ordinal).ThenBy(row => row.Kind, StringComparer.Ordinal).ThenBy(row => row.Id, StringComparer.Ordinal).ToList())
        {
            if (!_rows.GetValueOrDefault(runId, []).ContainsKey((row.Kind, row.Id)))
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

    public Task SaveDiscrepancies(string runId, IReadOnlyList<Discrepancy> discrepancies, Instant seenAt, CancellationToken ct)
    {
        foreach (Discrepancy row in discrepancies)
        {
            Open[row.Id] = (row, runId);
            (_byRun.TryGetValue(runId, out var known) ? known : _byRun[runId] = [])[row.Id] = row;
        }

        faults?.After("discrepancies");
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<Discrepancy> Discrepancies(string runId, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        foreach (Discrepancy row in _byRun.GetValueOrDefault(runId, []).Values.OrderBy(row => row.Severity).ThenByDescending(row => row.Impact).ThenBy(row => row.Id, StringComparer.Ordinal))
        {
            yield return row;
        }
    }

    public Task<int> ResolveUnseen(string runId, Instant now, CancellationToken ct)
    {
        string[] unseen = [.. Open.Where(open => open.Value.RunId != runId).Select(open => open.Key)];
        foreach (string id in unseen)
        {
            Open.Remove(id);
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

    public IAsyncEnumerable<BilledSubscription> Subscriptions(CancellationToken ct) => Stream(Live, null);

    public IAsyncEnumerable<BilledSchedule> PendingSchedules(CancellationToken ct) => Stream(Schedules, null);

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

    private static async IAsyncEnumerable<T> Stream<T>(List<T> records, int? failsAfter)
    {
        await Task.CompletedTask;
        for (int index = 0; index < records.Count; index++)
        {
            yield return index == failsAfter ? throw new HttpRequestException("The connection was closed.") : records[index];
        }
    }
}
