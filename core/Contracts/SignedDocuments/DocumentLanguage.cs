using System.Collections.Immutable;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>The words of one language that the readers look for. Another language is another value of this record.</summary>
/// <remarks>
/// Patterns are regular expressions without look-around and back references, so that they run in time linear in the text; case does not matter,
/// one blank stands between words, only named groups capture. Placeholders: <c>{date}</c>, <c>{lastDay}</c>, <c>{count}</c>, <c>{months}</c>,
/// <c>{days}</c>, <c>{money}</c>, <c>{currency}</c>, <c>{po}</c>. A group named <c>doubt</c> marks words that leave the statement open: it is
/// then reported as not found, with these words.
/// </remarks>
/// <param name="Months">Month names and their abbreviations, lower case → 1–12.</param>
/// <param name="Numbers">Number words, lower case; composed words are summed, <paramref name="Hundred"/> multiplies.</param>
/// <param name="MonthUnits">Units of a term → months each.</param>
/// <param name="DayUnits">Pattern of the unit day.</param>
/// <param name="Currencies">Names of currencies, lower case → ISO code.</param>
/// <param name="GroupSeparator">The mark between thousands: a comma or a point. The other one is the decimal mark.</param>
/// <param name="Abbreviations">Words, lower case, whose point ends no sentence.</param>
/// <param name="NoStatement">Sentences with it state nothing: examples, earlier agreements.</param>
/// <param name="Condition">Sentences that begin with it state something only under a condition.</param>
/// <param name="Fallback">Sentences with it hold unless something else, elsewhere, says otherwise.</param>
/// <param name="Alternative">What follows a value when another value may take its place.</param>
internal sealed record DocumentLanguage(
    string Name,
    ImmutableDictionary<string, int> Months,
    ImmutableDictionary<string, int> Numbers,
    string Hundred,
    ImmutableDictionary<string, int> MonthUnits,
    string DayUnits,
    ImmutableDictionary<string, string> Currencies,
    char GroupSeparator,
    ImmutableHashSet<string> Abbreviations,
    string NoStatement,
    string Condition,
    string Fallback,
    string Alternative,
    ImmutableArray<TermPatterns> Terms);

/// <summary>How one language states one term.</summary>
/// <param name="Keywords">A sentence with none of these is not looked at; lower case.</param>
/// <param name="Statements">Patterns that state it.</param>
internal sealed record TermPatterns(DocumentTerm Term, ImmutableArray<string> Keywords, ImmutableArray<string> Statements)
{
    /// <summary>Patterns that deny it (auto-renewal only).</summary>
    public ImmutableArray<string> Denials { get; init; } = [];

    /// <summary>Words which, shortly before or inside the match, say that it is about something else.</summary>
    public string? NotNear { get; init; }

    /// <summary>The same shortly after the match.</summary>
    public string? NotAfter { get; init; }

    /// <summary>The same anywhere in the sentence.</summary>
    public string? NotInSentence { get; init; }

    /// <summary>Words without which a sentence is about something else.</summary>
    public string? InSentence { get; init; }

    /// <summary>Words which, shortly after the match, leave it open.</summary>
    public string? OpenAfter { get; init; }

    /// <summary>Words which, after a denial, take it back in part.</summary>
    public string? DenialOpenAfter { get; init; }

    /// <summary>Words which, shortly before or inside the match, leave it open.</summary>
    public string? OpenNear { get; init; }
}
