using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>Sets the text attached to a won opportunity beside its plan (<c>Contracts:SignedDocuments</c>).</summary>
public sealed class CheckSignedDocument(ISignedDocuments documents, IOptions<ContractsOptions> options, ILogger<CheckSignedDocument> log)
{
    /// <summary>The outcome with what the document has against it: problems where it blocks, else notes.</summary>
    /// <remarks>
    /// A contract that Stripe bills already is not refused any more: that would mend nothing, so its differences are notes in either mode.
    /// Off asks Salesforce nothing.
    /// </remarks>
    public async Task<PlanOutcome> Check(DealSnapshot deal, PlanOutcome outcome, CancellationToken ct)
    {
        SignedDocumentMode mode = options.Value.SignedDocuments;
        if (mode == SignedDocumentMode.Off || outcome is PlanOutcome.Held || !SalesforceId.TryParse(deal.Opportunity.Id, out SalesforceId id))
        {
            return outcome;
        }

        bool blocks = mode == SignedDocumentMode.Block && outcome is not PlanOutcome.Unchanged;
        ImmutableArray<Problem> found = await Find(id, deal, outcome, blocks ? ProblemSeverity.Refuses : ProblemSeverity.Note, ct);
        log.DocumentChecked(id, found.Length);
        return (found, outcome) switch
        {
            ([], _) => outcome,
            (_, PlanOutcome.Rejected(var problems)) => new PlanOutcome.Rejected([.. problems, .. found]),
            _ when blocks => new PlanOutcome.Rejected(found),
            _ => outcome with { Notes = found },
        };
    }

    private async Task<ImmutableArray<Problem>> Find(
        SalesforceId id, DealSnapshot deal, PlanOutcome outcome, ProblemSeverity severity, CancellationToken ct)
    {
        AttachedFiles attached = await documents.Attached(id, ct);
        SignedFileChoice choice = attached is AttachedFiles.Listed(var files)
            ? SignedFiles.Choose(files)
            : new SignedFileChoice.Unclear($"the Hub may not see the files ({((AttachedFiles.Refused)attached).Code})");
        return choice switch
        {
            SignedFileChoice.Unclear(var reason) => [Unreadable(deal, reason, severity)],
            SignedFileChoice.Chosen(var file) => DocumentText.Of((await documents.Read(file, ct)).Span) switch
            {
                DocumentTextOutcome.Read(var text) =>
                    DocumentComparison.Differences(file.Title, DocumentComparison.Compare(text, deal, outcome, options.Value), severity),
                DocumentTextOutcome.Refused(var reason) => [Unreadable(deal, $"'{file.Title}' {reason}", severity)],
                _ => throw new System.Diagnostics.UnreachableException(),
            },
            _ => [],
        };
    }

    private static Problem Unreadable(DealSnapshot deal, string reason, ProblemSeverity severity) => new(
        ProblemCodes.DocumentUnreadable, deal.Opportunity.Object, deal.Opportunity.Id, F.Id, null,
        $"The signed document was not compared: {reason}.",
        "Attach one .txt file with its text (of several, name the right one signed), and let the integration user see it.")
    {
        Severity = severity,
    };
}
