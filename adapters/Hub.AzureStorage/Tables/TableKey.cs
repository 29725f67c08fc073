using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Hub.AzureStorage.Tables;

/// <summary>Parts of partition and row keys.</summary>
/// <remarks>Keys are at most 1,024 characters without <c>/ \ # ?</c> and control characters. Source: "Understanding the Table service data model".</remarks>
internal static class TableKey
{
    /// <summary>The only tenant so far; part of keys so that a second one needs no migration.</summary>
    public const string Tenant = "hub";

    private const int Longest = 1024;
    private static readonly long LastTick = DateTime.MaxValue.Ticks;

    /// <summary><c>hub|xx</c>: one of 256 partitions, which spreads the load and keeps the rows of one key together.</summary>
    public static string Partition(string key) => $"{Tenant}|{Bucket(key)}";

    /// <summary>First two hex digits of the key's SHA-256.</summary>
    public static string Bucket(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..2];

    /// <summary>19 digits that sort newest first.</summary>
    public static string Newest(Instant instant) => (LastTick - instant.ToDateTimeUtc().Ticks).ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>19 digits that sort the greatest first; negative counts as 0.</summary>
    public static string Greatest(long number) => (long.MaxValue - Math.Max(0, number)).ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>The key itself if it is one.</summary>
    /// <exception cref="ArgumentException">Too long, or with a character that keys cannot have.</exception>
    public static string Checked(string key) => CanBe(key)
        ? key
        : throw new ArgumentException($"A key of {key.Length} characters is too long for a table or has a character that table keys cannot have.", nameof(key));

    /// <summary>Whether a text, such as one from an address, can be a key at all; nothing is stored under one that cannot.</summary>
    public static bool CanBe(string key) => key.Length <= Longest && !key.Any(IsIllegal);

    /// <summary>Any text as part of a key: illegal characters and <c>=</c> become <c>=XXXX</c>, so that different texts stay different.</summary>
    public static string Escaped(string text) => text.Any(NeedsEscape)
        ? string.Concat(text.Select(c => NeedsEscape(c) ? $"={(int)c:X4}" : c.ToString()))
        : text;

    /// <summary>The keys that start with <paramref name="prefix"/>, as a filter; the prefix ends in <c>|</c>.</summary>
    public static string StartsWith(string property, string prefix) =>
        $"{property} ge '{Quoted(prefix)}' and {property} lt '{Quoted(prefix[..^1])}}}'";

    public static string Quoted(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    private static bool IsIllegal(char c) => c is '/' or '\\' or '#' or '?' || char.IsControl(c);

    private static bool NeedsEscape(char c) => IsIllegal(c) || c is '=' or '|' or '%';
}
