using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.Core.Readiness;

/// <param name="Ready">True when <paramref name="Reasons"/> is empty.</param>
/// <param name="Reasons">What a person must mend, in words.</param>
public sealed record ReadinessReport(
    bool Ready,
    ImmutableArray<string> Reasons,
    ImmutableArray<QueueBacklog> Queues,
    ImmutableArray<WatermarkAge> Watermarks,
    ImmutableArray<DependencyState> Dependencies,
    LastRun? LastReconciliation)
{
    /// <summary>Contracts that a person must look at although the Hub works, at most 100, oldest first: no reason not to be ready.</summary>
    public ImmutableArray<ContractAlert> Alerts { get; init; } = [];
}

/// <param name="Through">Null before the first poll.</param>
/// <param name="AgeSeconds">How far behind now; null before the first poll.</param>
public sealed record WatermarkAge(string Name, Instant? Through, long? AgeSeconds);

/// <param name="Problem">Null when it works.</param>
/// <param name="Note">What does not work all the same; no reason not to be ready.</param>
public sealed record DependencyState(string Name, string? Problem, string? Note = null);

public sealed record LastRun(string RunId, Instant AsOf, RunState State, bool? FootOk);

/// <summary>Whether the Hub can do its work now, and if not, why.</summary>
public sealed class ReadinessView(
    IQueueWatch queues, IWatermarks watermarks, IEnumerable<IDependencyCheck> dependencies, IReconciliationStore reconciliations,
    IContractAlerts alerts, TimeProvider time)
{
    private const int MostAlerts = 100;

    /// <summary>Name of the dependency that queues, watermarks and runs live in.</summary>
    private const string Storage = "storage";

    public async Task<ReadinessReport> Handle(CancellationToken ct)
    {
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        ImmutableArray<DependencyState> states = [.. await Task.WhenAll(dependencies.Select(dependency => Check(dependency, ct)))];

        // Without the storage behind everything else the rest would only repeat the same failure.
        return states.Any(state => state is { Name: Storage, Problem: not null })
            ? ReadinessRules.Report([], [], states, null)
            : ReadinessRules.Report(await queues.Backlogs(ct), [await Age(now, ct)], states, await Last(now, ct)) with { Alerts = await alerts.List(MostAlerts, ct) };
    }

    private static async Task<DependencyState> Check(IDependencyCheck dependency, CancellationToken ct) =>
        await dependency.Check(ct) is { } problem ? new(dependency.Name, problem) : new(dependency.Name, null, await dependency.Note(ct));

    private async Task<WatermarkAge> Age(Instant now, CancellationToken ct)
    {
        Watermark? watermark = await watermarks.Find(DetectClosedWon.WatermarkName, ct);
        return new WatermarkAge(DetectClosedWon.WatermarkName, watermark?.Through, watermark is null ? null : (long)(now - watermark.Through).TotalSeconds);
    }

    private async Task<LastRun?> Last(Instant now, CancellationToken ct)
    {
        ReconciliationRun? run = await reconciliations.FindPreviousRun(ReconciliationRuns.Upcoming(now), ct);
        return run is null ? null : new LastRun(run.RunId, run.AsOf, run.State, run.FootOk);
    }
}
