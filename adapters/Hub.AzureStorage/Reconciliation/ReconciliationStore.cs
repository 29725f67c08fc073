using System.Collections.Immutable;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.AzureStorage.Reconciliation;

/// <summary>The reconciliation's tables, one class each: runs, shards, staging rows, discrepancies.</summary>
public sealed class ReconciliationStore(StorageClients clients) : IReconciliationStore
{
    private readonly RunTable _runs = new(clients.Table(TableNames.ReconRun));
    private readonly RowTable _rows = new(clients.Table(TableNames.ReconRow));
    private readonly DiscrepancyTables _discrepancies = new(clients.Table(TableNames.Discrepancy), clients.Table(TableNames.DiscrepancyByRun));
    private readonly Table _shards = clients.Table(TableNames.ReconShard);

    public Task<ReconciliationRun?> TrySaveRun(ReconciliationRun run, CancellationToken ct) => _runs.TrySave(run, ct);

    public Task<ReconciliationRun?> FindRun(string runId, CancellationToken ct) => _runs.Find(runId, ct);

    public Task<ReconciliationRun?> FindPreviousRun(ReconciliationRun run, CancellationToken ct) => _runs.FindPrevious(run, ct);

    public Task SaveRows(string runId, string attempt, IReadOnlyList<BookRow> rows, CancellationToken ct) => _rows.Save(runId, attempt, rows, ct);

    public IAsyncEnumerable<BookRow> Rows(string runId, string attempt, int shard, CancellationToken ct) => _rows.OfShard(runId, attempt, shard, ct);

    public Task DeleteRows(string runId, CancellationToken ct) => _rows.Delete(runId, ct);

    public Task SaveDiscrepancies(string runId, int shard, IReadOnlyList<Discrepancy> discrepancies, Instant seenAt, CancellationToken ct) =>
        _discrepancies.Save(runId, shard, discrepancies, seenAt, ct);

    public IAsyncEnumerable<Discrepancy> Discrepancies(string runId, CancellationToken ct) => _discrepancies.OfRun(runId, ct);

    public Task<int> ResolveUnseen(string runId, Instant asOf, CancellationToken ct) => _discrepancies.ResolveUnseen(runId, asOf, ct);

    public async Task SaveShard(string runId, ShardResult result, CancellationToken ct)
    {
        var row = new TableEntity(TableKey.Checked(runId), $"j|{result.Shard:D4}")
        {
            ["Shard"] = result.Shard,
            ["FootOk"] = result.FootOk,
            ["Discrepancies"] = result.Discrepancies,
            ["SchemaV"] = 1,
        };
        row.Put("At", result.At);
        SplitText.Put(row, "Totals", result.Totals);
        await _shards.Replace(row, ct);
    }

    public async Task<ImmutableArray<ShardResult>> Shards(string runId, CancellationToken ct)
    {
        var shards = ImmutableArray.CreateBuilder<ShardResult>();
        await foreach (TableEntity row in _shards.Query($"PartitionKey eq '{TableKey.Quoted(runId)}' and {TableKey.StartsWith("RowKey", "j|")}", ct))
        {
            shards.Add(new ShardResult(
                row.GetInt32("Shard")!.Value,
                row.GetBoolean("FootOk")!.Value,
                row.GetInt32("Discrepancies")!.Value,
                SplitText.Get(row, "Totals") ?? string.Empty,
                row.GetInstant("At")));
        }

        return shards.ToImmutable();
    }
}
