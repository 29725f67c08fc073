using Hub.Core.Reconciliation;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Reconciliation;

public sealed class ReconcileShardFunction(ReconciliationStages handler)
{
    [Function("ReconcileShard")]
    public Task Run([QueueTrigger(ReconciliationQueues.ReconcileShard, Connection = "HubStorage")] ReconcileShard message, CancellationToken ct) =>
        handler.Handle(message, ct);
}
