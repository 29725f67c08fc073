using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>Splits the text of a document into sentences and lines that stand for themselves, blanks normalised.</summary>
/// <remarks>
/// A cut too many costs a statement, which then is not found; a cut too few could join two. So it is cut wherever a line looks like the start of
/// something new: a label, a bullet, a number, or after a short line.
/// </remarks>
internal static partial class DocumentSentences
{
    /// <summary>A run without an end this long is no sentence; nothing is read from it.</summary>
    private const int LongestSentence = 4000;
    private const int ShortLine = 45;

    private static readonly string[] KeepsHyphen = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "non", "pre", "month", "year", "one"];

    public static ImmutableArray<string> Of(string text)
    {
        var sentences = ImmutableArray.CreateBuilder<string>();
        foreach (string block in Blocks(text))
        {
            AddSentences(sentences, block);
        }

        return sentences.ToImmutable();
    }

    private static IEnumerable<string> Blocks(string text)
    {
        var block = new StringBuilder();
        string before = "";
        foreach (string line in Plain(text).Split('\n').Select(line => line.Trim()))
        {
            if (block.Length > 0 && BeginsAnew(before, line))
            {
                yield return block.ToString();
                block.Clear();
            }

            Join(block, before, line);
            before = line;
        }

        yield return block.ToString();
    }

    private static bool BeginsAnew(string before, string line) => line.Length == 0
        || EndsSentence(before)
        || NewItem().IsMatch(line)
        || (before.Length < ShortLine && char.IsUpper(line[0]) && before[^1] is not (',' or '-' or ':'));

    // The value of a short label may stand on the line below it.
    private static bool EndsSentence(string line) => line[^1] is '.' or '!' or '?' or ';' or ':'
        && (line[^1] != ':' || line.Length >= ShortLine)
        && !line.EndsWith("No.", StringComparison.OrdinalIgnoreCase);

    private static void Join(StringBuilder block, string before, string line)
    {
        if (block.Length > 0 && block[^1] == '-' && line.Length > 0 && char.IsLower(line[0]))
        {
            string word = before[(before.LastIndexOf(' ') + 1)..].TrimEnd('-');
            block.Length -= KeepsHyphen.Contains(word, StringComparer.OrdinalIgnoreCase) || word.EndsWith(')') ? 0 : 1;
        }
        else if (block.Length > 0 && line.Length > 0)
        {
            block.Append(' ');
        }

        block.Append(line);
    }

    // Typographic variants of one character would need a pattern each.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            plain.Append(character switch
            {
                '\r' or '\u00AD' or '\u200B' or '\uFEFF' => "",
                '\f' or '\v' or '\u2028' or '\u2029' => "\n\n",
                '\n' => "\n",
                '“' or '”' or '„' or '«' or '»' => "\"",
                '‘' or '’' or '‚' or '`' or '´' => "'",
                '‐' or '‑' or '−' => "-",
                _ when char.IsWhiteSpace(character) || char.IsControl(character) => " ",
                _ => character.ToString(),
            });
        }

        return Blanks().Replace(plain.ToString(), " ");
    }

    private static void AddSentences(ImmutableArray<string>.Builder sentences, string block)
    {
        int start = 0;
        for (int at = 0; at < block.Length; at++)
        {
            if (block[at] is '.' or '!' or '?' && Ends(block, start, at))
            {
                Add(sentences, block[start..(at + 1)]);
                start = at + 1;
            }
        }

        Add(sentences, block[start..]);
    }

    private static void Add(ImmutableArray<string>.Builder sentences, string sentence)
    {
        string trimmed = sentence.Trim();
        if (trimmed.Length is > 0 and <= LongestSentence)
        {
            sentences.Add(trimmed);
        }
    }

    private static bool Ends(string block, int start, int at)
    {
        int next = at + 1;
        while (next < block.Length && block[next] is '"' or '\'' or ')')
        {
            next++;
        }

        if (next >= block.Length || block[next] != ' ')
        {
            return next >= block.Length;
        }

        string after = block[(next + 1)..Math.Min(block.Length, next + 13)];
        int word = block.LastIndexOf(' ', at - 1 < start ? start : at - 1, at - start) + 1;
        string last = block[Math.Max(word, start)..at].TrimStart('(', '"', '\'');
        bool number = last.Length > 0 && last.All(character => char.IsAsciiDigit(character) || character == '.');
        return block[at] != '.' || !(
            last.Length == 1 && char.IsLetter(last[0])
            || DocumentPatterns.All.Any(language => language.Language.Abbreviations.Contains(last.ToLowerInvariant()))
            || (last.Contains('.', StringComparison.Ordinal) && last.All(character => char.IsLetter(character) || character == '.'))
            || (number && block[start..Math.Max(word, start)].Trim().Length == 0)
            || (number && DocumentPatterns.All.Any(language => language.StartsWithMonth(after)))
            || (after.Length > 0 && char.IsLower(after[0])));
    }

    [GeneratedRegex(@" {2,}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();

    // A bullet, (a), 1., 1.2 or a short label with a colon.
    [GeneratedRegex(@"^([-•*▪●◦]\s|\(?[a-z0-9]{1,4}\)\s|\d{1,2}(\.\d{1,2}){1,3}\.?\s|\d{1,2}\.\s|\p{Lu}[\w /&()#.'-]{1,45}:|\p{L}{2,20} ?#)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NewItem();
}
