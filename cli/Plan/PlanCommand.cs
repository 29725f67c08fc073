using System.Collections.Immutable;
using System.CommandLine;
using Hub.Core.Books;
using Hub.Stripe;

namespace Hub.Cli.Plan;

/// <summary><c>hub plan BOOKS</c>: what every won opportunity of a books file will be billed, or why it cannot be.</summary>
internal static class PlanCommand
{
    private const int Computed = 0;
    private const int Unreadable = HubCommand.Misused;

    public static Command Create()
    {
        var books = new Argument<string>("BOOKS") { Description = "The books file, or - for standard input." };
        var format = new Option<string>("--format") { Description = "json for programs, table for people, html for a page with a timeline.", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong("json", "table", "html");
        var command = new Command("plan", "Show what each won opportunity of a books file will be billed, or why it cannot be.") { books, format };
        command.SetAction((parsed, ct) =>
            Run(parsed.GetValue(books)!, parsed.GetValue(format)!, Console.In, Console.Out, Console.Error, ct));
        return command;
    }

    /// <summary>0 when an answer was computed, 2 with one line per defect on <paramref name="errors"/> when the file cannot be read.</summary>
    internal static async Task<int> Run(string path, string format, TextReader input, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        (string? json, string? defect) = await Load(path, input, ct);
        BooksOutcome outcome = json is null ? new BooksOutcome.Unreadable([defect!]) : BooksReading.Read(path == "-" ? "standard input" : path, json);
        if (outcome is BooksOutcome.Unreadable(var defects))
        {
            foreach (string line in defects)
            {
                await errors.WriteLineAsync(line.AsMemory(), ct);
            }

            return Unreadable;
        }

        ImmutableArray<PlannedDeal> deals = BooksPlanning.Plan(((BooksOutcome.Read)outcome).Books);
        var report = new PlanReport(new StripePlannedSteps());
        switch (format)
        {
            case "table":
                PlanTable.Write(deals, output);
                break;
            case "html":
                await output.WriteAsync(report.Html(deals).AsMemory(), ct);
                break;
            default:
                await output.WriteLineAsync(report.Json(deals).AsMemory(), ct);
                break;
        }

        return Computed;
    }

    private static async Task<(string? Json, string? Defect)> Load(string path, TextReader input, CancellationToken ct)
    {
        if (path == "-")
        {
            return (await input.ReadToEndAsync(ct), null);
        }

        try
        {
            return (await File.ReadAllTextAsync(path, ct), null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"{path}: $: a readable file was expected ({(File.Exists(path) || Directory.Exists(path) ? "it cannot be read" : "there is none")})");
        }
    }
}
