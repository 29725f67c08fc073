using Hub.Core.Contracts;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Contracts;

public sealed class SyncContractFunction(SyncContract handler)
{
    [Function("SyncContract")]
    public Task Run([QueueTrigger(ContractQueues.ContractSync, Connection = "HubStorage")] ContractChanged message, CancellationToken ct) =>
        handler.Handle(message, ct);
}
