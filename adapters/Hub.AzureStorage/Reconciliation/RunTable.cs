using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.AzureStorage.Reconciliation;

/// <summary>
/// Table <c>ReconRun</c>: <c>hub|yyyyMM</c>, <c>inverted start ticks|run</c> holds a run, newest first;
/// <c>hub|run</c>, <c>run</c> finds it by its id.
/// </summary>
internal sealed class RunTable(Table table)
{
    private const string Pointers = $"{TableKey.Tenant}|run";

    public async Task<ReconciliationRun?> TrySave(ReconciliationRun run, CancellationToken ct)
    {
        TableEntity row = Row(run);
        if (run.ETag is null)
        {
            // The pointer first, and only once: it also keeps a second run of the same id from starting under another time.
            var pointer = new TableEntity(Pointers, TableKey.Checked(run.RunId)) { ["Partition"] = row.PartitionKey, ["Row"] = row.RowKey };
            TableEntity stored = await table.InsertOrFind(pointer, ct);
            if (stored.GetString("Row") != row.RowKey && await Find(run.RunId, ct) is not null)
            {
                return null;
            }

            // A pointer without a run was left by a crash between the two writes; the run takes its place.
            (row.PartitionKey, row.RowKey) = (stored.GetString("Partition"), stored.GetString("Row"));
        }
        else if (await Locate(run.RunId, ct) is { } place)
        {
            (row.PartitionKey, row.RowKey) = place;
        }

        ETag? etag = await table.TrySave(row, run.ETag, ct);
        return etag is { } version ? run with { ETag = version.ToString() } : null;
    }

    public async Task<ReconciliationRun?> Find(string runId, CancellationToken ct) =>
        await Locate(runId, ct) is { } place && await table.Find(place.Partition, place.Row, ct) is { } row ? Read(row) : null;

    public async Task<ReconciliationRun?> FindPrevious(ReconciliationRun run, CancellationToken ct)
    {
        // A late tick is named by its planned time: runs are ordered by when they started, by their ids only within one instant.
        string month = Month(run.StartedAt);
        string start = TableKey.Newest(run.StartedAt);
        string id = TableKey.Quoted(run.RunId);
        string closed = $"State eq '{nameof(RunState.Closed)}' and RunId ne '{id}'";
        string startedBefore = $"(RowKey ge '{start}}}' or (RowKey ge '{start}|' and RunId lt '{id}'))";
        return await Newest($"PartitionKey eq '{month}' and {startedBefore} and {closed}", ct)
            ?? await Newest($"PartitionKey ge '{TableKey.Tenant}|0' and PartitionKey lt '{month}' and {closed}", ct);
    }

    private static string Month(Instant instant) => $"{TableKey.Tenant}|{instant.ToDateTimeUtc().ToString("yyyyMM", CultureInfo.InvariantCulture)}";

    private static TableEntity Row(ReconciliationRun run)
    {
        var row = new TableEntity(Month(run.StartedAt), $"{TableKey.Newest(run.StartedAt)}|{TableKey.Checked(run.RunId)}")
        {
            ["RunId"] = run.RunId,
            ["Kind"] = run.Trigger,
            ["State"] = run.State.ToString(),
            ["ShardCount"] = run.ShardCount,
            ["FootOk"] = run.FootOk,
            ["Attempt"] = run.Attempt,
            ["SchemaV"] = 1,
        };
        row.Put("CutoffT", run.AsOf);
        row.Put("StartedAt", run.StartedAt);
        row.Put("ClosedAt", run.ClosedAt);
        SplitText.Put(row, "Summary", run.Summary);
        return row;
    }

    private static ReconciliationRun Read(TableEntity row) => new(
        row.GetString("RunId"),
        row.GetString("Kind"),
        row.GetInstant("CutoffT"),
        row.GetInstant("StartedAt"),
        row.FindInstant("ClosedAt"),
        row.GetEnum<RunState>("State"),
        row.GetInt32("ShardCount")!.Value,
        row.GetBoolean("FootOk"),
        SplitText.Get(row, "Summary"),
        row.ETag.ToString(),
        row.GetString("Attempt"));

    private async Task<(string Partition, string Row)?> Locate(string runId, CancellationToken ct) =>
        TableKey.CanBe(runId) && await table.Find(Pointers, runId, ct) is { } pointer ? (pointer.GetString("Partition"), pointer.GetString("Row")) : null;

    private async Task<ReconciliationRun?> Newest(string filter, CancellationToken ct)
    {
        ReconciliationRun? newest = null;
        await foreach (TableEntity row in table.Query(filter, ct))
        {
            ReconciliationRun run = Read(row);
            newest = newest is null || IsNewer(run, newest) ? run : newest;
        }

        return newest;
    }

    private static bool IsNewer(ReconciliationRun run, ReconciliationRun other) =>
        run.StartedAt != other.StartedAt ? run.StartedAt > other.StartedAt : string.CompareOrdinal(run.RunId, other.RunId) > 0;
}
