using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure.Identity;
using Hub.AzureStorage.Tables;
using Hub.Core.Contracts;
using Hub.Core.Readiness;

namespace Hub.AzureStorage.Readiness;

/// <summary>Reads one row and one queue's properties with the Hub's own credential.</summary>
public sealed class StorageCheck(StorageSettings settings, IServiceProvider services) : IDependencyCheck
{
    public string Name => "storage";

    public async Task<string?> Check(CancellationToken ct)
    {
        if (settings.Defects() is { IsEmpty: false } defects)
        {
            return string.Join(' ', defects);
        }

        try
        {
            // Asked for late: making the clients throws where the settings are defective.
            var clients = (StorageClients)services.GetService(typeof(StorageClients))!;
            await Probe(clients.Tables.GetTableClient(TableNames.SyncState), ct);
            bool exists = await clients.Queues.GetQueueClient(ContractQueues.ContractSync).ExistsAsync(ct);
            return exists ? null : $"Queue {ContractQueues.ContractSync} does not exist in the storage account; deploy the infrastructure or create it.";
        }
        catch (RequestFailedException refused)
        {
            return Words(refused);
        }
        catch (AuthenticationFailedException)
        {
            return "No identity could sign in to the storage account; check HubStorage__credential and HubStorage__clientId.";
        }
        catch (AggregateException)
        {
            // What the pipeline throws after its last retry where nothing answers.
            return "The storage account does not answer; check HubStorage and the network.";
        }
    }

    private static async Task Probe(TableClient table, CancellationToken ct)
    {
        try
        {
            await table.GetEntityAsync<TableEntity>(TableKey.Tenant, "none", cancellationToken: ct);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode is { } code && code == TableErrorCode.ResourceNotFound)
        {
            // The table answered: that the row is not there was expected.
        }
    }

    private static string Words(RequestFailedException refused) => refused switch
    {
        { Status: 401 or 403 } => "The storage account refuses the Hub; check its key or its roles (Storage Table and Queue Data Contributor).",
        { Status: 404 } when refused.ErrorCode is { } code && code == TableErrorCode.TableNotFound => $"Table {TableNames.SyncState} does not exist in the storage account; deploy the infrastructure or create it.",
        { Status: 0 } => "The storage account does not answer; check HubStorage and the network.",
        _ => $"The storage account answers {refused.Status} {refused.ErrorCode}.",
    };
}
