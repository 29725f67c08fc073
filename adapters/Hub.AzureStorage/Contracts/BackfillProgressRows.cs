using Azure;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Text;

namespace Hub.AzureStorage.Contracts;

/// <summary>Table <c>SyncState</c>: <c>salesforce|backfill</c>, cut-off date.</summary>
public sealed class BackfillProgressRows(StorageClients clients) : IBackfillProgress
{
    private const string Partition = "salesforce|backfill";
    private readonly Table _table = clients.Table(TableNames.SyncState);

    public async Task<BackfillProgress?> Find(LocalDate since, CancellationToken ct) =>
        await _table.Find(Partition, LocalDatePattern.Iso.Format(since), ct) is { } row ? Read(row) : null;

    public async Task<BackfillProgress?> Unfinished(CancellationToken ct)
    {
        BackfillProgress? latest = null;
        await foreach (TableEntity row in _table.Query($"PartitionKey eq '{Partition}'", ct))
        {
            BackfillProgress found = Read(row);
            latest = !found.Finished && (latest is null || found.UpdatedAt > latest.UpdatedAt) ? found : latest;
        }

        return latest;
    }

    public async Task<BackfillProgress?> TrySave(BackfillProgress progress, CancellationToken ct)
    {
        var row = new TableEntity(Partition, LocalDatePattern.Iso.Format(progress.Since))
        {
            ["JobId"] = progress.JobId,
            ["Locator"] = progress.Locator,
            ["DoneInPage"] = progress.DoneInPage,
            ["Done"] = progress.Done,
            ["Finished"] = progress.Finished,
            ["SchemaV"] = 1,
        };
        row.Put("UpdatedAt", progress.UpdatedAt);
        ETag? etag = await _table.TrySave(row, progress.ETag, ct);
        return etag is { } version ? progress with { ETag = version.ToString() } : null;
    }

    private static BackfillProgress Read(TableEntity row) => new(
        LocalDatePattern.Iso.Parse(row.RowKey).Value,
        row.GetString("JobId"),
        row.GetString("Locator"),
        row.GetInt32("DoneInPage") ?? 0,
        row.GetInt64("Done") ?? 0,
        row.GetBoolean("Finished") ?? false,
        row.GetInstant("UpdatedAt"),
        row.ETag.ToString());
}
