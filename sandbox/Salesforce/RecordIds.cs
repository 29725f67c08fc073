using System.Globalization;

namespace Hub.Sandbox.Salesforce;

/// <summary>Salesforce record ids: 15 case-sensitive characters, or the same with a 3-character checksum.</summary>
public static class RecordIds
{
    private const string ChecksumAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    private const string CounterAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>The nth id of an object, 18 characters.</summary>
    /// <param name="prefix">The object's three-character key prefix.</param>
    /// <param name="number">Running number, not negative.</param>
    public static string Create(string prefix, long number)
    {
        Span<char> counter = stackalloc char[8];
        for (var place = counter.Length - 1; place >= 0; place--)
        {
            counter[place] = CounterAlphabet[(int)(number % CounterAlphabet.Length)];
            number /= CounterAlphabet.Length;
        }

        return WithChecksum(string.Create(CultureInfo.InvariantCulture, $"{prefix}Hb00{counter[..]}")[..15]);
    }

    /// <summary>The 18-character form of a well-formed id; null for anything else, a wrong checksum included.</summary>
    public static string? Normalise(string? text)
    {
        if (text is not { Length: 15 or 18 } || !text.All(char.IsAsciiLetterOrDigit))
        {
            return null;
        }

        var full = WithChecksum(text[..15]);
        return text.Length == 15 || string.Equals(text, full, StringComparison.OrdinalIgnoreCase) ? full : null;
    }

    /// <summary>Appends the checksum: bit j of each group of five is set where character j is an upper-case letter.</summary>
    public static string WithChecksum(string fifteen) => fifteen + string.Concat(Enumerable.Range(0, 3).Select(group =>
        ChecksumAlphabet[Enumerable.Range(0, 5).Sum(bit => char.IsAsciiLetterUpper(fifteen[(group * 5) + bit]) ? 1 << bit : 0)]));
}
