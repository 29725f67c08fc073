using Hub.Core.Audit;

namespace Hub.Core.Reconciliation;

/// <summary>Stores a new run and says so in the trail; whoever comes second finds it.</summary>
/// <remarks>Called by who asks for a run and by its first message, so that a run exists from the moment its first message does.</remarks>
public sealed class OpenRun(IReconciliationStore store, IAuditLog audit)
{
    public async Task<ReconciliationRun> Handle(string runId, RunStart start, CancellationToken ct)
    {
        var fresh = new ReconciliationRun(runId, start.Trigger, start.AsOf, start.AsOf, null, RunState.Extracting, start.Shards, null, null, null);
        ReconciliationRun run = await store.FindRun(runId, ct)
            ?? await store.TrySaveRun(fresh, ct)
            ?? await store.FindRun(runId, ct)
            ?? throw new InvalidOperationException($"Run {runId} could neither be stored nor found.");

        if (run.State == RunState.Extracting)
        {
            string payload = CanonicalJson.Of(new { run = runId, trigger = run.Trigger, asOf = AuditHash.TimeText(run.AsOf) });
            await audit.Append(new AuditEntry($"{runId}-started", "StartReconciliation", "reconciliation.started", runId, payload), ct);
        }

        return run;
    }
}
