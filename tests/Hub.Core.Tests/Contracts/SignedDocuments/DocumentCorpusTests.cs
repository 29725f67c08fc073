using System.Globalization;
using Hub.Core.Contracts.SignedDocuments;
using Xunit.Abstractions;

namespace Hub.Core.Tests.Contracts.SignedDocuments;

/// <summary>The rules against what a careful reader says: never a wrong claim, and a known number of missed ones.</summary>
public sealed class DocumentCorpusTests(ITestOutputHelper output)
{
    /// <summary>Statements of the corpus that the rules leave as not found: as docs/documents.md says.</summary>
    private const int Missed = 9;

    public static TheoryData<Snippet> Snippets => new(DocumentCorpus.All);

    [Theory]
    [MemberData(nameof(Snippets))]
    public void No_claim_is_wrong(Snippet snippet) => Assert.Empty(Claims(snippet).Except(Truth(snippet)));

    [Fact]
    public void Most_of_what_is_stated_is_found()
    {
        (string Name, string Term)[] missed = [.. DocumentCorpus.All.SelectMany(snippet => Truth(snippet).Except(Claims(snippet)).Select(term => (snippet.Name, term)))];
        int claims = DocumentCorpus.All.Sum(snippet => Claims(snippet).Length);
        int right = DocumentCorpus.All.Sum(snippet => Claims(snippet).Intersect(Truth(snippet)).Count());
        int stated = DocumentCorpus.All.Sum(snippet => Truth(snippet).Length);
        foreach ((string name, var pieces) in new[] { ("first", DocumentCorpus.First), ("second", DocumentCorpus.Second), ("third", DocumentCorpus.Third), ("fourth", DocumentCorpus.Fourth) })
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {pieces.Length} pieces, {pieces.Sum(piece => Truth(piece).Length)} statements, {pieces.Sum(piece => Claims(piece).Length)} claims, {pieces.Sum(piece => Claims(piece).Intersect(Truth(piece)).Count())} right"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DocumentCorpus.All.Length} pieces, {stated} statements, {claims} claims, {right} right"));
        Assert.True(missed.Length <= Missed, string.Join('\n', missed));
    }

    private static string[] Truth(Snippet snippet) => snippet.Truth.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Claims(Snippet snippet) =>
    [
        .. DocumentCorpus.Check(snippet.Text)
            .Where(check => check.Outcome is TermOutcome.Agrees or TermOutcome.Differs)
            .Select(check => $"{char.ToLowerInvariant(check.Term.ToString()[0])}{check.Term.ToString()[1..]}:{DocumentReport.Name(check.Outcome)}"),
    ];
}
