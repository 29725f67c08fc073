using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>What the document says of one term, after all its sentences were looked at.</summary>
internal abstract record Reading<T>
{
    private Reading()
    {
    }

    /// <summary>Every sentence that speaks of it states the same value.</summary>
    public sealed record Found(T Value, ImmutableArray<string> Sentences) : Reading<T>;

    /// <summary>Nothing, or nothing beyond doubt.</summary>
    public sealed record NotFound(string Reason, ImmutableArray<string> Sentences) : Reading<T>;
}

/// <summary>One sentence that speaks of a term.</summary>
/// <param name="Doubt">Why no value is taken from it; null when there is one.</param>
/// <param name="IsFallback">It holds unless something else says otherwise.</param>
internal sealed record Statement<T>(T? Value, string? Doubt, bool IsFallback, string Sentence);

/// <summary>What one match gives: a value, or why there is none.</summary>
internal readonly record struct Taken<T>(T? Value, string? Doubt);

/// <summary>A contract's length as a document states it: months, or the last day.</summary>
internal readonly record struct DocumentLength(int? Months, LocalDate? LastDay);

/// <param name="Amount">Major units.</param>
/// <param name="Currencies">What the sign or code beside it may stand for.</param>
internal sealed record DocumentMoney(decimal Amount, ImmutableArray<string> Currencies)
{
    /// <summary>The one currency it can be; null when the sign leaves it open.</summary>
    public string? Currency => Currencies is [var only] ? only : null;

    public bool Equals(DocumentMoney? other) => other is not null && Amount == other.Amount && Currencies.SequenceEqual(other.Currencies);

    public override int GetHashCode() => Amount.GetHashCode();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Currency}{(Currency is null ? "" : " ")}{Amount:0.00#}");
}

/// <param name="Count">Days, or months where <paramref name="InDays"/> is false.</param>
internal readonly record struct DocumentNotice(int Count, bool InDays);

/// <summary>One reader per term: from the document's sentences to what it says, or that it does not say.</summary>
/// <remarks>Whatever leaves room is no value: contradicting sentences, a choice, a range, words against digits, a misread number.</remarks>
internal sealed class DocumentReading
{
    private const int MostQuotes = 5;
    private const int LongestQuote = 600;
    private const string Silent = "no sentence that the patterns know states it";
    private const string FallbackOnly = "stated only as what holds unless something else says otherwise";
    private const string Cut = "the number may be misread";
    private const string Choice = "the sentence offers a choice";

    private readonly ImmutableArray<(DocumentPatterns Patterns, string Sentence, string Plain, bool IsFallback)> _sentences;

    public DocumentReading(string text) => _sentences =
    [
        .. from sentence in DocumentSentences.Of(text)
           from patterns in DocumentPatterns.All
           where !patterns.StatesNothing(sentence)
           select (patterns, sentence, patterns.Plain(sentence), patterns.IsFallback(sentence)),
    ];

    public Reading<LocalDate> Start() => Resolve(Statements<LocalDate>(DocumentTerm.Start, (match, _) => Date(match, "date")), Text);

    public Reading<DocumentLength> Term() => Lengths(Statements<DocumentLength>(DocumentTerm.Term, Length));

    public Reading<DocumentMoney> Total() => Resolve(
        WithKnownCurrency(Statements<DocumentMoney>(DocumentTerm.Total, Money)), money => money.ToString());

    public Reading<int> NetDays() => Resolve(
        Statements<int>(DocumentTerm.NetDays, (match, _) => match.Text("zero") is null ? Count(match) : new(0, null)),
        days => string.Create(CultureInfo.InvariantCulture, $"{days} days"));

    public Reading<bool> AutoRenewal() => Resolve(
        Statements<bool>(DocumentTerm.AutoRenewal, (match, _) => new(!match.Denied, null)), renews => renews ? "renews" : "does not renew");

    public Reading<DocumentNotice> NoticePeriod() => Resolve(Statements<DocumentNotice>(DocumentTerm.NoticePeriod, Notice), Text);

    public Reading<string> PoNumber()
    {
        Statement<string>[] all =
        [
            .. Statements<string>(DocumentTerm.PoNumber, (match, _) => new(match.Text("po")!.TrimEnd('.', '-', '/', '_'), null))
                .Where(statement => statement.Value is { Length: >= 3 } po && po.Any(char.IsAsciiDigit)),
        ];
        return Resolve(all, po => po, PoComparer.Instance);
    }

    /// <summary>What is said about the currency outright; else the one that all amounts of the document share.</summary>
    /// <param name="deal">ISO code of the deal: a sign that can stand for it leaves the question open, one that cannot does not.</param>
    public Reading<string> Currency(string? deal)
    {
        Reading<string> stated = Resolve(
            Statements<string>(DocumentTerm.Currency, (match, language) => DocumentCurrencies.Of(match.Text("currency")!, language) is [var code] ? new(code, null) : new(null, "not clear")),
            code => code);
        return stated is Reading<string>.NotFound { Sentences: [] } ? OfAmounts(deal) : stated;
    }

    private Reading<string> OfAmounts(string? deal)
    {
        (ImmutableArray<string> Meant, string Sentence)[] amounts =
        [
            .. from entry in _sentences
               from match in entry.Patterns.Amounts(entry.Plain)
               let meant = DocumentCurrencies.Of(match.Text("sign")!, match.Patterns.Language)
               where !meant.IsEmpty
               select (meant, entry.Sentence),
        ];
        string[] codes = [.. amounts.Where(amount => amount.Meant.Length == 1).Select(amount => amount.Meant[0]).Distinct()];
        ImmutableArray<string> sentences = Quoted(amounts.Select(amount => amount.Sentence));
        if (amounts.Length == 0)
        {
            return new Reading<string>.NotFound(Silent, []);
        }

        if (codes.Length > 1)
        {
            return new Reading<string>.NotFound($"ambiguous: amounts in {string.Join(" and ", codes)}", sentences);
        }

        // Signs alone: a dollar sign is no euro, but whose dollar it is it does not say.
        bool open = codes.Length == 0;
        string code = open ? deal is not null && amounts.All(amount => !amount.Meant.Contains(deal)) ? amounts[0].Meant[0] : "" : codes[0];
        bool certain = code == deal || (Total() is Reading<DocumentMoney>.Found total && total.Value.Currencies.SequenceEqual(amounts[0].Meant));
        return code.Length == 0 ? new Reading<string>.NotFound("a sign such as $ does not say which currency", sentences)
            : amounts.Any(amount => !amount.Meant.Contains(code)) ? new Reading<string>.NotFound("ambiguous: amounts in more than one currency", sentences)
            : !certain ? new Reading<string>.NotFound("there are amounts in another currency, but nothing says that fees are", sentences)
            : new Reading<string>.Found(open ? string.Join('/', amounts[0].Meant) : code, sentences[..1]);
    }

    private IEnumerable<Statement<T>> Statements<T>(DocumentTerm term, Func<TermMatch, DocumentLanguage, Taken<T>> read) =>
        from entry in _sentences
        from match in entry.Patterns.Matches(term, entry.Plain)
        let taken = match.Text("doubt") is { } words ? new(default, $"the words '{words.Trim()}' leave it open")
            : match.Open ? new(default, "the sentence leaves it open")
            : read(match, entry.Patterns.Language)
        select new Statement<T>(taken.Value, taken.Doubt, entry.IsFallback, entry.Sentence);

    private static Reading<T> Resolve<T>(IEnumerable<Statement<T>> statements, Func<T, string> text, IEqualityComparer<T>? equality = null)
    {
        Statement<T>[] all = [.. statements];
        Statement<T>[] firm = [.. all.Where(statement => !statement.IsFallback)];
        Statement<T>[] counted = firm.Length > 0 ? firm : all;
        ImmutableArray<string> sentences = Quoted(counted.Select(statement => statement.Sentence));
        T[] values = [.. counted.Where(statement => statement.Doubt is null).Select(statement => statement.Value!).Distinct(equality)];
        return all.Length == 0 ? new Reading<T>.NotFound(Silent, [])
            : counted.FirstOrDefault(statement => statement.Doubt is not null) is { } doubted ? new Reading<T>.NotFound(doubted.Doubt!, sentences)
            : values.Length > 1 ? new Reading<T>.NotFound($"ambiguous: {string.Join(" and ", values.Select(text))}", sentences)
            : firm.Length == 0 ? new Reading<T>.NotFound(FallbackOnly, sentences)
            : new Reading<T>.Found(values[0], sentences);
    }

    // Months and a last day may stand side by side; each must be stated once. Which of them is compared is for the comparison to say.
    private static Reading<DocumentLength> Lengths(IEnumerable<Statement<DocumentLength>> statements)
    {
        Statement<DocumentLength>[] all = [.. statements];
        Reading<DocumentLength> months = Resolve(all.Where(statement => statement.Doubt is not null || statement.Value.Months is not null), Text);
        Reading<DocumentLength> days = Resolve(all.Where(statement => statement.Doubt is not null || statement.Value.LastDay is not null), Text);
        return (months, days) switch
        {
            (Reading<DocumentLength>.Found left, Reading<DocumentLength>.Found right) =>
                new Reading<DocumentLength>.Found(new(left.Value.Months, right.Value.LastDay), [.. left.Sentences.Union(right.Sentences)]),
            (Reading<DocumentLength>.NotFound { Sentences: [] }, _) => days,
            (_, Reading<DocumentLength>.NotFound { Sentences: [] }) => months,
            (Reading<DocumentLength>.Found, _) => days,
            _ => months,
        };
    }

    // The same amount once with a code and once with a sign that may mean it is one statement.
    private static IEnumerable<Statement<DocumentMoney>> WithKnownCurrency(IEnumerable<Statement<DocumentMoney>> statements)
    {
        Statement<DocumentMoney>[] all = [.. statements];
        return all.Select(statement => statement.Value is { Currency: null } open
            && all.Select(other => other.Value).FirstOrDefault(other => other is { Currency: { } code } && open.Currencies.Contains(code)) is { } known
            ? statement with { Value = open with { Currencies = known.Currencies } }
            : statement);
    }

    private static Taken<LocalDate> Date(TermMatch match, string group) =>
        match.Patterns.OffersAlternative(match.AfterGroup(group)) ? new(default, Choice)
        : LocalDatePattern.Iso.Parse(match.Text(group)!.Trim('@')) is { Success: true } date ? new(date.Value, null)
        : new(default, "the date can be read in more than one way, or in none");

    private static Taken<DocumentLength> Length(TermMatch match, DocumentLanguage language)
    {
        if (match.Text("lastDay") is not null)
        {
            Taken<LocalDate> day = Date(match, "lastDay");
            return new(new(null, day.Value), day.Doubt);
        }

        Taken<int> count = Count(match);
        return new(new(count.Value * language.MonthUnits[match.Text("months")!.ToLowerInvariant()], null), count.Doubt);
    }

    private static Taken<int> Count(TermMatch match) =>
        match.Text("range") is { } range ? new(default, $"a range: '{match.Text("count")}{range}'")
        : DocumentValues.IsCut(match.BeforeGroup("count"), match.AfterGroup("count")) ? new(default, Cut)
        : int.TryParse(match.Text("count"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? new(count, null)
        : new(default, "words and digits contradict each other");

    private static Taken<DocumentMoney> Money(TermMatch match, DocumentLanguage language)
    {
        bool signFirst = match.Match.Groups["sign"].Index < match.Match.Groups["number"].Index;
        bool cut = DocumentValues.IsCut(signFirst ? "" : match.BeforeGroup("number"), signFirst ? match.AfterGroup("number") : "");
        ImmutableArray<string> currencies = DocumentCurrencies.Of(match.Text("sign")!, language);
        return cut ? new(null, Cut)
            : DocumentValues.Amount(match.Text("number")!, language) is { } amount && !currencies.IsEmpty ? new(new(amount, currencies), null)
            : new(null, "the amount can be read in more than one way");
    }

    private static Taken<DocumentNotice> Notice(TermMatch match, DocumentLanguage language)
    {
        Taken<int> count = Count(match);
        bool inMonths = language.MonthUnits.TryGetValue(match.Text("days")!.ToLowerInvariant(), out int months);
        return new(inMonths ? new(count.Value * months, false) : new(count.Value, true), count.Doubt);
    }

    private static string Text(LocalDate date) => Problems.Text(date);

    private static string Text(DocumentLength length) => (length.Months, length.LastDay) switch
    {
        ({ } months, { } day) => $"{Problems.Text(months)} months, until {Problems.Text(day)}",
        ({ } months, _) => $"{Problems.Text(months)} months",
        (_, { } day) => $"until {Problems.Text(day)}",
        _ => "",
    };

    private static string Text(DocumentNotice notice) => string.Create(CultureInfo.InvariantCulture, $"{notice.Count} {(notice.InDays ? "days" : "months")}");

    private static ImmutableArray<string> Quoted(IEnumerable<string> sentences) => [.. sentences.Distinct().Take(MostQuotes).Select(Shortened)];

    private static string Shortened(string sentence) => sentence.Length <= LongestQuote ? sentence : sentence[..LongestQuote] + "…";
}
