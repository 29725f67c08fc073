using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.AzureStorage.Reconciliation;

/// <summary>
/// Table <c>Discrepancy</c>: <c>hub|bucket(contract)</c>, <c>contract|kind|key</c> – what stands now, over all runs.
/// Table <c>DiscrepancyByRun</c>: <c>run|bucket</c>, <c>severity|inverted impact|id</c> – what one run saw, worst first.
/// </summary>
/// <remarks>Where a difference belongs to no contract, its key takes the contract's place.</remarks>
internal sealed class DiscrepancyTables(Table standing, Table byRun)
{
    private const string Open = "open";
    private const string Resolved = "resolved";

    public async Task Save(string runId, IReadOnlyList<Discrepancy> discrepancies, Instant seenAt, CancellationToken ct)
    {
        Discrepancy[] distinct = [.. discrepancies.DistinctLast(discrepancy => discrepancy.Id)];
        await byRun.SubmitAll(distinct.Select(discrepancy => new TableTransactionAction(TableTransactionActionType.UpsertReplace, Copy(runId, discrepancy, seenAt))), ct);
        await Parallel.ForEachAsync(
            distinct.GroupBy(discrepancy => TableKey.Partition(Place(discrepancy))),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct },
            async (partition, token) => await SaveStanding(runId, partition, seenAt, token));
    }

    public async IAsyncEnumerable<Discrepancy> OfRun(string runId, [EnumeratorCancellation] CancellationToken ct)
    {
        var rows = new List<(string Order, Instant SeenAt, Discrepancy Discrepancy)>();
        await foreach (TableEntity row in byRun.Query(TableKey.StartsWith("PartitionKey", $"{TableKey.Checked(runId)}|"), ct))
        {
            rows.Add((row.RowKey, row.GetInstant("SeenAt"), Read(row)));
        }

        // A shard matched again may have put a difference elsewhere in the order: the later row counts.
        foreach (var row in rows.OrderBy(row => row.SeenAt).DistinctLast(row => row.Discrepancy.Id).OrderBy(row => row.Order, StringComparer.Ordinal))
        {
            yield return row.Discrepancy;
        }
    }

    /// <summary>What this run has resolved before (cut off and repeated) is counted again, so that a repetition gives the same number.</summary>
    public async Task<int> ResolveUnseen(string runId, Instant now, CancellationToken ct)
    {
        string run = TableKey.Quoted(runId);
        string filter = $"{TableKey.StartsWith("PartitionKey", $"{TableKey.Tenant}|")} and ((Status ne '{Resolved}' and RunId lt '{run}') or ResolvedBy eq '{run}')";
        var unseen = new List<TableEntity>();
        int resolved = 0;
        await foreach (TableEntity row in standing.Query(filter, ct, "PartitionKey", "RowKey", "Status"))
        {
            resolved++;
            if (row.GetString("Status") != Resolved)
            {
                unseen.Add(row);
            }
        }

        await standing.SubmitAll(unseen.Select(row => new TableTransactionAction(TableTransactionActionType.UpdateMerge, Resolution(row, runId, now), Azure.ETag.All)), ct);
        return resolved;
    }

    private static string Place(Discrepancy discrepancy) => discrepancy.Contract ?? discrepancy.Key;

    private static TableEntity Resolution(TableEntity row, string runId, Instant now)
    {
        var resolution = new TableEntity(row.PartitionKey, row.RowKey) { ["Status"] = Resolved, ["ResolvedBy"] = runId };
        resolution.Put("ResolvedAt", now);
        return resolution;
    }

    private static TableEntity Copy(string runId, Discrepancy discrepancy, Instant seenAt)
    {
        string order = $"{(int)discrepancy.Severity}|{TableKey.Greatest(discrepancy.Impact)}|{TableKey.Escaped(discrepancy.Id)}";
        TableEntity row = Columns(new TableEntity($"{TableKey.Checked(runId)}|{TableKey.Bucket(Place(discrepancy))}", TableKey.Checked(order)), discrepancy);
        row.Put("SeenAt", seenAt);
        return row;
    }

    private static TableEntity Columns(TableEntity row, Discrepancy discrepancy)
    {
        row["Id"] = discrepancy.Id;
        row["Kind"] = discrepancy.Kind;
        row["Contract"] = discrepancy.Contract;
        row["Key"] = discrepancy.Key;
        row["Severity"] = discrepancy.Severity.ToString();
        row["Realised"] = discrepancy.Realised;
        row["AtRisk"] = discrepancy.AtRisk;
        row["Ccy"] = discrepancy.Currency;
        row["ImpactRep"] = discrepancy.Impact;
        row["Auto"] = discrepancy.Auto;
        row["Why"] = discrepancy.Why;
        row["SchemaV"] = 1;
        return row;
    }

    private static Discrepancy Read(TableEntity row) => new(
        row.GetString("Id"),
        row.GetString("Kind"),
        row.GetString("Contract"),
        row.GetString("Key"),
        row.GetEnum<Severity>("Severity"),
        row.GetInt64("Realised")!.Value,
        row.GetInt64("AtRisk")!.Value,
        row.GetString("Ccy"),
        row.GetInt64("ImpactRep")!.Value,
        row.GetString("Auto"),
        row.GetString("Why"));

    private static string StandingKey(Discrepancy discrepancy) =>
        TableKey.Checked($"{TableKey.Escaped(Place(discrepancy))}|{discrepancy.Kind}|{TableKey.Escaped(discrepancy.Key)}");

    private async Task SaveStanding(string runId, IGrouping<string, Discrepancy> partition, Instant seenAt, CancellationToken ct)
    {
        Dictionary<string, string> known = await Statuses(partition.Key, partition, ct);
        var actions = partition.DistinctLast(StandingKey).Select(discrepancy =>
        {
            string key = StandingKey(discrepancy);
            TableEntity row = Columns(new TableEntity(partition.Key, key), discrepancy);
            row["RunId"] = runId;
            row.Put("LastSeen", seenAt);
            Reopen(row, known.GetValueOrDefault(key), seenAt);
            return new TableTransactionAction(TableTransactionActionType.UpsertMerge, row);
        });
        await standing.SubmitAll(actions, ct);
    }

    // What a person set (ack, fixing, waived) stays while the difference lasts; what was resolved and comes back is open again.
    private static void Reopen(TableEntity row, string? status, Instant seenAt)
    {
        if (status is null)
        {
            row.Put("FirstSeen", seenAt);
        }

        if (status is null or Resolved)
        {
            row["Status"] = Open;
            row["ResolvedBy"] = string.Empty;
        }
    }

    private async Task<Dictionary<string, string>> Statuses(string partition, IEnumerable<Discrepancy> discrepancies, CancellationToken ct)
    {
        string[] keys = [.. discrepancies.Select(StandingKey).Order(StringComparer.Ordinal)];
        string filter = $"PartitionKey eq '{partition}' and RowKey ge '{TableKey.Quoted(keys[0])}' and RowKey le '{TableKey.Quoted(keys[^1])}'";
        var statuses = new Dictionary<string, string>();
        await foreach (TableEntity row in standing.Query(filter, ct, "RowKey", "Status"))
        {
            statuses[row.RowKey] = row.GetString("Status");
        }

        return statuses;
    }
}
