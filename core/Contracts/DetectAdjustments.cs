using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Timer: puts every contract of which something is due on the queue.</summary>
public sealed class DetectAdjustments(IDueContracts due, IQueueSender queue, TimeProvider time, ILogger<DetectAdjustments> log)
{
    // The message first: a crash before the note is removed repeats it, which is harmless.
    public async Task Handle(CancellationToken ct)
    {
        int sent = 0;
        await foreach (DueContract found in due.Through(IssueAdjustments.Today(time), ct).WithCancellation(ct))
        {
            await queue.Send(ContractQueues.ContractAdjustment, new AdjustmentDue(found.OpportunityId.Value), null, ct);
            await due.Remove(found, ct);
            sent++;
        }

        log.AdjustmentsDue(sent);
    }
}
