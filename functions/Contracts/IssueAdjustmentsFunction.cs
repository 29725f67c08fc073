using Hub.Core.Contracts;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.Contracts;

public sealed class IssueAdjustmentsFunction(IssueAdjustments handler)
{
    [Function("IssueAdjustments")]
    public Task Run([QueueTrigger(ContractQueues.ContractAdjustment, Connection = "HubStorage")] AdjustmentDue message, CancellationToken ct) =>
        handler.Handle(message, ct);
}
