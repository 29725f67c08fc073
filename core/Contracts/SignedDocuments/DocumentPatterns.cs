using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>The patterns of one language, ready to use. No pattern backtracks, so the time is linear in the text.</summary>
internal sealed class DocumentPatterns
{
    private const int NearBefore = 40;
    private const int NearAfter = 40;

    private readonly Regex _noStatement;
    private readonly Regex _condition;
    private readonly Regex _fallback;
    private readonly Regex _alternative;
    private readonly Regex _amount;
    private readonly Regex _date;
    private readonly Regex _number;
    private readonly ImmutableDictionary<DocumentTerm, Compiled> _terms;

    private DocumentPatterns(DocumentLanguage language)
    {
        Language = language;
        (_noStatement, _condition, _fallback, _alternative) =
            (Pattern(language.NoStatement), Pattern(language.Condition), Pattern(language.Fallback), Pattern(language.Alternative));
        _amount = Pattern("{money}");
        (_date, _number) = (Pattern(DatePattern), Pattern(NumberPattern));
        _terms = language.Terms.ToImmutableDictionary(term => term.Term, Compile);
    }

    public static ImmutableArray<DocumentPatterns> All { get; } = [new(EnglishDocuments.Language), new(GermanDocuments.Language)];

    public DocumentLanguage Language { get; }

    public bool StartsWithMonth(string text)
    {
        int end = 0;
        while (end < text.Length && char.IsLetter(text[end]))
        {
            end++;
        }

        return Language.Months.ContainsKey(text[..end].ToLowerInvariant());
    }

    /// <summary>True for a sentence that states nothing: an example, an earlier agreement, a condition.</summary>
    public bool StatesNothing(string sentence) => _noStatement.IsMatch(sentence) || _condition.IsMatch(sentence);

    /// <summary>True for a sentence that holds unless something else says otherwise.</summary>
    public bool IsFallback(string sentence) => _fallback.IsMatch(sentence);

    /// <summary>True when what follows a value offers another one.</summary>
    public bool OffersAlternative(string rest) => _alternative.IsMatch(rest);

    /// <summary>The sentence with its dates and numbers in one notation, which keeps the patterns small: <c>@2027-01-31@</c>, <c>24</c>.</summary>
    /// <remarks>A date that can be read in more than one way becomes <c>@?@</c>; words and digits that contradict each other become <c>#</c>.</remarks>
    public string Plain(string sentence)
    {
        string dated = sentence.Any(char.IsAsciiDigit) ? _date.Replace(sentence, match => DateOf(sentence, match)) : sentence;
        return _number.Replace(dated, match => DocumentValues.Count(match.Value, Language) is { } count ? count.ToString(CultureInfo.InvariantCulture)
            : match.Value.Contains('(', StringComparison.Ordinal) ? "#"
            : match.Value);
    }

    private string DateOf(string sentence, Match match) =>
        !DocumentValues.IsCut(sentence[..match.Index], sentence[(match.Index + match.Length)..]) && DocumentValues.Date(match.Value, Language) is { } date
            ? $"@{Problems.Text(date)}@"
            : "@?@";

    /// <summary>Every match that is about the term, in the order of the patterns; the same words may match twice.</summary>
    public IEnumerable<TermMatch> Matches(DocumentTerm term, string sentence)
    {
        Compiled patterns = _terms[term];
        bool looked = patterns.Keywords.IsEmpty || patterns.Keywords.Any(word => sentence.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (!looked || patterns.NotInSentence?.IsMatch(sentence) == true || patterns.InSentence?.IsMatch(sentence) == false)
        {
            return [];
        }

        // The words of a denial contain those of the statement that it denies.
        Match[] denials = [.. patterns.Denials.SelectMany(pattern => pattern.Matches(sentence))];
        return
            from found in denials.Select(match => (Match: match, Denied: true)).Concat(patterns.Statements
                .SelectMany(pattern => pattern.Matches(sentence))
                .Where(match => !denials.Any(denial => denial.Index < match.Index + match.Length && match.Index < denial.Index + denial.Length))
                .Select(match => (Match: match, Denied: false)))
            let near = Near(sentence, found.Match)
            where patterns.NotNear?.IsMatch(near) != true && patterns.NotAfter?.IsMatch(After(sentence, found.Match)) != true
            let rest = Rest(sentence, found.Match)
            let open = found.Denied
                ? patterns.DenialOpenAfter?.IsMatch(rest) == true
                : patterns.OpenNear?.IsMatch(near) == true || patterns.OpenAfter?.IsMatch(rest) == true
            select new TermMatch(this, sentence, found.Match, found.Denied, open);
    }

    /// <summary>Every amount with a currency beside it.</summary>
    public IEnumerable<TermMatch> Amounts(string sentence) =>
        sentence.Any(char.IsAsciiDigit) ? _amount.Matches(sentence).Select(match => new TermMatch(this, sentence, match, false, false)) : [];

    private static string Near(string sentence, Match match)
    {
        // The first word may be cut: a part of a word is no word.
        int from = Math.Max(0, match.Index - NearBefore);
        while (from > 0 && from < match.Index && char.IsLetterOrDigit(sentence[from - 1]))
        {
            from++;
        }

        return sentence[from..(match.Index + match.Length)];
    }

    private static string After(string sentence, Match match)
    {
        string rest = Rest(sentence, match);
        return rest[..Math.Min(rest.Length, NearAfter)];
    }

    private static string Rest(string sentence, Match match) => sentence[(match.Index + match.Length)..];

    private Compiled Compile(TermPatterns patterns) => new(
        patterns.Keywords,
        [.. patterns.Statements.Select(Pattern)],
        [.. patterns.Denials.Select(Pattern)],
        Optional(patterns.NotNear),
        Optional(patterns.NotAfter),
        Optional(patterns.NotInSentence),
        Optional(patterns.InSentence),
        Optional(patterns.OpenAfter),
        Optional(patterns.DenialOpenAfter),
        Optional(patterns.OpenNear));

    private Regex? Optional(string? pattern) => pattern is null ? null : Pattern(pattern);

    private Regex Pattern(string pattern)
    {
        string sign = $@"((?-i:{string.Join('|', DocumentCurrencies.Codes)})|us\$|u\.s\.\$|ca\$|c\$|a\$|au\$|nz\$|s\$|hk\$|\$|€|£|¥|fr\.|{CurrencyNames})";
        string expanded = pattern
            .Replace("{date}", "(?<date>@[0-9?-]{1,10}@)", StringComparison.Ordinal)
            .Replace("{lastDay}", "(?<lastDay>@[0-9?-]{1,10}@)", StringComparison.Ordinal)
            .Replace("{count}", @"(?<count>\d{1,4}|#)(?<range> ?(-|–|to|or|and|bis|oder|und|/) ?(\d{1,4}|#))?", StringComparison.Ordinal)
            .Replace("{months}", $"(?<months>{string.Join('|', Language.MonthUnits.Keys.OrderByDescending(unit => unit.Length))})\\b", StringComparison.Ordinal)
            .Replace("{days}", Language.DayUnits, StringComparison.Ordinal)
            .Replace("{money}", $@"((?<sign>{sign}) ?(?<number>\d([\d.,' ]*\d)?)( ?(?<sign>(?-i:{string.Join('|', DocumentCurrencies.Codes)})\b))?|(?<number>\d([\d.,' ]*\d)?) ?(?<sign>{sign}))", StringComparison.Ordinal)
            .Replace("{currency}", $@"(?<currency>(?-i:{string.Join('|', DocumentCurrencies.Codes)})\b|({CurrencyNames})\b)", StringComparison.Ordinal)
            .Replace("{po}", @"(?<po>[a-z0-9][a-z0-9/_.-]*)", StringComparison.Ordinal);
        // No time limit: what does not backtrack needs none, and a limit in wall time fails on a busy machine.
        return new Regex(
            expanded,
            RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
            Regex.InfiniteMatchTimeout);
    }

    private string DatePattern =>
        $@"\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}(st|nd|rd|th|\.)? ?(day of )?({Months}),?\.? \d{{4}}|({Months})\.? \d{{1,2}}(st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}\. ?\d{{1,2}}\. ?\d{{4}}|\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}";

    private string NumberPattern
    {
        get
        {
            string word = string.Join('|', Language.Numbers.Keys.OrderByDescending(name => name.Length));
            string words = $"\\b({word})([ -](and |und )?({word}))*\\b";
            return $@"{words}( ?\( ?\d{{1,4}} ?\))?|\b\d{{1,4}} ?\( ?{words} ?\)";
        }
    }

    private string Months => string.Join('|', Language.Months.Keys.OrderByDescending(name => name.Length));

    private string CurrencyNames => string.Join('|', Language.Currencies.Keys.OrderByDescending(name => name.Length).Select(Regex.Escape));

    private sealed record Compiled(
        ImmutableArray<string> Keywords,
        ImmutableArray<Regex> Statements,
        ImmutableArray<Regex> Denials,
        Regex? NotNear,
        Regex? NotAfter,
        Regex? NotInSentence,
        Regex? InSentence,
        Regex? OpenAfter,
        Regex? DenialOpenAfter,
        Regex? OpenNear);
}

/// <summary>One place where a sentence speaks of a term.</summary>
/// <param name="Sentence">With dates and numbers in one notation.</param>
/// <param name="Denied">The sentence says that it is not so.</param>
/// <param name="Open">Words near the match leave it open.</param>
internal sealed record TermMatch(DocumentPatterns Patterns, string Sentence, Match Match, bool Denied, bool Open)
{
    /// <summary>Text of the first of the named groups that matched.</summary>
    public string? Text(string group) => Match.Groups[group] is { Success: true, Length: > 0 } found ? found.Value : null;

    /// <summary>What follows the named group in the sentence.</summary>
    public string AfterGroup(string group) => Sentence[(Match.Groups[group].Index + Match.Groups[group].Length)..];

    /// <summary>What precedes the named group in the sentence.</summary>
    public string BeforeGroup(string group) => Sentence[..Match.Groups[group].Index];
}
