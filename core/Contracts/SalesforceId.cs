using System.Buffers;

namespace Hub.Core.Contracts;

/// <summary>A Salesforce record id in its 18-character form, which is safe in case-insensitive stores.</summary>
/// <remarks>The last three characters are a checksum over the upper-case letters of the first fifteen. Source: Salesforce, record ids.</remarks>
public readonly record struct SalesforceId
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    private const int Length = 18;
    private const int CaseSensitiveLength = 15;
    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    private readonly string? _value;

    private SalesforceId(string value) => _value = value;

    /// <summary>The 18-character id.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A Salesforce id was used before it was set.");

    /// <summary>Accepts 15 or 18 characters, blanks around them ignored; an 18-character id must carry the right checksum.</summary>
    public static bool TryParse(string? text, out SalesforceId id)
    {
        id = default;
        string? trimmed = text?.Trim();
        if (trimmed is not { Length: CaseSensitiveLength or Length } || trimmed.AsSpan().ContainsAnyExcept(Characters))
        {
            return false;
        }

        Span<char> full = stackalloc char[Length];
        trimmed.AsSpan(0, CaseSensitiveLength).CopyTo(full);
        Checksum(full[..CaseSensitiveLength], full[CaseSensitiveLength..]);
        bool isFull = full.SequenceEqual(trimmed);
        bool ok = isFull || trimmed.Length == CaseSensitiveLength;
        id = ok ? new SalesforceId(isFull ? trimmed : full.ToString()) : default;
        return ok;
    }

    /// <exception cref="FormatException">Not a Salesforce id.</exception>
    public static SalesforceId Parse(string text) =>
        TryParse(text, out SalesforceId id) ? id : throw new FormatException($"'{text}' is no Salesforce record id.");

    /// <summary>
    /// Reads an id as an export gives it: the 18-character form where it is an id, otherwise the text itself, so that files with made-up ids
    /// can be planned offline. Records read live always carry real ids.
    /// </summary>
    public static SalesforceId OfExport(string text) => TryParse(text, out SalesforceId id) ? id : new(text.Trim());

    public override string ToString() => Value;

    private static void Checksum(ReadOnlySpan<char> id, Span<char> suffix)
    {
        for (int group = 0; group < 3; group++)
        {
            int bits = 0;
            for (int position = 0; position < 5; position++)
            {
                bits |= char.IsAsciiLetterUpper(id[(group * 5) + position]) ? 1 << position : 0;
            }

            suffix[group] = Alphabet[bits];
        }
    }
}
