using System.Collections.Immutable;
using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.Contracts;

namespace Hub.AzureStorage.Contracts;

/// <summary>Table <c>SyncState</c>: <c>alert|contract</c>, opportunity.</summary>
public sealed class ContractAlertRows(StorageClients clients) : IContractAlerts
{
    private const string Partition = "alert|contract";
    private readonly Table _table = clients.Table(TableNames.SyncState);

    public async Task Raise(ContractAlert alert, CancellationToken ct)
    {
        var row = new TableEntity(Partition, alert.OpportunityId.Value) { ["Code"] = alert.Code, ["SchemaV"] = 1 };
        row.Put("Since", alert.Since);
        await _table.InsertOrFind(row, ct);
    }

    public Task Clear(SalesforceId opportunityId, CancellationToken ct) => _table.DeleteAll([new TableEntity(Partition, opportunityId.Value)], ct);

    public async Task<ImmutableArray<ContractAlert>> List(int most, CancellationToken ct)
    {
        var alerts = new List<ContractAlert>();
        await foreach (TableEntity row in _table.Query($"PartitionKey eq '{Partition}'", ct))
        {
            alerts.Add(new(SalesforceId.Parse(row.RowKey), row.GetString("Code")!, row.GetInstant("Since")));
        }

        return [.. alerts.OrderBy(alert => alert.Since).Take(most)];
    }
}
