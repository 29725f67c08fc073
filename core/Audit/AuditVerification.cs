using System.Collections.Immutable;
using System.Globalization;

namespace Hub.Core.Audit;

/// <summary>The first place where a chain does not hold.</summary>
/// <param name="Seq">Sequence number the break is about; null for <c>count</c>.</param>
/// <param name="Kind"><c>duplicate</c>, <c>gap</c>, <c>payload-hash</c>, <c>hash</c>, <c>prev</c>, <c>anchor</c>, <c>truncated</c>, <c>head</c> or <c>count</c>.</param>
/// <param name="Expected">What the rule asks for.</param>
/// <param name="Found">What is stored.</param>
public sealed record ChainBreak(string Chain, long? Seq, string Kind, string? Expected, string? Found, string Message);

/// <summary>A copy of the head kept where the Hub cannot change it.</summary>
/// <param name="Count">Entries in the chain at that time.</param>
public sealed record ChainAnchor(string Chain, long Seq, string Hash, long Count);

/// <param name="Entries">Entries looked at.</param>
/// <param name="Break">Null when the chain holds.</param>
public sealed record ChainVerdict(string Chain, long Entries, ChainBreak? Break)
{
    public bool Ok => Break is null;
}

/// <summary>Verifies one chain entry by entry, in order of seq, holding two entries at a time; a fold without side effects.</summary>
/// <remarks>Entries newer than the last anchor rest on head and count alone: whoever can write the store could rewrite them together.</remarks>
public sealed record AuditVerification
{
    private AuditVerification(string chain, ImmutableArray<ChainAnchor> anchors) => (Chain, Anchors) = (chain, anchors);

    public string Chain { get; }

    private ImmutableArray<ChainAnchor> Anchors { get; }

    private ChainedEntry? Last { get; init; }

    // The newest entry is judged only when the next one shows that it is no duplicate.
    private ChainedEntry? Pending { get; init; }

    private long Count { get; init; }

    private ChainBreak? Broken { get; init; }

    private ChainBreak? AnchorBroken { get; init; }

    public static AuditVerification Start(string chain, ImmutableArray<ChainAnchor> anchors) => new(chain, anchors);

    /// <summary>Verifies a chain that is at hand as a whole.</summary>
    /// <param name="count">Entries written, by the log of the runs; null when unknown.</param>
    public static ChainVerdict Verify(
        string chain, IEnumerable<ChainedEntry> entries, ChainHead? head, ImmutableArray<ChainAnchor> anchors, long? count) => entries
        .OrderBy(entry => entry.Seq)
        .Aggregate(Start(chain, anchors), (state, entry) => state.Next(entry))
        .Close(head, count);

    /// <summary>Takes the next entry in order of seq; one that repeats the last in every field counts once.</summary>
    public AuditVerification Next(ChainedEntry entry)
    {
        if (Broken is not null || entry == Pending)
        {
            return this;
        }

        return Pending?.Seq == entry.Seq
            ? this with { Count = Count + 1, Broken = Break(entry.Seq, "duplicate", Pending.Hash, entry.Hash, "two different entries have this number") }
            : Settle() with { Count = Count + 1, Pending = entry };
    }

    /// <summary>The verdict, after the last entry.</summary>
    public ChainVerdict Close(ChainHead? head, long? count)
    {
        AuditVerification all = Settle();
        return new ChainVerdict(
            Chain, all.Count, all.Broken ?? all.AnchorBroken ?? all.Truncated(head) ?? all.HeadBroken(head) ?? all.Miscounted(count));
    }

    private AuditVerification Settle()
    {
        if (Broken is not null || Pending is not { } entry)
        {
            return this;
        }

        ChainBreak? broken = Judge(entry);
        ChainAnchor? denied = Anchors.FirstOrDefault(anchor => anchor.Seq == entry.Seq && anchor.Hash != entry.Hash);
        return this with
        {
            Last = broken is null ? entry : Last,
            Pending = null,
            Broken = broken,
            AnchorBroken = AnchorBroken ?? (denied is null
                ? null
                : Break(entry.Seq, "anchor", denied.Hash, entry.Hash, "the anchor recorded another hash for this entry")),
        };
    }

    private ChainBreak? Judge(ChainedEntry entry)
    {
        long expectedSeq = (Last?.Seq ?? 0) + 1;
        string expectedPrev = Last?.Hash ?? AuditHash.Genesis;
        string payloadHash = AuditHash.OfPayload(entry.Entry.Payload);
        string hash = AuditHash.Of(entry);
        return entry switch
        {
            _ when entry.Seq != expectedSeq => Break(expectedSeq, "gap", Text(expectedSeq), Text(entry.Seq), "an entry is missing"),
            _ when entry.PayloadHash != payloadHash =>
                Break(entry.Seq, "payload-hash", payloadHash, entry.PayloadHash, "the payload is not the one that was recorded"),
            _ when entry.Hash != hash => Break(entry.Seq, "hash", hash, entry.Hash, "a field of the entry is not the one that was recorded"),
            _ when entry.Prev != expectedPrev => Break(entry.Seq, "prev", expectedPrev, entry.Prev, "the entry does not follow the one before it"),
            _ => null,
        };
    }

    private ChainBreak? Truncated(ChainHead? head)
    {
        long last = Last?.Seq ?? 0;
        long named = Anchors.Select(anchor => anchor.Seq).Append(head?.Seq ?? 0).Max();
        return named > last
            ? Break(last + 1, "truncated", Text(named), Text(last), "entries at the end of the chain are missing")
            : null;
    }

    private ChainBreak? HeadBroken(ChainHead? head) => (Last, head) switch
    {
        (null, _) => null,
        ({ } last, null) => Break(last.Seq, "head", last.Hash, null, "the chain has entries but no stored head"),
        var (last, stored) when last.Hash != stored.Hash =>
            Break(stored.Seq, "head", stored.Hash, last.Hash, "the stored head is not the last entry"),
        _ => null,
    };

    private ChainBreak? Miscounted(long? count) => count is { } expected && expected != Count
        ? Break(null, "count", Text(expected), Text(Count), "the runs logged another number of entries")
        : null;

    private ChainBreak Break(long? seq, string kind, string? expected, string? found, string what) =>
        new(Chain, seq, kind, expected, found, seq is null ? $"Chain {Chain}: {what}." : $"Chain {Chain}, entry {Text(seq.Value)}: {what}.");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
