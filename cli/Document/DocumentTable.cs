using System.Collections.Immutable;
using Hub.Core.Contracts.SignedDocuments;
using Spectre.Console;

namespace Hub.Cli.Document;

/// <summary>The comparison for people: one row per term.</summary>
internal static class DocumentTable
{
    public static void Write(string opportunityId, string document, ImmutableArray<TermCheck> checks, TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        Table table = new Table()
            .Title(Markup.Escape($"Opportunity {opportunityId} beside {document}")).Border(TableBorder.Rounded).ShowRowSeparators()
            .AddColumn(new TableColumn("Term").NoWrap()).AddColumn(new TableColumn("").NoWrap()).AddColumn("Document, deal and the sentence");
        foreach (TermCheck check in checks)
        {
            table.AddRow(Markup.Escape(check.Term.ToString()), DocumentReport.Name(check.Outcome), Markup.Escape(Lines(check)));
        }

        console.Write(table);
    }

    private static string Lines(TermCheck check) => string.Join('\n', ((string?[])
    [
        check.Document is { } stated ? $"document: {stated}" : null,
        check.Deal is { } held ? $"deal: {held}" : null,
        check.Reason,
        .. check.Sentences.Select(sentence => $"\"{sentence}\""),
    ]).OfType<string>());
}
