using Hub.Core.Queues;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>A person asks for an opportunity to be looked at again.</summary>
public sealed class RequestSync(IQueueSender queue, TimeProvider time)
{
    public Task Handle(SalesforceId opportunityId, CancellationToken ct) => queue.Send(
        ContractQueues.ContractSync,
        new ContractChanged(opportunityId.Value, ContractSources.Manual, Instant.FromDateTimeOffset(time.GetUtcNow())),
        null,
        ct);
}
