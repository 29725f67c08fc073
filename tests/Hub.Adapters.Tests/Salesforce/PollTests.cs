using Hub.Core.Contracts;
using Hub.Salesforce;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class PollTests
{
    private const string NextPage = "/services/data/v67.0/query/0r8000000000001-2000";
    private static readonly Instant To = Instant.FromUtc(2026, 11, 20, 10, 0);
    private static readonly Instant From = To - Duration.FromHours(1);
    private readonly FakeOrg _org = new();

    [Fact]
    public async Task Poll_asks_for_won_and_for_handled_opportunities_and_for_their_lines_deleted_ones_too()
    {
        await Poll(From, To);

        Assert.Equal(
            [
                "SELECT Id,SystemModstamp,IsWon FROM Opportunity WHERE SystemModstamp >= 2026-11-20T09:00:00Z AND SystemModstamp < 2026-11-20T10:00:00Z "
                + "AND (IsWon = true OR Hub_Sync_Status__c != null) ORDER BY SystemModstamp,Id",
                "SELECT Id,SystemModstamp,OpportunityId FROM OpportunityLineItem WHERE SystemModstamp >= 2026-11-20T09:00:00Z AND SystemModstamp < 2026-11-20T10:00:00Z "
                + "AND (Opportunity.IsWon = true OR Opportunity.Hub_Sync_Status__c != null) ORDER BY SystemModstamp,Id",
            ],
            _org.Data.Select(call => call.Query));
        Assert.All(_org.Data, call => Assert.EndsWith("/queryAll", call.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_line_stands_for_its_opportunity_and_pages_on_by_its_own_id()
    {
        _org.OnQuery = (soql, _) => !IsOfLines(soql) ? Answer.Page()
            : soql.Contains(" > ", StringComparison.Ordinal) ? Answer.Page(Line(2))
            : Answer.PageThen(NextPage, Line(1));
        _org.Intercept = call => call.Path == NextPage ? Answer.Error(400, "INVALID_QUERY_LOCATOR", "invalid query locator") : null;

        List<ChangedOpportunity> changes = await Poll(From, To);

        Assert.Equal([(Ids.Opportunity(1), true), (Ids.Opportunity(2), true)], changes.Select(change => (change.Id.Value, change.OfLine)));
        Assert.Contains($"Id > '{Ids.Line(1)}'", _org.Data.Last().Query, StringComparison.Ordinal);

        static object Line(int number) =>
            new { Id = Ids.Line(number), SystemModstamp = "2026-11-20T09:10:00.000+0000", OpportunityId = Ids.Opportunity(number) };
    }

    [Fact]
    public async Task Rows_are_read_with_their_stamp_and_whether_they_are_won()
    {
        OnOpportunities(_ => Answer.Page(Row(1, "2026-11-20T09:10:00.000+0000"), new { Id = Ids.Opportunity(2), SystemModstamp = "2026-11-20T09:20:00.000+0000", IsWon = false }));

        List<ChangedOpportunity> changes = await Poll(From, To);

        Assert.Equal(
            [
                new(SalesforceId.Parse(Ids.Opportunity(1)), Instant.FromUtc(2026, 11, 20, 9, 10), true),
                new(SalesforceId.Parse(Ids.Opportunity(2)), Instant.FromUtc(2026, 11, 20, 9, 20), false),
            ],
            changes);
    }

    [Fact]
    public async Task Twelve_thousand_rows_arrive_in_full_and_page_by_page()
    {
        OnOpportunities(_ => Page(0));
        _org.Intercept = call => call.Path.Contains("/query/page-", StringComparison.Ordinal) ? Page(int.Parse(call.Path.Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture)) : null;

        List<ChangedOpportunity> changes = await Poll(From, To);

        Assert.Equal(12_000, changes.Select(change => change.Id).Distinct().Count());
        Assert.Equal(6 + 1, _org.Data.Count());

        static Answer Page(int number)
        {
            object[] rows = [.. Enumerable.Range(number * 2000, 2000).Select(row => Row(row, "2026-11-20T09:10:00.000+0000"))];
            return number == 5 ? Answer.Page(rows) : Answer.PageThen($"/services/data/v67.0/query/page-{number + 1}", rows);
        }
    }

    [Fact]
    public async Task Page_without_done_and_without_next_is_the_last()
    {
        _org.OnQuery = (_, _) => new(200, """{"totalSize":0,"records":[]}""");

        Assert.Empty(await Poll(From, To));
    }

    [Theory]
    [InlineData("https://evil.example/services/data/v67.0/query/1")]
    [InlineData("//evil.example/services/data/v67.0/query/1")]
    public async Task Next_page_on_another_host_never_gets_the_token(string next)
    {
        _org.OnQuery = (_, _) => Answer.PageThen(next, Row(1, "2026-11-20T09:10:00.000+0000"));

        await Assert.ThrowsAsync<SalesforceException>(() => Poll(From, To));

        Assert.All(_org.Calls, call => Assert.Equal("acme.my.salesforce.com", call.Url.Host));
    }

    [Fact]
    public async Task Lost_locator_resumes_behind_the_last_row_even_inside_one_stamp()
    {
        OnOpportunities(soql => soql.Contains(" > ", StringComparison.Ordinal)
            ? Answer.Page(Row(2, "2026-11-20T09:10:00.000+0000"))
            : Answer.PageThen(NextPage, Row(1, "2026-11-20T09:10:00.000+0000")));
        _org.Intercept = call => call.Path == NextPage ? Answer.Error(400, "INVALID_QUERY_LOCATOR", "invalid query locator") : null;

        List<ChangedOpportunity> changes = await Poll(From, To);

        Assert.Equal([Ids.Opportunity(1), Ids.Opportunity(2)], changes.Select(change => change.Id.Value));
        Assert.Contains(
            $"((SystemModstamp = 2026-11-20T09:10:00Z AND Id > '{Ids.Opportunity(1)}') OR SystemModstamp > 2026-11-20T09:10:00Z) AND SystemModstamp < 2026-11-20T10:00:00Z",
            _org.Data.Last(call => call.Query.Contains("FROM Opportunity ", StringComparison.Ordinal)).Query,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locator_that_is_always_lost_ends_in_a_transient_error()
    {
        _org.OnQuery = (_, _) => Answer.Error(400, "INVALID_QUERY_LOCATOR");

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => Poll(From, To));

        Assert.Equal(SalesforceFailure.Transient, error.Failure);
        Assert.Equal(6, _org.Data.Count());
    }

    [Fact]
    public async Task Query_that_takes_too_long_is_halved_and_the_rest_follows()
    {
        OnOpportunities(soql => soql.Contains("< 2026-11-20T10:00:00Z", StringComparison.Ordinal) && soql.Contains(">= 2026-11-20T09:00:00Z", StringComparison.Ordinal)
            ? Answer.Error(400, "QUERY_TIMEOUT")
            : Answer.Page());

        await Poll(From, To);

        Assert.Equal(3 + 1, _org.Data.Count());
        Assert.Contains(">= 2026-11-20T09:00:00Z AND SystemModstamp < 2026-11-20T09:30:00Z", _org.Data.ElementAt(1).Query, StringComparison.Ordinal);
        Assert.Contains(">= 2026-11-20T09:30:00Z AND SystemModstamp < 2026-11-20T10:00:00Z", _org.Data.ElementAt(2).Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Halving_stops_after_four_times()
    {
        _org.OnQuery = (_, _) => Answer.Error(400, "QUERY_TIMEOUT");

        await Assert.ThrowsAsync<SalesforceException>(() => Poll(From, To));

        Assert.Equal(5, _org.Data.Count());
    }

    [Fact]
    public async Task Backfill_goes_in_slices_of_thirty_days()
    {
        await Poll(To - Duration.FromDays(70), To);

        Assert.Equal(3 + 3, _org.Data.Count());
    }

    [Fact]
    public async Task Empty_window_costs_no_call()
    {
        await Poll(To, To);

        Assert.Empty(_org.Calls);
    }

    private static bool IsOfLines(string soql) => soql.Contains("FROM OpportunityLineItem", StringComparison.Ordinal);

    private void OnOpportunities(Func<string, Answer> answer) => _org.OnQuery = (soql, _) => IsOfLines(soql) ? Answer.Page() : answer(soql);

    private static object Row(int number, string stamp) => new { Id = Ids.Opportunity(number), SystemModstamp = stamp, IsWon = true };

    private async Task<List<ChangedOpportunity>> Poll(Instant from, Instant to)
    {
        await using ServiceProvider hub = _org.Connect();
        List<ChangedOpportunity> changes = [];
        await foreach (ChangedOpportunity change in hub.GetRequiredService<ISalesforce>().Changed(from, to, CancellationToken.None))
        {
            changes.Add(change);
        }

        return changes;
    }
}
