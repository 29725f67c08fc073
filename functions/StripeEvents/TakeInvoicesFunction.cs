using Hub.Core.Contracts;
using Hub.Core.StripeEvents;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.StripeEvents;

public sealed class TakeInvoicesFunction(TakeInvoices handler)
{
    [Function("TakeInvoices")]
    public Task Run([QueueTrigger(ContractQueues.ContractAdopted, Connection = "HubStorage")] ContractAdopted message, CancellationToken ct) =>
        handler.Handle(message, ct);
}
