using Hub.Core.Contracts;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Contracts;

public sealed class SyncContractsFunction(SyncContracts handler)
{
    [Function("SyncContracts")]
    public Task Run([QueueTrigger(ContractQueues.ContractSyncBatch, Connection = "HubStorage")] ContractsChanged message, CancellationToken ct) =>
        handler.Handle(message, ct);
}
