using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>Runs, their shards and what they found, in Table Storage. Implemented by Hub.AzureStorage (tables ReconRun, ReconShard, ReconRow, Discrepancy, DiscrepancyByRun).</summary>
public interface IReconciliationStore
{
    /// <summary>Inserts or (with ETag) replaces the run; null when somebody else changed it first.</summary>
    Task<ReconciliationRun?> TrySaveRun(ReconciliationRun run, CancellationToken ct);

    Task<ReconciliationRun?> FindRun(string runId, CancellationToken ct);

    /// <summary>The newest closed run that started before this one (of those started together: with the id before); null when there is none.</summary>
    Task<ReconciliationRun?> FindPreviousRun(ReconciliationRun run, CancellationToken ct);

    /// <summary>Stores what one attempt at the extraction has read, by shard; attempts do not see each other's rows.</summary>
    Task SaveRows(string runId, string attempt, IReadOnlyList<BookRow> rows, CancellationToken ct);

    /// <summary>All rows of one shard that the attempt stored, ordered by contract key, then kind and id.</summary>
    /// <exception cref="InvalidOperationException">While enumerating: a record is there only in part.</exception>
    IAsyncEnumerable<BookRow> Rows(string runId, string attempt, int shard, CancellationToken ct);

    /// <summary>Records a shard's result; replaces an earlier result of the same shard.</summary>
    Task SaveShard(string runId, ShardResult result, CancellationToken ct);

    Task<ImmutableArray<ShardResult>> Shards(string runId, CancellationToken ct);

    /// <summary>
    /// Stores all discrepancies of one shard: the run's own copy, which replaces what the shard stored before, and what stands over all runs, under
    /// their deterministic keys. What stands keeps the word of a later run, be it that it saw the difference or that it resolved it.
    /// </summary>
    /// <param name="seenAt">The run's <see cref="ReconciliationRun.AsOf"/>: with the id it orders runs.</param>
    Task SaveDiscrepancies(string runId, int shard, IReadOnlyList<Discrepancy> discrepancies, Instant seenAt, CancellationToken ct);

    /// <summary>The run's discrepancies, critical first, then by impact, then id.</summary>
    IAsyncEnumerable<Discrepancy> Discrepancies(string runId, CancellationToken ct);

    /// <summary>Marks as resolved what earlier runs saw last, this (complete) one and later ones not; returns how many.</summary>
    /// <param name="asOf">The run's <see cref="ReconciliationRun.AsOf"/>.</param>
    Task<int> ResolveUnseen(string runId, Instant asOf, CancellationToken ct);

    /// <summary>Removes a closed run's staging rows, those of every attempt.</summary>
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
/// <param name="Attempt">The extraction whose rows are matched: the first that read both books to the end; null until there is one.</param>
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
    string? ETag,
    string? Attempt = null);

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
