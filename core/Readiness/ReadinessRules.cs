using System.Collections.Immutable;

namespace Hub.Core.Readiness;

/// <summary>What keeps the Hub from being ready.</summary>
public static class ReadinessRules
{
    /// <summary>A poll further behind than this is a reason: 30 minutes, in seconds. The poll runs every few minutes.</summary>
    public const long WatermarkLimitSeconds = 1800;

    /// <summary>More waiting messages than this in one queue are a reason.</summary>
    public const int BacklogLimit = 10_000;

    public static ReadinessReport Report(
        ImmutableArray<QueueBacklog> queues,
        ImmutableArray<WatermarkAge> watermarks,
        ImmutableArray<DependencyState> dependencies,
        LastRun? lastReconciliation)
    {
        ImmutableArray<string> reasons =
        [
            .. dependencies.Where(state => state.Problem is not null).Select(state => $"{state.Name}: {state.Problem}"),
            .. queues.Where(queue => queue.Poison > 0).Select(queue =>
                $"{queue.Poison} message(s) in {queue.Queue}-poison could not be handled and wait for a person."),
            .. queues.Where(queue => queue.Waiting > BacklogLimit).Select(queue =>
                $"{queue.Waiting} messages wait in {queue.Queue}; more than {BacklogLimit} mean the Hub is not keeping up."),
            .. watermarks.Where(mark => mark.AgeSeconds > WatermarkLimitSeconds).Select(mark =>
                $"The poll of {mark.Name} is {mark.AgeSeconds / 60} minutes behind."),
            .. lastReconciliation is { FootOk: false } run
                ? [$"The foot test of reconciliation run {run.RunId} failed: its differences do not add up to billed minus expected."]
                : Array.Empty<string>(),
        ];
        return new ReadinessReport(reasons.IsEmpty, reasons, queues, watermarks, dependencies, lastReconciliation);
    }
}
