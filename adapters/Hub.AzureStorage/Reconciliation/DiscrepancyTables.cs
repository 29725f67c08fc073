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
/// <remarks>
/// Where a difference belongs to no contract, its key takes the contract's place. <c>LastSeen</c> and <c>RunId</c> are the latest run that saw the
/// difference, <c>ResolvedAt</c> and <c>ResolvedBy</c> the one that resolved it; runs that are slower never set them back.
/// </remarks>
internal sealed class DiscrepancyTables(Table standing, Table byRun)
{
    private const string Open = "open";
    private const string Resolved = "resolved";

    // Only runs at once and persons get in each other's way, a few rows at a time.
    private const int MostTimes = 10;

    public async Task Save(string runId, int shard, IReadOnlyList<Discrepancy> discrepancies, Instant seenAt, CancellationToken ct)
    {
        Discrepancy[] distinct = [.. discrepancies.DistinctLast(discrepancy => discrepancy.Id)];
        await SaveCopies(runId, shard, distinct, seenAt, ct);
        await Parallel.ForEachAsync(
            distinct.GroupBy(discrepancy => TableKey.Partition(Place(discrepancy))),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct },
            async (partition, token) => await SaveStanding(new Sighting(seenAt, runId), partition, token));
    }

    public async IAsyncEnumerable<Discrepancy> OfRun(string runId, [EnumeratorCancellation] CancellationToken ct)
    {
        var rows = new List<TableEntity>();
        await foreach (TableEntity row in byRun.Query(OfRun(runId), ct))
        {
            rows.Add(row);
        }

        foreach (TableEntity row in rows.OrderBy(row => row.RowKey, StringComparer.Ordinal))
        {
            yield return Read(row);
        }
    }

    /// <summary>What this run has resolved before (cut off and repeated) is counted again, so that a repetition gives the same number.</summary>
    public async Task<int> ResolveUnseen(string runId, Instant asOf, CancellationToken ct)
    {
        var run = new Sighting(asOf, runId);
        string id = TableKey.Quoted(runId);
        string filter = $"{TableKey.StartsWith("PartitionKey", $"{TableKey.Tenant}|")} and ((Status ne '{Resolved}' and RunId ne '{id}') or ResolvedBy eq '{id}')";
        for (int time = 0; time < MostTimes; time++)
        {
            var unseen = new List<TableEntity>();
            int resolved = 0;
            await foreach (TableEntity row in standing.Query(filter, ct))
            {
                if (row.GetString("Status") == Resolved)
                {
                    resolved++;
                }
                else if (LastSeen(row) < run)
                {
                    unseen.Add(row);
                }
            }

            // Under the version that was read: a later run may be seeing the difference at this moment.
            var actions = unseen.Select(row => new TableTransactionAction(TableTransactionActionType.UpdateMerge, Resolution(row, run), row.ETag));
            if (await standing.TrySubmitAll(actions, ct))
            {
                return resolved + unseen.Count;
            }
        }

        throw Busy();
    }

    private static string OfRun(string runId) => TableKey.StartsWith("PartitionKey", $"{TableKey.Checked(runId)}|");

    private static InvalidOperationException Busy() => new($"Discrepancies were changed by others {MostTimes} times in a row.");

    private static string Place(Discrepancy discrepancy) => discrepancy.Contract ?? discrepancy.Key;

    private static Sighting LastSeen(TableEntity row) => new(row.GetInstant("LastSeen"), row.GetString("RunId"));

    // The word of a later run counts: that it saw the difference, or that it did not.
    private static bool IsSettledAfter(TableEntity row, Sighting run) => LastSeen(row) > run
        || (row.GetString("Status") == Resolved && row.FindInstant("ResolvedAt") is { } at && new Sighting(at, row.GetString("ResolvedBy")) > run);

    private static TableEntity Resolution(TableEntity row, Sighting run)
    {
        var resolution = new TableEntity(row.PartitionKey, row.RowKey) { ["Status"] = Resolved, ["ResolvedBy"] = run.RunId };
        resolution.Put("ResolvedAt", run.At);
        return resolution;
    }

    private static TableEntity Copy(string runId, int shard, Discrepancy discrepancy, Instant seenAt)
    {
        string order = $"{(int)discrepancy.Severity}|{TableKey.Greatest(discrepancy.Impact)}|{TableKey.Escaped(discrepancy.Id)}";
        TableEntity row = Columns(new TableEntity($"{TableKey.Checked(runId)}|{TableKey.Bucket(Place(discrepancy))}", TableKey.Checked(order)), discrepancy);
        row["Shard"] = shard;
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

    // A shard that was cut off and is matched again, perhaps under other settings, may find less, or rank it elsewhere in the order.
    private async Task SaveCopies(string runId, int shard, IEnumerable<Discrepancy> discrepancies, Instant seenAt, CancellationToken ct)
    {
        TableEntity[] copies = [.. discrepancies.Select(discrepancy => Copy(runId, shard, discrepancy, seenAt))];
        HashSet<(string, string)> keys = [.. copies.Select(row => (row.PartitionKey, row.RowKey))];
        var stale = new List<TableEntity>();
        await foreach (TableEntity row in byRun.Query($"{OfRun(runId)} and Shard eq {shard}", ct, "PartitionKey", "RowKey"))
        {
            if (!keys.Contains((row.PartitionKey, row.RowKey)))
            {
                stale.Add(row);
            }
        }

        await byRun.DeleteAll(stale, ct);
        await byRun.SubmitAll(copies.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), ct);
    }

    private async Task SaveStanding(Sighting run, IGrouping<string, Discrepancy> partition, CancellationToken ct)
    {
        for (int time = 0; time < MostTimes; time++)
        {
            Dictionary<string, TableEntity> known = await Known(partition.Key, partition, ct);
            IEnumerable<TableTransactionAction> actions = partition
                .DistinctLast(StandingKey)
                .Select(discrepancy => (Discrepancy: discrepancy, Known: known.GetValueOrDefault(StandingKey(discrepancy))))
                .Where(pair => pair.Known is null || !IsSettledAfter(pair.Known, run))
                .Select(pair => Standing(pair.Discrepancy, pair.Known, run));
            if (await standing.TrySubmitAll(actions, ct))
            {
                return;
            }
        }

        throw Busy();
    }

    // Under the version that was read: what another run or a person says meanwhile is read again, not overwritten.
    private static TableTransactionAction Standing(Discrepancy discrepancy, TableEntity? known, Sighting run)
    {
        TableEntity row = Columns(new TableEntity(TableKey.Partition(Place(discrepancy)), StandingKey(discrepancy)), discrepancy);
        row["RunId"] = run.RunId;
        row.Put("LastSeen", run.At);
        Reopen(row, known?.GetString("Status"), run.At);
        return known is null
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateMerge, row, known.ETag);
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

    private async Task<Dictionary<string, TableEntity>> Known(string partition, IEnumerable<Discrepancy> discrepancies, CancellationToken ct)
    {
        string[] keys = [.. discrepancies.Select(StandingKey).Order(StringComparer.Ordinal)];
        string filter = $"PartitionKey eq '{partition}' and RowKey ge '{TableKey.Quoted(keys[0])}' and RowKey le '{TableKey.Quoted(keys[^1])}'";
        var known = new Dictionary<string, TableEntity>();
        await foreach (TableEntity row in standing.Query(filter, ct))
        {
            known[row.RowKey] = row;
        }

        return known;
    }

    /// <summary>What a run says, said at the time it takes as now; runs of one time are ordered by their ids, as everywhere.</summary>
    private readonly record struct Sighting(Instant At, string RunId)
    {
        public static bool operator <(Sighting left, Sighting right) => left.CompareTo(right) < 0;

        public static bool operator >(Sighting left, Sighting right) => left.CompareTo(right) > 0;

        private int CompareTo(Sighting other) => At != other.At ? At.CompareTo(other.At) : string.CompareOrdinal(RunId, other.RunId);
    }
}
