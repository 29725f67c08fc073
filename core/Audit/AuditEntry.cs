using NodaTime;

namespace Hub.Core.Audit;

/// <summary>Something the Hub decided or did, as handed to the audit trail.</summary>
/// <param name="EventId">Deterministic: repeating the same effect repeats the same id, and the trail keeps one entry. No <c>/ \ # ?</c>.</param>
/// <param name="Actor">Who: a function's name, or the person behind a call.</param>
/// <param name="Action">What, as verb and noun, such as <c>contract.applied</c>.</param>
/// <param name="Subject">Record it is about: opportunity, invoice, run. The subject decides the chain.</param>
/// <param name="Payload">JSON with sorted keys and no white space; ids, counts and amounts, no personal data; at most 32 KB.</param>
public sealed record AuditEntry(string EventId, string Actor, string Action, string Subject, string Payload);

/// <summary>An entry as stored in its chain.</summary>
/// <param name="Chain">Two hex digits, 00–0f.</param>
/// <param name="Seq">Counts from 1 over all months of the chain.</param>
/// <param name="Prev">Hash of the entry before; 64 zeros for the first.</param>
/// <param name="PayloadHash">SHA-256 of the payload's UTF-8 bytes, lower-case hex.</param>
/// <param name="Hash">SHA-256 over the length-prefixed fields; see <c>AuditHash</c>.</param>
public sealed record ChainedEntry(
    int Version, string Chain, long Seq, string Prev, AuditEntry Entry, Instant Time, string PayloadHash, string Hash);

/// <summary>The append-only, hash-chained audit trail. Implemented by Hub.AzureStorage (table AuditChain).</summary>
public interface IAuditLog
{
    /// <summary>Appends the entry to the chain of its subject; an event id that is in the chain already is a no-op.</summary>
    Task Append(AuditEntry entry, CancellationToken ct);
}

/// <summary>Reads the trail. Implemented by Hub.AzureStorage.</summary>
public interface IAuditReader
{
    /// <summary>The entries about one subject, oldest first.</summary>
    IAsyncEnumerable<ChainedEntry> History(string subject, CancellationToken ct);

    /// <summary>One chain in order of seq.</summary>
    IAsyncEnumerable<ChainedEntry> Chain(string chain, CancellationToken ct);

    /// <summary>The stored head of the chain; null when it is empty.</summary>
    Task<ChainHead?> Head(string chain, CancellationToken ct);
}

public sealed record ChainHead(string Chain, long Seq, string Hash);
