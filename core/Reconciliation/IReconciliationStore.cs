using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>Runs, their shards and what they found, in Table Storage. Implemented by Hub.AzureStorage (tables ReconRun, ReconShard, ReconRow, Discrepancy, DiscrepancyByRun).</summary>
public interface IReconciliationStore
{
    /// <summary>Inserts or (with ETag) replaces the run; null when somebody else changed it first.</summary>
    Task<ReconciliationRun?> TrySaveRun(ReconciliationRun run, CancellationToken ct);

    Task<ReconciliationRun?> FindRun(string runId, CancellationToken ct);

    /// <summary>The newest closed run before this one; null when there is none.</summary>
    Task<ReconciliationRun?> FindPreviousRun(ReconciliationRun run, CancellationToken ct);

    /// <summary>Stores extracted rows of one side by shard; the same run, side and key written again replaces the row.</summary>
    Task SaveRows(string runId, IReadOnlyList<BookRow> rows, CancellationToken ct);

    /// <summary>All rows of one shard, ordered by contract key, then kind and id.</summary>
    IAsyncEnumerable<BookRow> Rows(string runId, int shard, CancellationToken ct);

    /// <summary>Records a shard's result; replaces an earlier result of the same shard.</summary>
    Task SaveShard(string runId, ShardResult result, CancellationToken ct);

    Task<ImmutableArray<ShardResult>> Shards(string runId, CancellationToken ct);

    /// <summary>Upserts the discrepancies of one shard under their deterministic keys, and the run's own copy ordered worst first.</summary>
    Task SaveDiscrepancies(string runId, IReadOnlyList<Discrepancy> discrepancies, Instant seenAt, CancellationToken ct);

    /// <summary>The run's discrepancies, critical first, then by impact, then id.</summary>
    IAsyncEnumerable<Discrepancy> Discrepancies(string runId, CancellationToken ct);

    /// <summary>Marks discrepancies that were open before and were not seen in this (complete) run as resolved; returns how many.</summary>
    Task<int> ResolveUnseen(string runId, Instant now, CancellationToken ct);

    /// <summary>Removes a closed run's staging rows.</summary>
    Task DeleteRows(string runId, CancellationToken ct);
}

/// <summary>One record of one book, laid out for matching.</summary>
/// <param name="Kind">Which stream: <c>deal</c>, <c>subscription</c>, <c>schedule</c>, <c>invoice</c>, <c>credit-note</c>.</param>
/// <param name="Id">Record id in its system; unique within the kind.</param>
/// <param name="Json">The record; the concept owns its form.</param>
public sealed record BookRow(int Shard, string ContractKey, string Kind, string Id, string Json);

public enum RunState
{
    Extracting,
    Matching,
    Closed,

    /// <summary>A side could not be read to the end: nothing was opened and nothing closed.</summary>
    Incomplete,
}

/// <param name="RunId">Sortable and unique, letters, digits and hyphens.</param>
/// <param name="Trigger"><c>timer</c> or <c>manual</c>.</param>
/// <param name="AsOf">The instant the run takes as now.</param>
/// <param name="FootOk">Null until closed. Foot: sum of realised differences = billed − expected, per contract.</param>
/// <param name="Summary">Totals as JSON: contracts, matched, expected and billed per currency, rows per kind and severity.</param>
public sealed record ReconciliationRun(
    string RunId,
    string Trigger,
    Instant AsOf,
    Instant StartedAt,
    Instant? ClosedAt,
    RunState State,
    int ShardCount,
    bool? FootOk,
    string? Summary,
    string? ETag);

/// <param name="Totals">The shard's share of the run's totals as JSON; the concept owns its form.</param>
public sealed record ShardResult(int Shard, bool FootOk, int Discrepancies, string Totals, Instant At);

public enum Severity
{
    Critical,
    High,
    Medium,
    Low,
    Info,
}

/// <summary>A difference between the two books that a person must explain.</summary>
/// <param name="Id">Stable hash of contract, kind and key.</param>
/// <param name="Kind">Code such as <c>QUANTITY_MISMATCH</c>.</param>
/// <param name="Contract">18-character id of the contract's root opportunity; null where the row belongs to none.</param>
/// <param name="Realised">Stripe − Salesforce on what is invoiced or due, minor units of <paramref name="Currency"/>.</param>
/// <param name="AtRisk">The same cause over the remaining contracted periods.</param>
/// <param name="Currency">Lower case.</param>
/// <param name="Impact">max(|realised|, |at risk|) in minor units of the reporting currency; orders rows.</param>
/// <param name="Auto"><c>A</c>, <c>P</c>, <c>M</c> or null.</param>
public sealed record Discrepancy(
    string Id,
    string Kind,
    string? Contract,
    string Key,
    Severity Severity,
    long Realised,
    long AtRisk,
    string Currency,
    long Impact,
    string? Auto,
    string Why);
