using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Audit;

/// <summary>The hash that ties an audit entry to the one before it.</summary>
/// <remarks>
/// SHA-256 over version, chain, seq, prev, event id, time, actor, action, subject and payload hash: each as the UTF-8 bytes of its
/// exported text, preceded by the number of bytes as 4-byte big-endian integer, so that no two field lists share an encoding.
/// Source: docs/adr/0201-audit-chain.md.
/// </remarks>
public static class AuditHash
{
    /// <summary>Version of the hash rule; the first field of every hash.</summary>
    public const int Version = 1;

    private static readonly InstantPattern TimePattern = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fffffff'Z'");

    /// <summary><c>prev</c> of the first entry of a chain.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>The time as hashed and exported, such as <c>2027-01-01T09:00:00.0000000Z</c>; finer than 100 ns is cut off.</summary>
    public static string TimeText(Instant time) => TimePattern.Format(time);

    /// <summary>SHA-256 of the stored payload text, lower-case hex.</summary>
    public static string OfPayload(string payload) => Hex(Encoding.UTF8.GetBytes(payload));

    /// <summary>Recomputes the hash of an entry from its stored fields, payload hash included.</summary>
    public static string Of(ChainedEntry entry) =>
        Of(entry.Version, entry.Chain, entry.Seq, entry.Prev, entry.Entry, entry.Time, entry.PayloadHash);

    /// <summary>The entry that follows <paramref name="head"/> in its subject's chain.</summary>
    /// <param name="head">Stored head of the chain; null when the chain is empty.</param>
    /// <param name="time">When it was appended; kept to 100 ns, which is what the store keeps.</param>
    public static ChainedEntry Next(ChainHead? head, AuditEntry entry, Instant time)
    {
        string chain = AuditChains.ChainOf(entry.Subject);
        long seq = (head?.Seq ?? 0) + 1;
        string prev = head?.Hash ?? Genesis;
        Instant kept = Instant.FromUnixTimeTicks(time.ToUnixTimeTicks());
        string payloadHash = OfPayload(entry.Payload);
        string hash = Of(Version, chain, seq, prev, entry, kept, payloadHash);
        return new ChainedEntry(Version, chain, seq, prev, entry, kept, payloadHash, hash);
    }

    private static string Of(int version, string chain, long seq, string prev, AuditEntry entry, Instant time, string payloadHash) => Hex(
        LengthPrefixed(
            version.ToString(CultureInfo.InvariantCulture),
            chain,
            seq.ToString(CultureInfo.InvariantCulture),
            prev,
            entry.EventId,
            TimeText(time),
            entry.Actor,
            entry.Action,
            entry.Subject,
            payloadHash));

    private static byte[] LengthPrefixed(params ReadOnlySpan<string> fields)
    {
        using var buffer = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (string field in fields)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            buffer.Write(length);
            buffer.Write(bytes);
        }

        return buffer.ToArray();
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
