using System.Text.RegularExpressions;

namespace Hub.Architecture.Tests;

/// <summary>What the documents point at exists; each rule was seen to fail on a planted violation.</summary>
public sealed partial class DocumentationTests
{
    private static readonly SourceTree Repository = SourceTree.OfTheRepository();

    [Fact]
    public void Relative_links_lead_to_a_file_or_folder()
    {
        SourceTree planted = SourceTree.Planted(
            ("README.md", "[gone](docs/gone.md), [here](docs/here.md#part), [out](https://example.org/x.md), [folder](docs)"),
            ("docs/here.md", "[back](../README.md) ![picture](flow.svg)"));

        Assert.Equal(["README.md: docs/gone.md", "docs/here.md: flow.svg"], Dangling(planted));
        Assert.Empty(Dangling(Repository));
    }

    [Fact]
    public void Decisions_have_a_number_of_their_own_and_a_place_in_the_list()
    {
        SourceTree planted = SourceTree.Planted(
            ("docs/adr/README.md", "[0001](0001-one.md)"),
            ("docs/adr/0001-one.md", "# 0001 · One"),
            ("docs/adr/0001-two.md", "# 0001 · Two"),
            ("docs/adr/0002-three.md", "# 0003 · Three"));

        Assert.Equal(
            [
                "docs/adr/0001-two.md: number 0001 is taken", "docs/adr/0001-two.md: not listed",
                "docs/adr/0002-three.md: heading", "docs/adr/0002-three.md: not listed",
            ],
            MisnumberedDecisions(planted));
        Assert.Empty(MisnumberedDecisions(Repository));
    }

    [Fact]
    public void Conventions_that_code_and_documents_cite_are_written_down()
    {
        SourceTree planted = SourceTree.Planted(
            ("docs/conventions.md", "| C1 | Dates. |"),
            ("core/Contracts/Dates.cs", "// Midnight (C1), the day after (convention C2)."));

        Assert.Equal(["core/Contracts/Dates.cs: C2"], UnknownConventions(planted));
        Assert.Empty(UnknownConventions(Repository));
    }

    private static IEnumerable<string> Dangling(SourceTree tree) =>
        from document in tree.Documents()
        from Match link in Link().Matches(document.Text)
        let target = link.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !Scheme().IsMatch(target)
        let full = Path.Combine(tree.Root, Path.GetDirectoryName(document.Path)!, target)
        where !File.Exists(full) && !Directory.Exists(full)
        select $"{document.Path}: {target}";

    private static IEnumerable<string> MisnumberedDecisions(SourceTree tree)
    {
        string list = tree.Read("docs/adr/README.md");
        var taken = new HashSet<string>();
        foreach (SourceFile page in tree.Documents().Where(document => Decision().IsMatch(document.Path)))
        {
            string number = Path.GetFileName(page.Path)[..4];
            if (!taken.Add(number))
            {
                yield return $"{page.Path}: number {number} is taken";
            }

            if (!page.Text.StartsWith($"# {number} · ", StringComparison.Ordinal))
            {
                yield return $"{page.Path}: heading";
            }

            if (!list.Contains($"[{number}]({Path.GetFileName(page.Path)})", StringComparison.Ordinal))
            {
                yield return $"{page.Path}: not listed";
            }
        }
    }

    private static IEnumerable<string> UnknownConventions(SourceTree tree)
    {
        string known = tree.Read("docs/conventions.md");
        return
            from file in tree.CSharp("core", "adapters", "functions", "host", "cli", "bench").Concat(tree.Documents())
            from Match cited in Convention().Matches(file.Text)
            where !known.Contains($"| {cited.Value} |", StringComparison.Ordinal)
            select $"{file.Path}: {cited.Value}";
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Scheme();

    [GeneratedRegex("^docs/adr/[0-9]{4}-[^/]+$")]
    private static partial Regex Decision();

    [GeneratedRegex(@"\bC[1-9][0-9]?\b")]
    private static partial Regex Convention();
}
