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

    public async Task Complete(string key, string resultId, Instant now, CancellationToken ct)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            TableEntity row = await _table.Find(TableKey.Partition(key), TableKey.Checked(key), ct)
                ?? throw new InvalidOperationException($"Billing effect {key} was completed without a claim.");
            if (IsDone(row, resultId))
            {
                return;
            }

            var result = new TableEntity(row.PartitionKey, row.RowKey) { [ResultId] = resultId };
            result.Put("CompletedAt", now);
            if (await _table.TryMerge(result, row.ETag, ct) is not null)
            {
                return;
            }
        }

        throw new InvalidOperationException($"Billing effect {key} was changed by others {Attempts} times in a row.");
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
