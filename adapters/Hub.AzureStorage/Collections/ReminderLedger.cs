using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Collections;

namespace Hub.AzureStorage.Collections;

/// <summary>Table <c>Reminder</c>: <c>hub|bucket(customer)</c>, <c>customer|invoice|step</c>.</summary>
public sealed class ReminderLedger(StorageClients clients) : IReminderLedger
{
    private readonly Table _table = clients.Table(TableNames.Reminder);

    public async Task<ReminderEntry> Claim(ReminderEntry claim, CancellationToken ct) =>
        Read(await _table.InsertOrFind(Row(claim), ct));

    public async Task<bool> TrySave(ReminderEntry entry, CancellationToken ct) =>
        await _table.TrySave(Row(entry), entry.ETag, ct) is not null;

    public async Task<IReadOnlyList<ReminderEntry>> OfInvoice(string customerId, string invoiceId, CancellationToken ct)
    {
        string filter = $"PartitionKey eq '{TableKey.Partition(customerId)}' and {TableKey.StartsWith("RowKey", $"{customerId}|{invoiceId}|")}";
        var entries = new List<ReminderEntry>();
        await foreach (TableEntity row in _table.Query(filter, ct))
        {
            entries.Add(Read(row));
        }

        return entries;
    }

    private static TableEntity Row(ReminderEntry entry)
    {
        var row = new TableEntity(TableKey.Partition(entry.CustomerId), TableKey.Checked($"{entry.CustomerId}|{entry.InvoiceId}|{entry.Step}"))
        {
            ["CustomerId"] = entry.CustomerId,
            ["InvoiceId"] = entry.InvoiceId,
            ["Step"] = entry.Step,
            ["State"] = entry.State.ToString(),
            ["OperationId"] = entry.OperationId,
            ["Reason"] = entry.Reason,
            ["SchemaV"] = 1,
        };
        row.Put("At", entry.At);
        return row;
    }

    private static ReminderEntry Read(TableEntity row) => new(
        row.GetString("CustomerId"),
        row.GetString("InvoiceId"),
        row.GetString("Step"),
        row.GetEnum<ReminderState>("State"),
        row.GetString("OperationId"),
        row.GetString("Reason"),
        row.GetInstant("At"),
        row.ETag.ToString());
}
