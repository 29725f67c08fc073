using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>A run as the API shows it; write it with <see cref="BookJson"/>.</summary>
/// <param name="Totals">Null until the run is closed.</param>
/// <param name="Kinds">Rows and money by kind; empty until the run is closed.</param>
public sealed record RunReport(
    string RunId,
    string Trigger,
    RunState State,
    Instant AsOf,
    Instant StartedAt,
    Instant? ClosedAt,
    bool? FootOk,
    TotalsReport? Totals,
    ImmutableSortedDictionary<string, KindTotals> Kinds,
    ImmutableSortedDictionary<string, int> Severities,
    RunComparison? Previous);

public sealed record TotalsReport(int Contracts, int Matched, ImmutableSortedDictionary<string, CurrencyTotals> ByCurrency);

/// <summary>A discrepancy as the API shows it.</summary>
public sealed record DiscrepancyReport(
    string Id, string Kind, string? Contract, string Key, Severity Severity, long Realised, long AtRisk, string Currency, string? Auto, string Why)
{
    public static DiscrepancyReport Of(Discrepancy row) => new(
        row.Id, row.Kind, row.Contract, row.Key, row.Severity, row.Realised, row.AtRisk, row.Currency, row.Auto, row.Why);
}

/// <summary>Shows runs and what they found.</summary>
public sealed class ReconciliationView(IReconciliationStore store)
{
    /// <summary>Null when there is no such run.</summary>
    public async Task<RunReport?> Find(string runId, CancellationToken ct)
    {
        ReconciliationRun? run = await store.FindRun(runId, ct);
        return run is null ? null : Report(run);
    }

    /// <summary>Critical first, then by impact, then id.</summary>
    public async IAsyncEnumerable<DiscrepancyReport> Discrepancies(string runId, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (Discrepancy row in store.Discrepancies(runId, ct))
        {
            yield return DiscrepancyReport.Of(row);
        }
    }

    private static RunReport Report(ReconciliationRun run)
    {
        RunSummary? summary = run.Summary is null ? null : BookJson.Read<RunSummary>(run.Summary);
        RunTotals totals = summary?.Totals ?? RunTotals.Empty;
        return new RunReport(
            run.RunId, run.Trigger, run.State, run.AsOf, run.StartedAt, run.ClosedAt, run.FootOk,
            summary is null ? null : new TotalsReport(totals.Contracts, totals.Matched, totals.ByCurrency), totals.Kinds, totals.Severities, summary?.Previous);
    }
}
