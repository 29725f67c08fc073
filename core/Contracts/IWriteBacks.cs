using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>What Salesforce shall show and does not show yet. Implemented by Hub.AzureStorage.</summary>
/// <remarks>
/// Per key two things are kept: the hash of the values last handed over, for good, and the values themselves until Salesforce has taken them.
/// Handing over is conditional on what was last handed over (<see cref="OwedWriteBack.Replaces"/>). Whoever reads that first, then everything the
/// values follow from, and only then hands over, never puts older values over newer ones: the newer ones changed the condition.
/// </remarks>
public interface IWriteBacks
{
    /// <summary>What was last handed over under the key; null when nothing ever was.</summary>
    Task<ShownValues?> Find(WriteBackKey key, CancellationToken ct);

    /// <summary>Stores what is owed, in as few transactions as there are limits to. Each row stands for itself.</summary>
    /// <returns>Rows that were not stored, because somebody else handed other values over first.</returns>
    Task<ImmutableArray<OwedWriteBack>> Owe(IReadOnlyCollection<OwedWriteBack> rows, CancellationToken ct);

    /// <summary>At most <paramref name="most"/> (1–1000) rows of an object that are owed and due.</summary>
    Task<ImmutableArray<PendingWriteBack>> Pending(string @object, int most, Instant now, CancellationToken ct);

    /// <summary>Takes note of what became of rows; one that was owed anew meanwhile stays owed.</summary>
    Task Settle(IReadOnlyCollection<SettledWriteBack> rows, CancellationToken ct);

    /// <summary>Makes the caller the only one who writes, until the given instant at most; null when somebody else is.</summary>
    Task<WriteBackTurn?> TryBegin(Instant now, Instant until, CancellationToken ct);

    /// <summary>Ends the turn, unless it ended already.</summary>
    Task End(WriteBackTurn turn, CancellationToken ct);
}

/// <summary>Some fields of one record.</summary>
/// <param name="Object">Salesforce object.</param>
/// <param name="Id">18-character id, or the value of the external id where the object is upserted by one.</param>
/// <param name="Part">Which of the record's fields: parts of one record are disjoint and travel together.</param>
public sealed record WriteBackKey(string Object, string Id, string Part);

/// <param name="Refused">Salesforce's error code, where it refused these values for good; else null.</param>
/// <param name="ETag">Names this state of the row.</param>
public sealed record ShownValues(WriteBackKey Key, string Hash, string? Refused, string ETag);

/// <param name="Fields">Field API name → text, number, boolean or null.</param>
/// <param name="Hash">Names the values (<see cref="WriteBackPlanning.Hash"/>).</param>
/// <param name="Account">Account whose records Salesforce locks for the write; rows of one account travel together. Empty when unknown.</param>
/// <param name="Replaces">ETag of what was handed over before; null when nothing was.</param>
public sealed record OwedWriteBack(
    WriteBackKey Key, ImmutableSortedDictionary<string, object?> Fields, string Hash, string Account, string? Replaces);

/// <param name="Attempts">How often Salesforce was too busy for it.</param>
/// <param name="ETag">Names this state of the row.</param>
public sealed record PendingWriteBack(
    WriteBackKey Key, ImmutableSortedDictionary<string, object?> Fields, string Hash, string Account, int Attempts, string ETag);

/// <summary>What became of a pending row.</summary>
/// <param name="Refused">Error code, where Salesforce refused it for good.</param>
/// <param name="Again">When to try again, where Salesforce was busy; null: done.</param>
public sealed record SettledWriteBack(PendingWriteBack Row, string? Refused, Instant? Again);

public sealed record WriteBackTurn(string ETag);

/// <summary>The invoices of a contract as far as the Hub has heard of them. Implemented by Hub.AzureStorage.</summary>
public interface IIssuedInvoices
{
    /// <summary>Drafts and void ones included, in any order.</summary>
    Task<ImmutableArray<IssuedInvoice>> Of(SalesforceId opportunityId, CancellationToken ct);
}

/// <summary>What the totals of a contract need of an invoice. Amounts are minor units of <paramref name="Currency"/>.</summary>
/// <param name="Credited">Sum of its credit notes, not negative.</param>
/// <param name="FinalizedAt">Null for a draft.</param>
public sealed record IssuedInvoice(
    string Id, Money.Currency Currency, long Total, long Credited, long Paid, bool IsVoid, Instant CreatedAt, Instant? FinalizedAt, string? Url);
