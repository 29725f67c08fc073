using System.Collections.Immutable;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Text;

namespace Hub.Salesforce;

/// <summary>Won opportunities since a cut-off, by query jobs. The statement has no order: ordering would keep Salesforce from splitting the job.</summary>
/// <remarks>
/// When an opportunity was won is the last change of its stage; the close date is the seller's own and only stands in where that is empty,
/// as on records that were imported as won. Source: Salesforce object reference, Opportunity.
/// </remarks>
internal sealed class WonBacklog(BulkQuery bulk, SalesforceMetrics metrics) : IWonBacklog
{
    private const decimal StopAtPercent = 80;
    private const string StageChanged = "LastStageChangeDate";
    private const string Closed = "CloseDate";
    private static readonly ImmutableArray<string> Columns = ["Id", StageChanged, Closed];

    public Task<string> Begin(Instant since, LocalDate sinceDate, CancellationToken ct) => bulk.Create(
        new(
            "Opportunity",
            $"SELECT {string.Join(", ", Columns)} FROM Opportunity WHERE IsWon = true AND ({StageChanged} >= {Soql.DateTime(since)} "
            + $"OR ({StageChanged} = null AND {Closed} >= {LocalDatePattern.Iso.Format(sinceDate)}))",
            All: false),
        ct);

    public Task<BacklogJob> Wait(string jobId, Duration patience, CancellationToken ct) => bulk.Wait(jobId, patience.ToTimeSpan(), ct);

    /// <remarks>The past can wait: when the org has used 80 % of its daily allowance, what happens now and people keep the rest.</remarks>
    public async Task<BacklogPage?> Page(string jobId, string? locator, int most, CancellationToken ct) => metrics.UsedPercent < StopAtPercent
        ? await bulk.Page(jobId, locator, most, Columns, ct) is { } page ? new([.. page.Rows.Select(Read)], page.Next) : null
        : throw new SalesforceException(
            SalesforceFailure.LimitReached, "API_USAGE", $"{metrics.UsedPercent:0} % of Salesforce's daily API allowance is used; the backfill waits. Run it again later.");

    public Task Remove(string jobId, CancellationToken ct) => bulk.Remove(jobId, ct);

    private static WonOpportunity Read(ImmutableArray<string?> row) => row is [{ } id, var changed, var closed] && SalesforceId.TryParse(id, out SalesforceId known)
        ? new(known, SalesforceJson.TryInstant(changed, out Instant stamp) ? stamp : null, Date(closed))
        : throw new SalesforceException(SalesforceFailure.Transient, "BULK_ROW", "Salesforce's query job listed an opportunity without an id.");

    private static LocalDate? Date(string? text) => LocalDatePattern.Iso.Parse(text ?? "") is { Success: true } date ? date.Value : null;
}
