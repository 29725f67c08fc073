using Hub.Core.Audit;
using NodaTime;

namespace Hub.Core.Tests.Audit;

public class AuditVerificationTests
{
    private static readonly ChainedEntry[] Five = [.. Chain(5)];
    private static readonly ChainHead Head = new(Five[0].Chain, 5, Five[4].Hash);

    [Fact]
    public void An_untouched_chain_holds()
    {
        ChainVerdict verdict = Verify(Five);

        Assert.True(verdict.Ok);
        Assert.Equal(5, verdict.Entries);
    }

    [Fact]
    public void An_empty_chain_without_head_holds() => Assert.True(Verify([], null).Ok);

    [Fact]
    public void A_line_exported_twice_counts_once()
    {
        ChainVerdict verdict = Verify([.. Five, Five[2]]);

        Assert.True(verdict.Ok);
        Assert.Equal(5, verdict.Entries);
    }

    [Fact]
    public void Two_different_entries_of_one_number_are_a_duplicate_even_if_one_is_forged() => AssertBreak(
        "duplicate", 3, Verify([.. Five, Five[2] with { Hash = "f00" }]));

    [Fact]
    public void A_removed_entry_is_a_gap_at_the_first_missing_number() => AssertBreak("gap", 2, Verify([Five[0], Five[3], Five[4]]));

    [Fact]
    public void A_removed_first_entry_is_a_gap() => AssertBreak("gap", 1, Verify(Five[1..]));

    [Fact]
    public void A_changed_payload_shows_by_its_hash() => AssertBreak(
        "payload-hash", 4, Verify(With(3, Five[3] with { Entry = Five[3].Entry with { Payload = "{}" } })));

    [Fact]
    public void A_changed_actor_shows_by_the_entrys_hash() => AssertBreak(
        "hash", 2, Verify(With(1, Five[1] with { Entry = Five[1].Entry with { Actor = "nobody" } })));

    [Fact]
    public void An_entry_rewritten_with_a_fresh_hash_breaks_the_next_ones_prev()
    {
        ChainedEntry rewritten = AuditHash.Next(
            new ChainHead(Five[0].Chain, 1, Five[0].Hash), Five[1].Entry with { Action = "other" }, Five[1].Time);

        AssertBreak("prev", 3, Verify(With(1, rewritten)));
    }

    [Fact]
    public void An_anchor_denies_a_chain_rewritten_from_there_on() => AssertBreak(
        "anchor", 2, Verify(Five, Head, [new ChainAnchor(Head.Chain, 2, "other", 2)]));

    [Fact]
    public void A_head_beyond_the_last_entry_means_a_cut_tail() => AssertBreak("truncated", 4, Verify(Five[..3]));

    [Fact]
    public void An_anchor_beyond_the_last_entry_means_a_cut_tail_even_if_the_head_was_moved_back() => AssertBreak(
        "truncated", 4, Verify(Five[..3], new ChainHead(Head.Chain, 3, Five[2].Hash), [new ChainAnchor(Head.Chain, 5, Five[4].Hash, 5)]));

    [Fact]
    public void A_head_with_another_hash_is_a_break() => AssertBreak("head", 5, Verify(Five, Head with { Hash = "other" }));

    [Fact]
    public void A_missing_head_is_a_break() => AssertBreak("head", 5, Verify(Five, null));

    [Fact]
    public void A_run_log_that_counts_otherwise_is_a_break()
    {
        ChainVerdict verdict = AuditVerification.Verify(Head.Chain, Five, Head, [], 6);

        AssertBreak("count", null, verdict);
        Assert.Equal(("6", "5"), (verdict.Break!.Expected, verdict.Break.Found));
    }

    private static ChainVerdict Verify(ChainedEntry[] entries) => Verify(entries, Head);

    private static ChainVerdict Verify(ChainedEntry[] entries, ChainHead? head, params ChainAnchor[] anchors) =>
        AuditVerification.Verify(Head.Chain, entries, head, [.. anchors], null);

    private static ChainedEntry[] With(int index, ChainedEntry entry)
    {
        ChainedEntry[] copy = [.. Five];
        copy[index] = entry;
        return copy;
    }

    private static void AssertBreak(string kind, long? seq, ChainVerdict verdict) =>
        Assert.Equal((kind, seq), (verdict.Break?.Kind, verdict.Break?.Seq));

    private static IEnumerable<ChainedEntry> Chain(int count)
    {
        ChainHead? head = null;
        for (int number = 1; number <= count; number++)
        {
            ChainedEntry entry = AuditHash.Next(
                head, new AuditEntry($"ev{number}", "test", "thing.done", "subject", $"{{\"n\":{number}}}"), Instant.FromUtc(2027, 1, number, 9, 0));
            head = new ChainHead(entry.Chain, entry.Seq, entry.Hash);
            yield return entry;
        }
    }
}
