using System.Security.Cryptography;
using System.Text;
using Hub.Core.Audit;
using NodaTime;

namespace Hub.Core.Tests.Audit;

public class AuditHashTests
{
    private static readonly Instant Nine = Instant.FromUtc(2027, 1, 1, 9, 0);
    private static readonly AuditEntry Entry = new("ev1", "SyncContract", "contract.applied", "006A", "{\"amount\":1500}");

    [Fact]
    public void Time_is_hashed_with_seven_digits_and_Z() => Assert.Equal("2027-01-01T09:00:00.0000000Z", AuditHash.TimeText(Nine));

    [Fact]
    public void Hash_covers_the_ten_fields_each_after_its_length_in_four_big_endian_bytes()
    {
        ChainedEntry first = AuditHash.Next(null, Entry, Nine);
        string payloadHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("{\"amount\":1500}")));
        // Every field is short, so the length is three zero bytes and the count, written out by hand.
        string bytes = "\0\0\0\u0001" + "1" + "\0\0\0\u0002" + first.Chain + "\0\0\0\u0001" + "1" + "\0\0\0\u0040" + new string('0', 64)
            + "\0\0\0\u0003" + "ev1" + "\0\0\0\u001c" + "2027-01-01T09:00:00.0000000Z" + "\0\0\0\u000c" + "SyncContract"
            + "\0\0\0\u0010" + "contract.applied" + "\0\0\0\u0004" + "006A" + "\0\0\0\u0040" + payloadHash;

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(bytes))), first.Hash);
        Assert.Equal(payloadHash, first.PayloadHash);
    }

    [Fact]
    public void A_chain_over_three_months_has_the_hashes_another_program_computed()
    {
        // SHA-256 over (length, bytes) of version, chain, seq, prev, event id, time, actor, action, subject and payload hash, computed outside this code base.
        ChainedEntry first = AuditHash.Next(
            null,
            new AuditEntry("evt-1", "SyncContract", "contract.applied", "006000000000001AAA", CanonicalJson.OfText("{ \"name\": \"Zo\\u00eb €\", \"b\": [ ], \"a\": -1.5 }")),
            Instant.FromUtc(2027, 1, 1, 0, 0) - Duration.FromTicks(1));
        ChainedEntry second = AuditHash.Next(
            new ChainHead(first.Chain, first.Seq, first.Hash), new AuditEntry("evt-2", "Müller|x", "reminder.sent", "006000000000001AAA", "{}"), Instant.FromUtc(2027, 1, 1, 0, 0));
        ChainedEntry third = AuditHash.Next(
            new ChainHead(second.Chain, second.Seq, second.Hash),
            new AuditEntry("evt-3", "a", "b", "006000000000001AAA", "{\"k\":\"\\u2028 \\\"q\\\" \\\\ \\n\"}"),
            Instant.FromUtc(2027, 2, 28, 12, 0) + Duration.FromTicks(1_234_567) + Duration.FromNanoseconds(99));

        Assert.Equal("01", first.Chain);
        Assert.Equal(
            [
                "357400d24f544c331adf83aa2ddc66783b95ea1373367c99284be79ac6f9ab6f",
                "9d0839f05680abdc127a133a803d0295aca045ef14da2d2a23ac8f5cd2c11cf0",
                "5bdb880fd955aca9ac802c0ba7bd2e1d2b0e527072f3e98e87bf88aa179476fe",
            ],
            new[] { first.Hash, second.Hash, third.Hash });
        Assert.True(AuditVerification.Verify(first.Chain, [third, first, second], new ChainHead(third.Chain, 3, third.Hash), [], 3).Ok);
    }

    [Theory]
    [InlineData("{\"b\":1,\"B\":2,\"_\":3,\"é\":4}", "{\"B\":2,\"_\":3,\"b\":1,\"é\":4}")]
    [InlineData("[1e2, 1.50, -0.0, 12345678901234567890]", "[1e2,1.50,-0.0,12345678901234567890]")]
    [InlineData("{\"a\":{}, \"c\":[ ], \"b\":\"</\\u003ct>&'+\"}", "{\"a\":{},\"b\":\"</<t>&'+\",\"c\":[]}")]
    public void Canonical_json_has_one_form(string text, string canonical)
    {
        Assert.Equal(canonical, CanonicalJson.OfText(text));
        Assert.Equal(canonical, CanonicalJson.OfText(canonical));
    }

    [Fact]
    public void Length_counts_bytes_not_characters()
    {
        // "ü" is two bytes in UTF-8: moving the border between two fields must change the hash.
        ChainedEntry left = AuditHash.Next(null, Entry with { Actor = "aü", Action = "b" }, Nine);
        ChainedEntry right = AuditHash.Next(null, Entry with { Actor = "a", Action = "üb" }, Nine);

        Assert.NotEqual(left.Hash, right.Hash);
    }

    [Fact]
    public void An_entry_follows_the_head_of_its_subjects_chain()
    {
        ChainedEntry first = AuditHash.Next(null, Entry, Nine);
        ChainedEntry second = AuditHash.Next(new ChainHead(first.Chain, first.Seq, first.Hash), Entry with { EventId = "ev2" }, Nine);

        Assert.Equal((1, AuditHash.Genesis), (first.Seq, first.Prev));
        Assert.Equal((2, first.Hash), (second.Seq, second.Prev));
    }

    [Fact]
    public void Subjects_spread_over_sixteen_chains_and_stay_where_they_are()
    {
        string[] chains = [.. Enumerable.Range(0, 400).Select(number => AuditChains.ChainOf($"006{number}"))];

        Assert.Equal(AuditChains.All, chains.Distinct().Order());
        Assert.Equal(chains[7], AuditChains.ChainOf("0067"));
        // SHA-256 of "abc" begins with b.
        Assert.Equal("0b", AuditChains.ChainOf("abc"));
    }

    [Fact]
    public void Canonical_json_sorts_keys_at_every_level_and_has_no_white_space()
    {
        Assert.Equal(
            "{\"a\":[{\"x\":1.50,\"y\":null}],\"b\":{\"c\":true,\"d\":\"é\"}}",
            CanonicalJson.OfText("{ \"b\": { \"d\": \"é\", \"c\": true }, \"a\": [ { \"y\": null, \"x\": 1.50 } ] }"));
        Assert.Equal("{\"amount\":12,\"zone\":\"UTC\"}", CanonicalJson.Of(new { Zone = "UTC", Amount = 12 }));
    }
}
