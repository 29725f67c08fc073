using System.Runtime.CompilerServices;
using System.Text.Json;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Salesforce;

/// <summary>Reads changed opportunities, then changed lines, each in order of SystemModstamp and id, slice by slice, and carries on after interruptions.</summary>
/// <remarks>
/// SystemModstamp moves on user and system writes alike, LastModifiedDate does not. A reopened deal no longer is won, so everything the Hub
/// has put a status on is polled too. What lies in the recycle bin is read as well, or a deletion would look like no change. A line that
/// changes in a custom field leaves its opportunity's stamp alone, so lines are asked for by their own: one call more per poll.
/// Source: Salesforce object reference, system fields; REST API, QueryAll.
/// </remarks>
internal sealed class OpportunityPoll(QueryClient queries)
{
    private const int MostHalvings = 4;
    private const int MostRestarts = 5;
    private static readonly Duration LongestSlice = Duration.FromDays(30);

    public async IAsyncEnumerable<ChangedOpportunity> Changed(Instant from, Instant to, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (Source source in (Source[])[Source.Opportunities, Source.Lines])
        {
            await foreach (Row row in Rows(source, from, to, ct))
            {
                yield return row.Change;
            }
        }
    }

    private async IAsyncEnumerable<Row> Rows(Source source, Instant from, Instant to, [EnumeratorCancellation] CancellationToken ct)
    {
        (Slice slice, string? next, int restarts) = (Slice.First(from, to), null, 0);
        while (slice.Start < to)
        {
            (QueryPage? page, FailureKind? failure) = await queries.TryPage(next ?? queries.FirstPage(slice.Query(source)), ct);
            if (page is null)
            {
                restarts++;
                slice = Again(slice, failure, restarts);
                next = null;
                continue;
            }

            foreach (Row row in page.Records.Select(source.Read))
            {
                slice = slice with { Start = row.Change.SystemModstamp, After = row.Id };
                yield return row;
            }

            (next, restarts) = (page.Next, 0);
            slice = next is null ? Slice.First(slice.End, to) : slice;
        }
    }

    private static Slice Again(Slice slice, FailureKind? failure, int restarts) => failure == FailureKind.QueryTooLarge
        ? slice.Halved() ?? throw new SalesforceException(
            SalesforceFailure.Transient, "QUERY_TIMEOUT", "Salesforce cannot answer the poll in time, however short its window.")
        : restarts <= MostRestarts
            ? slice
            : throw new SalesforceException(SalesforceFailure.Transient, "INVALID_QUERY_LOCATOR", "Salesforce keeps forgetting the poll's pages.");

    /// <param name="Id">The row's own id, behind which a slice goes on.</param>
    private sealed record Row(SalesforceId Id, ChangedOpportunity Change);

    /// <summary>One of the two lists that are read.</summary>
    private sealed record Source(string Object, string[] Fields, string Filter)
    {
        public static readonly Source Opportunities =
            new("Opportunity", ["Id", "SystemModstamp", "IsWon"], "(IsWon = true OR Hub_Sync_Status__c != null)");

        public static readonly Source Lines = new(
            "OpportunityLineItem", ["Id", "SystemModstamp", "OpportunityId"], "(Opportunity.IsWon = true OR Opportunity.Hub_Sync_Status__c != null)");

        public Row Read(JsonElement json)
        {
            SalesforceRecord record = SalesforceJson.Record(Object, json);
            if (!SalesforceJson.TryInstant(record.Text("SystemModstamp"), out Instant stamp))
            {
                throw new SalesforceException(SalesforceFailure.Refused, "SystemModstamp", $"Salesforce sent a record of {Object} without a readable SystemModstamp.");
            }

            SalesforceId id = SalesforceId.Parse(record.Id);
            return new(id, record.Text("OpportunityId") is { } parent
                ? new(SalesforceId.Parse(parent), stamp, false) { OfLine = true }
                : new(id, stamp, record.Text("IsWon") == "true"));
        }
    }

    /// <param name="Start">Included, unless <paramref name="After"/> is set: then rows of this stamp count only beyond that id.</param>
    /// <param name="End">Excluded.</param>
    private sealed record Slice(Instant Start, SalesforceId? After, Instant End, int Halvings)
    {
        public static Slice First(Instant from, Instant to) => new(from, null, Instant.Min(to, from + LongestSlice), 0);

        public Slice? Halved() => Halvings < MostHalvings ? this with { End = Start + ((End - Start) / 2), Halvings = Halvings + 1 } : null;

        public SoqlQuery Query(Source source)
        {
            string stamp = Soql.DateTime(Start);
            string begin = After is { } last
                ? $"((SystemModstamp = {stamp} AND Id > {Soql.Text(last.Value)}) OR SystemModstamp > {stamp})"
                : $"SystemModstamp >= {stamp}";
            string where = $"{begin} AND SystemModstamp < {Soql.DateTime(End)} AND {source.Filter}";
            return new(source.Object, Soql.Select(source.Fields, source.Object, where, "SystemModstamp,Id"), All: true);
        }
    }
}
