using Hub.Core.Reconciliation;
using Hub.Salesforce;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class ContractedBookTests
{
    private readonly FakeOrg _org = new();

    [Fact]
    public async Task Deleted_opportunities_come_with_the_lines_that_went_with_them()
    {
        _org.OnQuery = (soql, _) => DealTests.From(soql) switch
        {
            "Opportunity" => Answer.Page(new { Id = Ids.Opportunity(1), IsDeleted = false }, new { Id = Ids.Opportunity(2), IsDeleted = true }),
            "OpportunityLineItem" => Answer.Page(
                new { Id = Ids.Line(1), OpportunityId = Ids.Opportunity(1), IsDeleted = false },
                new { Id = Ids.Line(2), OpportunityId = Ids.Opportunity(1), IsDeleted = true },
                new { Id = Ids.Line(3), OpportunityId = Ids.Opportunity(2), IsDeleted = true }),
            _ => Answer.Page(),
        };

        List<ContractedDeal> deals = await Read();

        Assert.Equal([false, true], deals.Select(deal => deal.IsDeleted));
        Assert.Equal([Ids.Line(1)], deals[0].Deal.Lines.Select(line => line.Id));
        Assert.Equal([Ids.Line(3)], deals[1].Deal.Lines.Select(line => line.Id));
        Assert.All(_org.Data.Where(call => call.Path.Contains("/query", StringComparison.Ordinal)), call => Assert.EndsWith("/queryAll", call.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_won_or_carrying_a_pointer_is_listed()
    {
        await Read();

        Assert.Contains(
            "WHERE (IsWon = true OR Hub_Sync_Status__c != null OR Hub_Stripe_Schedule_Id__c != null OR Hub_Stripe_Subscription_Id__c != null) ORDER BY Id",
            _org.Data.Single(call => call.Query.Length > 0).Query,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_locator_resumes_behind_the_last_deal()
    {
        _org.OnQuery = (soql, _) => DealTests.From(soql) != "Opportunity" ? Answer.Page()
            : soql.Contains("Id > ", StringComparison.Ordinal) ? Answer.Page(new { Id = Ids.Opportunity(2) })
            : Answer.PageThen("/services/data/v67.0/query/gone", new { Id = Ids.Opportunity(1) });
        _org.Intercept = call => call.Path.EndsWith("/gone", StringComparison.Ordinal) ? Answer.Error(400, "INVALID_QUERY_LOCATOR") : null;

        Assert.Equal([Ids.Opportunity(1), Ids.Opportunity(2)], (await Read()).Select(deal => deal.Deal.Opportunity.Id));
    }

    [Fact]
    public async Task Reading_the_books_waits_when_four_fifths_of_the_allowance_are_used()
    {
        _org.OnQuery = (_, _) => Answer.PageThen("/services/data/v67.0/query/next", new { Id = Ids.Opportunity(1) }) with { LimitInfo = "api-usage=80/100" };

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(Read);

        Assert.Equal(SalesforceFailure.LimitReached, error.Failure);
    }

    private async Task<List<ContractedDeal>> Read()
    {
        await using ServiceProvider hub = _org.Connect();
        List<ContractedDeal> deals = [];
        await foreach (ContractedDeal deal in hub.GetRequiredService<IContractedBook>().Deals(CancellationToken.None))
        {
            deals.Add(deal);
        }

        return deals;
    }
}
