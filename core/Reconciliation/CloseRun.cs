using System.Collections.Immutable;
using Hub.Core.Audit;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>Last stage: totals, foot test, comparison with the run before, and an end for what was not seen again.</summary>
public sealed class CloseRun(IReconciliationStore store, IAuditLog audit, TimeProvider time, ILogger<CloseRun> log)
{
    public async Task Handle(ReconciliationRun run, CancellationToken ct)
    {
        switch (run.State)
        {
            case RunState.Closed:
                await Finish(run, ct);
                return;
            case RunState.Incomplete:
                await store.DeleteRows(run.RunId, ct);
                return;
        }

        ImmutableArray<ShardResult> shards = await store.Shards(run.RunId, ct);
        if (shards.Length < run.ShardCount)
        {
            throw new InvalidOperationException($"Run {run.RunId} has {shards.Length} of {run.ShardCount} shards and cannot be closed.");
        }

        RunTotals totals = shards.Select(shard => BookJson.Read<RunTotals>(shard.Totals)).Aggregate(RunTotals.Empty, (sum, shard) => sum + shard);
        HashSet<string> listed = await Ids(run.RunId, ct);

        // Totals are added up from the shards, differences are listed from the rows: the foot holds only if both tell of the same rows.
        bool footOk = shards.All(shard => shard.FootOk) && listed.Count == shards.Sum(shard => shard.Discrepancies);
        var summary = new RunSummary(totals, await Compare(run, listed, ct));
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());

        await AppendAudit(run, summary, footOk, ct);
        await Save(run with { State = RunState.Closed, ClosedAt = now, FootOk = footOk, Summary = BookJson.Write(summary) }, ct);
        await Finish(run, ct);
        Report(run, totals, footOk);
    }

    // Of two runs at once the later one may be closed before the earlier one has stored all it saw. Whoever closes last resolves for the latest
    // closed run, which is why a run is closed first; a stop in between is made good by the repetition.
    private async Task Finish(ReconciliationRun run, CancellationToken ct)
    {
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        ReconciliationRun newest = await store.FindPreviousRun(ReconciliationRuns.Upcoming(now), ct) ?? run;
        ReconciliationRun resolver = ReconciliationRuns.IsLater(newest, run) ? newest : run;
        await store.ResolveUnseen(resolver.RunId, resolver.AsOf, ct);
        await store.DeleteRows(run.RunId, ct);
    }

    private async Task<RunComparison?> Compare(ReconciliationRun run, HashSet<string> now, CancellationToken ct)
    {
        if (await store.FindPreviousRun(run, ct) is not { } previous)
        {
            return null;
        }

        HashSet<string> before = await Ids(previous.RunId, ct);
        int open = now.Count(before.Contains);
        return new RunComparison(previous.RunId, now.Count - open, open, before.Count - open);
    }

    private async Task<HashSet<string>> Ids(string runId, CancellationToken ct)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (Discrepancy discrepancy in store.Discrepancies(runId, ct))
        {
            ids.Add(discrepancy.Id);
        }

        return ids;
    }

    private Task AppendAudit(ReconciliationRun run, RunSummary summary, bool footOk, CancellationToken ct)
    {
        string payload = CanonicalJson.Of(new
        {
            run = run.RunId,
            asOf = AuditHash.TimeText(run.AsOf),
            footOk,
            contracts = summary.Totals.Contracts,
            matched = summary.Totals.Matched,
            kinds = summary.Totals.Kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Count),
        });
        return audit.Append(new AuditEntry($"{run.RunId}-closed", "CloseRun", "reconciliation.closed", run.RunId, payload), ct);
    }

    private async Task Save(ReconciliationRun closed, CancellationToken ct)
    {
        if (await store.TrySaveRun(closed, ct) is null && await store.FindRun(closed.RunId, ct) is not { State: RunState.Closed })
        {
            // Somebody else moved the run; the queue delivers again and finds it as it is then.
            throw new InvalidOperationException($"Run {closed.RunId} changed while it was being closed.");
        }
    }

    private void Report(ReconciliationRun run, RunTotals totals, bool footOk)
    {
        if (footOk)
        {
            log.RunClosed(run.RunId, totals.Contracts, totals.Contracts - totals.Matched);
        }
        else
        {
            log.FootFailed(run.RunId);
        }
    }
}
