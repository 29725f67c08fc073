using Hub.Core.StripeEvents;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Functions.StripeEvents;

public sealed class ApplyStripeEventFunction(ApplyStripeEvent handler)
{
    [Function("ApplyStripeEvent")]
    public Task Run([QueueTrigger(StripeEventQueues.StripeEvent, Connection = "HubStorage")] StripeEventReceived message, CancellationToken ct) =>
        handler.Handle(message, ct);
}
