using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hub.Core.Contracts.SignedDocuments;
using Xunit.Abstractions;

namespace Hub.Core.Tests.Contracts.SignedDocuments;

/// <summary>What holds for every text.</summary>
public sealed class DocumentPropertyTests(ITestOutputHelper output)
{
    // Words that contracts are full of, none of which states a term by itself.
    private static readonly string[] Words =
    [
        "the", "agreement", "supplier", "customer", "shall", "party", "services", "data", "liability", "confidential", "invoice", "days", "months", "total",
        "term", "renew", "notice", "start", "date", "payment", "currency", "order", "12", "45", "2026", "(", ")", ".", ",", ":", "\n", "not", "any", "of", "and",
        "USD", "$", "1,000", "terminate", "automatically", "effective", "law", "Dublin", "warranty", "purchase", "number", "net", "is", "für", "Vertrag", "Laufzeit",
    ];

    private static readonly string[] Irrelevant =
    [
        "Each party shall keep the other party's confidential information secret.",
        "This Agreement is governed by the laws of Ireland.",
        "Supplier warrants that the Services conform to the documentation for 90 days after delivery.",
        "Either party may terminate this Agreement for material breach not cured within 30 days.",
        "The liability of either party is limited to USD 50,000 per event.",
        "Customer data is deleted 45 days after the end of the contract.",
        "Fees may be increased once per year by at most 5 %.",
        "Support is available from 9 to 17 o'clock on business days.",
        "A party that is late owes interest of 8 % per year from the due date.",
        "On 3 March 2026 the parties signed a letter of intent.",
        "The parties agree that emails are sufficient as written form.",
        "Acme Ltd, 12 Harbour Road, Dublin, registered under number 445566.",
    ];

    [Fact]
    public void Irrelevant_sentences_in_any_order_never_differ() => Prop
        .ForAll(Gen.Elements(Irrelevant).ArrayOf().ToArbitrary(), sentences =>
            DocumentCorpus.Check(string.Join(' ', sentences)).All(check => check.Outcome != TermOutcome.Differs))
        .QuickCheckThrowOnFailure();

    // Random words may spell a statement by chance ("term 12 months"); what they may not do is fail, or leave a claim without its sentence.
    [Fact]
    public void Any_text_is_read_and_every_claim_quotes_it() => Prop
        .ForAll(Gen.Elements(Words).ArrayOf().ToArbitrary(), words =>
        {
            string text = string.Join(' ', words);
            return DocumentCorpus.Check(text).All(check =>
                check.Outcome == TermOutcome.NotFound ? check.Document is null && check.Reason is not null : !check.Sentences.IsEmpty && check.Document is not null);
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_characters_are_read() => Prop
        .ForAll<string>(text => DocumentCorpus.Check(text ?? "").Length == 8)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_irrelevant_around_a_statement_does_not_change_it() => Prop
        .ForAll(Gen.Elements(Irrelevant).ArrayOf().ToArbitrary(), Gen.Elements(Irrelevant).ArrayOf().ToArbitrary(), (before, after) =>
            DocumentCorpus.Check($"{string.Join(' ', before)} This Agreement commences on 1 February 2027. {string.Join(' ', after)}")
                .Single(check => check.Term == DocumentTerm.Start) is { Outcome: TermOutcome.Differs, Document: "2027-02-01" })
        .QuickCheckThrowOnFailure();

    // No pattern backtracks (DocumentPatterns), so near misses in bulk cost no more than other text. The figure is reported, not asserted.
    [Fact]
    public void Three_hundred_kilobytes_of_near_misses_are_read()
    {
        string[] nearMisses =
        [
            "this agreement (the agreement (the agreement ", "total total total fees price amount value of of of ", "within thirty forty fifty sixty ", "term of term of term of ",
            "1 2 3 4 5 6 7 8 9 0 ", "shall not shall not automatically not ", "from from from 1. 2. 3. ", "purchase order purchase order no no no ",
        ];
        var text = new StringBuilder();
        for (int index = 0; text.Length < 300_000; index++)
        {
            text.Append(nearMisses[index % nearMisses.Length]).Append(index % 40 == 39 ? ".\nNext " : "");
        }

        text.Append(".\n\nThis Agreement commences on 1 February 2027.");
        var watch = Stopwatch.StartNew();
        ImmutableArray<TermCheck> checks = DocumentCorpus.Check(text.ToString());
        output.WriteLine($"{text.Length} characters in {watch.ElapsedMilliseconds} ms");

        Assert.Equal("2027-02-01", checks[0].Document);
    }
}
