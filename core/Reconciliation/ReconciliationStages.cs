using System.Diagnostics;

namespace Hub.Core.Reconciliation;

/// <summary>Handles queue reconcile-shard: finds the run and hands it to its stage. Every stage is a no-op on a run that has moved on.</summary>
public sealed class ReconciliationStages(IReconciliationStore store, ExtractBooks extract, MatchShard match, CloseRun close)
{
    public async Task Handle(ReconcileShard message, CancellationToken ct)
    {
        ReconciliationRun run = await store.FindRun(message.RunId, ct)
            ?? throw new InvalidOperationException($"Reconciliation run {message.RunId} does not exist.");
        await (message.Stage switch
        {
            ReconcileStage.Extract => extract.Handle(run, ct),
            ReconcileStage.Match => match.Handle(run, message.Shard, ct),
            ReconcileStage.Close => close.Handle(run, ct),
            _ => throw new UnreachableException(),
        });
    }
}
