using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>Starts a run; repeating the same tick or call starts no second one.</summary>
public sealed class StartReconciliation(
    IReconciliationStore store, IQueueSender queue, OpenRun open, IOptions<ReconciliationOptions> options, TimeProvider time, ILogger<StartReconciliation> log)
{
    /// <summary>Returns the id of the run.</summary>
    /// <param name="trigger"><c>timer</c> or <c>manual</c>.</param>
    /// <param name="tick">The planned time of the timer, which a repeated tick repeats; null: now, a run of its own unless one of this second is under way.</param>
    public async Task<string> Handle(string trigger, Instant? tick, CancellationToken ct)
    {
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        string runId = tick is { } planned ? ReconciliationRuns.Id(planned, trigger) : await FreeId(now, trigger, ct);
        if (await store.FindRun(runId, ct) is { State: not RunState.Extracting })
        {
            return runId;
        }

        // The message comes first and can open the run by itself: a run that was stored without it would wait for ever.
        var start = new RunStart(trigger, now, options.Value.Shards);
        await queue.Send(ReconciliationQueues.ReconcileShard, new ReconcileShard(runId, ReconcileStage.Extract, -1, start), null, ct);
        await open.Handle(runId, start, ct);
        log.RunStarted(runId, trigger);
        return runId;
    }

    // Asked again within the second of a run that has ended (or while a simulated clock stands still), a person wants another run.
    private async Task<string> FreeId(Instant now, string trigger, CancellationToken ct)
    {
        const int most = 99;
        for (int number = 1; number <= most; number++)
        {
            string id = ReconciliationRuns.Id(now, trigger, number);
            if (await store.FindRun(id, ct) is not { State: RunState.Closed or RunState.Incomplete })
            {
                return id;
            }
        }

        throw new InvalidOperationException($"{most} runs were started within one second.");
    }
}
