using Microsoft.Extensions.Logging;

namespace Hub.Core.Readiness;

/// <summary>Raises an error event for every poison queue that is not empty; alerts hang on the event id.</summary>
public sealed class PoisonWatch(IQueueWatch queues, ILogger<PoisonWatch> log)
{
    /// <summary>Returns how many poison queues hold messages.</summary>
    public async Task<int> Handle(CancellationToken ct)
    {
        QueueBacklog[] poisoned = [.. (await queues.Backlogs(ct)).Where(queue => queue.Poison > 0)];
        foreach (QueueBacklog queue in poisoned)
        {
            log.PoisonFound($"{queue.Queue}-poison", queue.Poison);
        }

        return poisoned.Length;
    }
}
