using System.Collections.Immutable;
using System.Text.Json;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Contracts;

namespace Hub.AzureStorage.Contracts;

/// <summary>Table <c>SyncState</c>: <c>salesforce|name</c>, <c>wm</c>.</summary>
public sealed class Watermarks(StorageClients clients) : IWatermarks
{
    private const string RowKey = "wm";
    private readonly Table _table = clients.Table(TableNames.SyncState);

    public async Task<Watermark?> Find(string name, CancellationToken ct) =>
        await _table.Find(Partition(name), RowKey, ct) is { } row
            ? new Watermark(
                name,
                row.GetInstant("Watermark"),
                JsonSerializer.Deserialize<ImmutableArray<string>>(SplitText.Get(row, "Seen") ?? "[]", HubJson.Options),
                row.ETag.ToString())
            : null;

    public async Task<bool> TrySave(Watermark watermark, CancellationToken ct)
    {
        var row = new TableEntity(Partition(watermark.Name), RowKey) { ["SchemaV"] = 1 };
        row.Put("Watermark", watermark.Through);
        SplitText.Put(row, "Seen", JsonSerializer.Serialize(watermark.Seen, HubJson.Options));
        return await _table.TrySave(row, watermark.ETag, ct) is not null;
    }

    private static string Partition(string name) => $"salesforce|{TableKey.Checked(name)}";
}
