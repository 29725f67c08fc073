using System.Text;

namespace Hub.Mail;

/// <summary>Text in a header: no value can end its line, so none can add a header or a body. Source: RFC 5322, RFC 2047.</summary>
internal static class HeaderText
{
    /// <summary>Bytes of text per encoded word; base64 and frame stay below the 75 characters allowed.</summary>
    private const int LargestWord = 42;

    /// <param name="phrase">A display name: quoted where it has to be.</param>
    public static string Encode(string value, bool phrase = false)
    {
        string line = new([.. value.Select(character => char.IsControl(character) ? ' ' : character)]);
        if (!line.All(char.IsAscii))
        {
            return string.Join("\r\n ", Words(line).Select(word => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word))}?="));
        }

        return phrase && !line.All(character => char.IsAsciiLetterOrDigit(character) || character == ' ')
            ? $"\"{line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : line;
    }

    /// <summary>Pieces that end between characters, never inside one.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        int size = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (size + rune.Utf8SequenceLength > LargestWord)
            {
                yield return word.ToString();
                word.Clear();
                size = 0;
            }

            word.Append(rune.ToString());
            size += rune.Utf8SequenceLength;
        }

        yield return word.ToString();
    }
}
