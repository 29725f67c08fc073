using System.Collections.Immutable;

namespace Hub.Core.Reconciliation;

/// <param name="Expected">Net of the due and the invoiced periods less concessions, minor units.</param>
/// <param name="Billed">Net of the final invoices less credit notes of the same contracts, minor units.</param>
public sealed record CurrencyTotals(long Expected, long Billed);

/// <param name="Realised">Minor units per currency.</param>
/// <param name="AtRisk">Minor units per currency.</param>
public sealed record KindTotals(int Count, ImmutableSortedDictionary<string, long> Realised, ImmutableSortedDictionary<string, long> AtRisk);

/// <summary>What a run, or a shard of it, comes to.</summary>
/// <param name="Contracts">Contracts compared.</param>
/// <param name="Matched">Those without a row.</param>
/// <param name="Kinds">By code.</param>
/// <param name="Severities">Rows by severity, lower case.</param>
public sealed record RunTotals(
    int Contracts,
    int Matched,
    ImmutableSortedDictionary<string, CurrencyTotals> ByCurrency,
    ImmutableSortedDictionary<string, KindTotals> Kinds,
    ImmutableSortedDictionary<string, int> Severities)
{
    public static RunTotals Empty { get; } = new(
        0, 0, ImmutableSortedDictionary<string, CurrencyTotals>.Empty, ImmutableSortedDictionary<string, KindTotals>.Empty, ImmutableSortedDictionary<string, int>.Empty);

    public static RunTotals Of(ContractVerdict verdict) => new(
        verdict.Compared ? 1 : 0,
        verdict.Compared && verdict.Rows.IsEmpty ? 1 : 0,
        verdict.Compared ? Alone(verdict.Currency, new CurrencyTotals(verdict.Expected, verdict.Billed)) : Empty.ByCurrency,
        verdict.Rows.Aggregate(Empty.Kinds, (kinds, row) => Merge(kinds, Alone(row.Kind, KindOf(row)), Add)),
        verdict.Rows.Aggregate(Empty.Severities, (counts, row) => Merge(counts, Alone(Name(row.Severity), 1), (left, right) => left + right)));

    public static RunTotals operator +(RunTotals left, RunTotals right) => new(
        left.Contracts + right.Contracts,
        left.Matched + right.Matched,
        Merge(left.ByCurrency, right.ByCurrency, (one, other) => new CurrencyTotals(one.Expected + other.Expected, one.Billed + other.Billed)),
        Merge(left.Kinds, right.Kinds, Add),
        Merge(left.Severities, right.Severities, (one, other) => one + other));

    /// <summary>Name of a severity in files and APIs.</summary>
    public static string Name(Severity severity) => severity.ToString().ToLowerInvariant();

    private static KindTotals KindOf(Discrepancy row) => new(1, Alone(row.Currency, row.Realised), Alone(row.Currency, row.AtRisk));

    private static KindTotals Add(KindTotals left, KindTotals right) => new(
        left.Count + right.Count,
        Merge(left.Realised, right.Realised, (one, other) => one + other),
        Merge(left.AtRisk, right.AtRisk, (one, other) => one + other));

    private static ImmutableSortedDictionary<string, T> Alone<T>(string key, T value) =>
        ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal).Add(key, value);

    private static ImmutableSortedDictionary<string, T> Merge<T>(
        ImmutableSortedDictionary<string, T> left, ImmutableSortedDictionary<string, T> right, Func<T, T, T> add) => right.Aggregate(
            left.WithComparers(StringComparer.Ordinal),
            (merged, pair) => merged.SetItem(pair.Key, merged.TryGetValue(pair.Key, out T? known) ? add(known, pair.Value) : pair.Value));
}

/// <summary>What a closed run keeps of itself.</summary>
/// <param name="Previous">Null for the first run.</param>
public sealed record RunSummary(RunTotals Totals, RunComparison? Previous);

/// <summary>This run beside the one before.</summary>
/// <param name="Opened">Discrepancies that were not there before.</param>
/// <param name="Open">Those that were there and still are.</param>
/// <param name="Resolved">Those that are gone.</param>
public sealed record RunComparison(string RunId, int Opened, int Open, int Resolved);
