using System.Runtime.CompilerServices;
using System.Text.Json;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Salesforce;

/// <summary>Reads changed opportunities in order of SystemModstamp and id, slice by slice, and carries on after interruptions.</summary>
/// <remarks>
/// SystemModstamp moves on user and system writes alike, LastModifiedDate does not. A reopened deal no longer is won, so everything the Hub
/// has put a status on is polled too. Source: Salesforce object reference, system fields.
/// </remarks>
internal sealed class OpportunityPoll(QueryClient queries)
{
    private const int MostHalvings = 4;
    private const int MostRestarts = 5;
    private static readonly Duration LongestSlice = Duration.FromDays(30);

    public async IAsyncEnumerable<ChangedOpportunity> Changed(Instant from, Instant to, [EnumeratorCancellation] CancellationToken ct)
    {
        (Slice slice, string? next, int restarts) = (Slice.First(from, to), null, 0);
        while (slice.Start < to)
        {
            (QueryPage? page, FailureKind? failure) = await queries.TryPage(next ?? queries.FirstPage(slice.Query()), ct);
            if (page is null)
            {
                restarts++;
                slice = Again(slice, failure, restarts);
                next = null;
                continue;
            }

            foreach (ChangedOpportunity change in page.Records.Select(Read))
            {
                slice = slice with { Start = change.SystemModstamp, After = change.Id };
                yield return change;
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

    private static ChangedOpportunity Read(JsonElement json)
    {
        SalesforceRecord record = SalesforceJson.Record("Opportunity", json);
        return SalesforceJson.TryInstant(record.Text("SystemModstamp"), out Instant stamp)
            ? new(SalesforceId.Parse(record.Id), stamp, record.Text("IsWon") == "true")
            : throw new SalesforceException(SalesforceFailure.Refused, "SystemModstamp", "Salesforce sent an opportunity without a readable SystemModstamp.");
    }

    /// <param name="Start">Included, unless <paramref name="After"/> is set: then rows of this stamp count only beyond that id.</param>
    /// <param name="End">Excluded.</param>
    private sealed record Slice(Instant Start, SalesforceId? After, Instant End, int Halvings)
    {
        public static Slice First(Instant from, Instant to) => new(from, null, Instant.Min(to, from + LongestSlice), 0);

        public Slice? Halved() => Halvings < MostHalvings ? this with { End = Start + ((End - Start) / 2), Halvings = Halvings + 1 } : null;

        public SoqlQuery Query()
        {
            string stamp = Soql.DateTime(Start);
            string begin = After is { } last
                ? $"((SystemModstamp = {stamp} AND Id > {Soql.Text(last.Value)}) OR SystemModstamp > {stamp})"
                : $"SystemModstamp >= {stamp}";
            return new(
                "Opportunity",
                Soql.Select(
                    ["Id", "SystemModstamp", "IsWon"],
                    "Opportunity",
                    $"{begin} AND SystemModstamp < {Soql.DateTime(End)} AND (IsWon = true OR Hub_Sync_Status__c != null)",
                    "SystemModstamp,Id"),
                All: false);
        }
    }
}
