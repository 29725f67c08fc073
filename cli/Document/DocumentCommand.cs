using System.Collections.Immutable;
using System.CommandLine;
using Hub.Core.Books;
using Hub.Core.Contracts;
using Hub.Core.Contracts.SignedDocuments;

namespace Hub.Cli.Document;

/// <summary><c>hub document BOOKS --opportunity ID --text FILE</c>: where the text of a signed document agrees with a deal, where it differs, and what it does not say.</summary>
internal static class DocumentCommand
{
    private const int Computed = 0;
    private const int Unreadable = HubCommand.Misused;

    public static Command Create()
    {
        var books = new Argument<string>("BOOKS") { Description = "The books file, or - for standard input." };
        var opportunity = new Option<string>("--opportunity") { Description = "Id of the opportunity, won or not.", Required = true };
        var text = new Option<string>("--text") { Description = "The document's text (.txt), or - for standard input. Extract the text of a PDF first.", Required = true };
        var format = new Option<string>("--format") { Description = "json for programs, table for people.", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong("json", "table");
        var command = new Command("document", "Compare the text of a signed document with a deal of a books file.") { books, opportunity, text, format };
        command.SetAction((parsed, ct) => Run(
            new(parsed.GetValue(books)!, parsed.GetValue(opportunity)!, parsed.GetValue(text)!, parsed.GetValue(format)!),
            Console.OpenStandardInput(), Console.Out, Console.Error, ct));
        return command;
    }

    /// <summary>0 when an answer was computed, 2 with one line per defect on <paramref name="errors"/> when something cannot be read.</summary>
    internal static async Task<int> Run(DocumentRequest request, Stream input, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        (ImmutableArray<string> defects, DealSnapshot? deal, PlanOutcome? outcome, ContractsOptions? settings, string text) = await Load(request, input, ct);
        if (deal is null || !defects.IsEmpty)
        {
            foreach (string line in defects)
            {
                await errors.WriteLineAsync(line.AsMemory(), ct);
            }

            return Unreadable;
        }

        ImmutableArray<TermCheck> checks = DocumentComparison.Compare(text, deal, outcome, settings!);
        if (request.Format == "table")
        {
            DocumentTable.Write(deal.Opportunity.Id, Named(request.Text), checks, output);
        }
        else
        {
            await output.WriteLineAsync(DocumentReport.Json(deal.Opportunity.Id, Named(request.Text), checks).AsMemory(), ct);
        }

        return Computed;
    }

    private static async Task<(ImmutableArray<string> Defects, DealSnapshot? Deal, PlanOutcome? Outcome, ContractsOptions? Settings, string Text)> Load(
        DocumentRequest request, Stream input, CancellationToken ct)
    {
        if (request.Books == "-" && request.Text == "-")
        {
            return (["standard input: either BOOKS or --text was expected to be a file; both cannot be -"], null, null, null, "");
        }

        var defects = ImmutableArray.CreateBuilder<string>();
        (byte[]? json, string? missing) = await Bytes(request.Books, "$: ", input, ct);
        BooksOutcome books = json is null
            ? new BooksOutcome.Unreadable([missing!])
            : BooksReading.Read(Named(request.Books), System.Text.Encoding.UTF8.GetString(json));
        defects.AddRange(books is BooksOutcome.Unreadable(var lines) ? lines : []);
        (DealSnapshot? deal, PlanOutcome? outcome, ContractsOptions? settings) = books is BooksOutcome.Read(var file) ? Find(file, request.Opportunity) : default;
        if (books is BooksOutcome.Read && deal is null)
        {
            defects.Add($"{Named(request.Books)}: $.salesforce.Opportunity: an opportunity with the id {request.Opportunity} was expected");
        }

        (byte[]? bytes, string? unreadable) = await Bytes(request.Text, "", input, ct);
        DocumentTextOutcome? document = bytes is null ? null : DocumentText.Of(bytes);
        if (document is not DocumentTextOutcome.Read)
        {
            defects.Add(unreadable ?? $"{Named(request.Text)}: a text file was expected; this {((DocumentTextOutcome.Refused)document!).Reason}");
        }

        return (defects.ToImmutable(), deal, outcome, settings, document is DocumentTextOutcome.Read(var text) ? text : "");
    }

    // A deal that is not won yet is planned as a new one: whoever drafts the contract wants to know before it is signed.
    private static (DealSnapshot? Deal, PlanOutcome? Outcome, ContractsOptions Settings) Find(BooksFile books, string opportunity)
    {
        string wanted = SalesforceId.OfExport(opportunity).Value;
        if (BooksPlanning.Plan(books).FirstOrDefault(planned => SalesforceId.OfExport(planned.Deal.Opportunity.Id).Value == wanted) is { } won)
        {
            return (won.Deal, won.Outcome, books.Contracts);
        }

        DealSnapshot? deal = books.Opportunities.FirstOrDefault(candidate => SalesforceId.OfExport(candidate.Opportunity.Id).Value == wanted);
        PlanOutcome? outcome = deal is null ? null : ContractPlanning.Plan(deal, BillingSnapshot.Empty, books.Zone.DateOf(books.AsOf), books.Contracts);
        return (deal, outcome, books.Contracts);
    }

    private static string Named(string path) => path == "-" ? "standard input" : path;

    private static async Task<(byte[]? Bytes, string? Defect)> Bytes(string path, string place, Stream input, CancellationToken ct)
    {
        try
        {
            if (path != "-")
            {
                return (await File.ReadAllBytesAsync(path, ct), null);
            }

            using var read = new MemoryStream();
            await input.CopyToAsync(read, ct);
            return (read.ToArray(), null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"{path}: {place}a readable file was expected ({(File.Exists(path) || Directory.Exists(path) ? "it cannot be read" : "there is none")})");
        }
    }
}

/// <param name="Format">json or table.</param>
internal sealed record DocumentRequest(string Books, string Opportunity, string Text, string Format);
