using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Text;

namespace Hub.AzureStorage.Contracts;

/// <summary>Table <c>SyncState</c>: <c>due|day</c>, <c>opportunity</c>.</summary>
public sealed class DueContracts(StorageClients clients) : IDueContracts
{
    private const string Prefix = "due|";
    private readonly Table _table = clients.Table(TableNames.SyncState);

    public Task Add(DueContract due, CancellationToken ct) => _table.Replace(Row(due), ct);

    public async IAsyncEnumerable<DueContract> Through(LocalDate day, [EnumeratorCancellation] CancellationToken ct)
    {
        string filter = $"PartitionKey ge '{Prefix}' and PartitionKey le '{Partition(day)}'";
        await foreach (TableEntity row in _table.Query(filter, ct, "PartitionKey", "RowKey"))
        {
            yield return new DueContract(SalesforceId.Parse(row.RowKey), LocalDatePattern.Iso.Parse(row.PartitionKey[Prefix.Length..]).Value);
        }
    }

    public Task Remove(DueContract due, CancellationToken ct) => _table.DeleteAll([Row(due)], ct);

    private static TableEntity Row(DueContract due) => new(Partition(due.Day), due.OpportunityId.Value) { ["SchemaV"] = 1, ETag = Azure.ETag.All };

    private static string Partition(LocalDate day) => Prefix + LocalDatePattern.Iso.Format(day);
}
