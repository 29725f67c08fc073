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
    private readonly Table _table = clients.Table(TableNames.BillingEffect);

    public async Task<BillingEffect> Claim(string key, string request, Instant now, CancellationToken ct)
    {
        var row = new TableEntity(TableKey.Partition(key), TableKey.Checked(key)) { ["SchemaV"] = 1 };
        row.Put("ClaimedAt", now);
        SplitText.Put(row, "Request", request);
        return Read(await _table.InsertOrFind(row, ct));
    }

    public async Task<BillingEffect?> Find(string key, CancellationToken ct) =>
        await _table.Find(TableKey.Partition(key), TableKey.Checked(key), ct) is { } row ? Read(row) : null;

    public Task Complete(string key, string resultId, Instant now, CancellationToken ct) => _table.Change(
        TableKey.Partition(key), TableKey.Checked(key), $"Billing effect {key}", Attempts, row => Complete(row, key, resultId, now, ct), ct);

    private async Task<bool> Complete(TableEntity? claimed, string key, string resultId, Instant now, CancellationToken ct)
    {
        TableEntity row = claimed ?? throw new InvalidOperationException($"Billing effect {key} was completed without a claim.");
        if (IsDone(row, resultId))
        {
            return true;
        }

        var result = new TableEntity(row.PartitionKey, row.RowKey) { [ResultId] = resultId };
        result.Put("CompletedAt", now);
        return await _table.TryMerge(result, row.ETag, ct) is not null;
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
