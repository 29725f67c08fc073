using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.AzureStorage.Contracts;

/// <summary>Table <c>BillingEffect</c>: <c>hub|bucket(key)</c>, <c>key</c>.</summary>
public sealed class BillingEffects(StorageClients clients) : IBillingEffects
{
    private const string ResultId = "ResultId";
    private const int Attempts = 5;
    private const int MostRemembered = 1_000;
    private readonly Table _table = clients.Table(TableNames.BillingEffect);

    // Claims this process has inserted and not completed: completing one of them needs no look at it first.
    private readonly ConcurrentDictionary<string, ETag> _own = new(StringComparer.Ordinal);

    public async Task<BillingEffect> Claim(string key, string request, Instant now, CancellationToken ct)
    {
        var row = new TableEntity(TableKey.Partition(key), TableKey.Checked(key)) { ["SchemaV"] = 1 };
        row.Put("ClaimedAt", now);
        SplitText.Put(row, "Request", request);
        TableEntity stored = await _table.InsertOrFind(row, ct);
        if (ReferenceEquals(stored, row))
        {
            Remember(key, row.ETag);
        }

        return Read(stored);
    }

    public async Task<BillingEffect?> Find(string key, CancellationToken ct) =>
        await _table.Find(TableKey.Partition(key), TableKey.Checked(key), ct) is { } row ? Read(row) : null;

    public async Task Complete(string key, string resultId, Instant now, CancellationToken ct)
    {
        if (_own.TryRemove(key, out ETag etag) && await _table.TryMerge(Result(TableKey.Partition(key), TableKey.Checked(key), resultId, now), etag, ct) is not null)
        {
            return;
        }

        await _table.Change(
            TableKey.Partition(key), TableKey.Checked(key), $"Billing effect {key}", Attempts, row => Complete(row, key, resultId, now, ct), ct);
    }

    private void Remember(string key, ETag etag)
    {
        if (_own.Count >= MostRemembered)
        {
            _own.Clear();
        }

        _own[key] = etag;
    }

    private static TableEntity Result(string partition, string row, string resultId, Instant now)
    {
        var result = new TableEntity(partition, row) { [ResultId] = resultId };
        result.Put("CompletedAt", now);
        return result;
    }

    private async Task<bool> Complete(TableEntity? claimed, string key, string resultId, Instant now, CancellationToken ct)
    {
        TableEntity row = claimed ?? throw new InvalidOperationException($"Billing effect {key} was completed without a claim.");
        if (IsDone(row, resultId))
        {
            return true;
        }

        return await _table.TryMerge(Result(row.PartitionKey, row.RowKey, resultId, now), row.ETag, ct) is not null;
    }

    private static bool IsDone(TableEntity row, string resultId) => row.GetString(ResultId) switch
    {
        null => false,
        var stored when stored == resultId => true,
        var stored => throw new InvalidOperationException($"Billing effect {row.RowKey} gave {stored} and now {resultId}."),
    };

    private static BillingEffect Read(TableEntity row) =>
        new(row.RowKey, SplitText.Get(row, "Request") ?? string.Empty, row.GetString(ResultId), row.GetInstant("ClaimedAt"));
}
