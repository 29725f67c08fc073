using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Hub.Core.Contracts;
using Hub.Core.Reconciliation;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Salesforce;

/// <summary>Reads everything that was sold, deleted opportunities included, in order of id; 200 deals cost about three calls.</summary>
/// <remarks>Reconciliation can wait: it stops when the org has used 80 % of its daily allowance, so that syncing and people can go on.</remarks>
internal sealed class ContractedBook(QueryClient queries, DealReader deals, SalesforceMetrics metrics) : IContractedBook
{
    private const decimal StopAtPercent = 80;
    private const int MostRestarts = 5;

    public async IAsyncEnumerable<ContractedDeal> Deals([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (ImmutableArray<SalesforceRecord> page in Opportunities(ct))
        {
            foreach (SalesforceRecord[] chunk in page.Chunk(Soql.LargestIdList))
            {
                ThrowNearLimit();
                foreach (DealSnapshot deal in await deals.Complete([.. chunk], all: true, ct))
                {
                    yield return new(deal, deal.Opportunity.Text(RecordFields.IsDeleted) == "true");
                }
            }
        }
    }

    private async IAsyncEnumerable<ImmutableArray<SalesforceRecord>> Opportunities([EnumeratorCancellation] CancellationToken ct)
    {
        (string? next, string? last, int restarts) = (null, null, 0);
        while (true)
        {
            ThrowNearLimit();
            (QueryPage? page, FailureKind? failure) = await deals.Learning(async () =>
                await queries.TryPage(next ?? queries.FirstPage(await Query(last, ct)), ct));
            if (page is null)
            {
                restarts = failure == FailureKind.LocatorExpired && restarts < MostRestarts ? restarts + 1 : throw new SalesforceException(
                    SalesforceFailure.Transient, "QUERY_TIMEOUT", "Salesforce could not list the contracted deals in time.");
                next = null;
                continue;
            }

            ImmutableArray<SalesforceRecord> records = [.. page.Records.Select(deals.Opportunity)];
            yield return records;
            (next, last, restarts) = (page.Next, records.LastOrDefault()?.Id ?? last, 0);
            if (next is null)
            {
                yield break;
            }
        }
    }

    private async Task<SoqlQuery> Query(string? last, CancellationToken ct)
    {
        ImmutableArray<string> fields = await deals.OpportunityFields(ct);
        string pointers = string.Join("", ((string[])[F.Opportunity.StripeScheduleId, F.Opportunity.StripeSubscriptionId])
            .Where(fields.Contains).Select(field => $" OR {field} != null"));
        string after = last is null ? "" : $" AND Id > {Soql.Text(SalesforceId.Parse(last).Value)}";
        return new("Opportunity", Soql.Select(fields, "Opportunity", $"(IsWon = true OR Hub_Sync_Status__c != null{pointers}){after}", "Id"), All: true);
    }

    private void ThrowNearLimit()
    {
        if (metrics.UsedPercent >= StopAtPercent)
        {
            throw new SalesforceException(
                SalesforceFailure.LimitReached, "API_USAGE", $"{metrics.UsedPercent:0} % of Salesforce's daily API allowance is used; reading the books waits.");
        }
    }
}
