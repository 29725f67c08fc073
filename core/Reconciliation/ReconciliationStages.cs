using System.Diagnostics;

namespace Hub.Core.Reconciliation;

/// <summary>Handles queue reconcile-shard: finds the run and hands it to its stage. Every stage is a no-op on a run that has moved on.</summary>
public sealed class ReconciliationStages(IReconciliationStore store, OpenRun open, ExtractBooks extract, MatchShard match, CloseRun close)
{
    public async Task Handle(ReconcileShard message, CancellationToken ct)
    {
        ReconciliationRun run = message.Start is { } start ? await open.Handle(message.RunId, start, ct) : await Find(message.RunId, ct);
        await (message.Stage switch
        {
            ReconcileStage.Extract => extract.Handle(run, ct),
            ReconcileStage.Match => match.Handle(run, message.Shard, ct),
            ReconcileStage.Close => close.Handle(run, ct),
            _ => throw new UnreachableException(),
        });
    }

    private async Task<ReconciliationRun> Find(string runId, CancellationToken ct) => await store.FindRun(runId, ct)
        ?? throw new InvalidOperationException($"Reconciliation run {runId} does not exist.");
}
