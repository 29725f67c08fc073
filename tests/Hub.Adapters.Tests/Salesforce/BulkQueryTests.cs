using System.Globalization;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Salesforce;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class BulkQueryTests
{
    private const string Job = "750000000000001AAA";
    private const string Path = "/services/data/v67.0/jobs/query";
    private static readonly Duration Patience = Duration.FromMinutes(10);
    private readonly FakeOrg _org = new();
    private readonly Queue<string> _states = new();

    public BulkQueryTests() => _org.Intercept = Answered;

    private Func<Call, Answer?> Results { get; set; } = _ => null;

    [Fact]
    public async Task A_job_asks_for_what_was_won_since_the_cut_off_and_for_imports_by_their_close_date()
    {
        string id = await Ask(backlog => backlog.Begin(Instant.FromUtc(2025, 12, 31, 23, 0), new(2026, 1, 1), CancellationToken.None));

        Assert.Equal(Job, id);
        Call created = Assert.Single(_org.Data);
        Assert.Equal((HttpMethod.Post, Path), (created.Method, created.Path));
        using JsonDocument body = JsonDocument.Parse(created.Body);
        Assert.Equal("query", body.RootElement.GetProperty("operation").GetString());
        Assert.Equal(
            "SELECT Id, LastStageChangeDate, CloseDate FROM Opportunity WHERE IsWon = true AND (LastStageChangeDate >= 2025-12-31T23:00:00Z "
            + "OR (LastStageChangeDate = null AND CloseDate >= 2026-01-01))",
            body.RootElement.GetProperty("query").GetString());
    }

    [Fact]
    public async Task Waiting_asks_less_and_less_often()
    {
        foreach (string state in (string[])["UploadComplete", "InProgress", "InProgress", "InProgress", "InProgress", "InProgress", "InProgress", "JobComplete"])
        {
            _states.Enqueue(state);
        }

        BacklogJob job = await Ask(backlog => backlog.Wait(Job, Patience, CancellationToken.None));

        Assert.Equal(new BacklogJob.Complete(7), job);
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], _org.Time.Waits.Select(wait => (int)wait.TotalSeconds));
    }

    [Fact]
    public async Task A_job_that_outlasts_the_patience_is_left_alone()
    {
        BacklogJob job = await Ask(backlog => backlog.Wait(Job, Duration.FromSeconds(10), CancellationToken.None));

        Assert.Equal(new BacklogJob.Running("InProgress"), job);
        Assert.Equal([1, 2, 4, 3], _org.Time.Waits.Select(wait => (int)wait.TotalSeconds));
        Assert.All(_org.Data, call => Assert.Equal(HttpMethod.Get, call.Method));
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Aborted")]
    public async Task A_failed_or_aborted_job_is_a_value(string state)
    {
        _states.Enqueue(state);

        Assert.IsType<BacklogJob.Failed>(await Ask(backlog => backlog.Wait(Job, Patience, CancellationToken.None)));
    }

    [Fact]
    public async Task A_job_that_is_not_known_any_more_is_gone()
    {
        _org.Intercept = call => call.Path == $"{Path}/{Job}" ? Answer.Error(404, "NOT_FOUND") : null;

        Assert.IsType<BacklogJob.Gone>(await Ask(backlog => backlog.Wait(Job, Patience, CancellationToken.None)));
    }

    [Fact]
    public async Task A_page_is_read_by_its_header_with_quotes_line_breaks_and_empty_values()
    {
        Results = _ => Csv("\"CloseDate\",\"Id\",\"LastStageChangeDate\"\r\n"
            + $"\"2026-01-09\",\"{Ids.Opportunity(1)}\",\"2026-01-08T23:30:00.000Z\"\r\n"
            + $"\"2026-01-09\",\"{Ids.Opportunity(2)}\",\"\"\r\n", 2, "MTAwMDA");

        BacklogPage? page = await Page("abc/d=");

        Assert.Equal("MTAwMDA", page!.Next);
        WonOpportunity[] expected = [new(Id(1), Instant.FromUtc(2026, 1, 8, 23, 30), new(2026, 1, 9)), new(Id(2), null, new(2026, 1, 9))];
        Assert.Equal(expected, page.Rows.ToArray());
        Assert.Equal("?maxRecords=500&locator=abc%2Fd%3D", _org.Data.Last().Url.Query);
        Assert.Equal("text/csv", _org.Data.Last().Headers["Accept"]);
    }

    [Fact]
    public async Task A_page_without_header_is_read_in_the_order_of_the_question_and_null_ends_the_list()
    {
        Results = _ => Csv($"\"{Ids.Opportunity(3)}\",\"\",\"2026-01-09\"\n", 1, "null");

        BacklogPage? page = await Page(null);

        Assert.Equal((1, null), (page!.Rows.Length, page.Next));
        Assert.Equal("?maxRecords=500", _org.Data.Last().Url.Query);
    }

    [Theory]
    [InlineData(3, "null", "\"Id\",\"LastStageChangeDate\",\"CloseDate\"\n\"006000000000001AAA\",\"\",\"\"\n")]
    [InlineData(1, null, "\"Id\",\"LastStageChangeDate\",\"CloseDate\"\n\"006000000000001AAA\",\"\",\"\"\n")]
    [InlineData(1, "null", "\"Id\",\"LastStageChangeDate\",\"CloseDate\"\n\"006000000000001AAA\",\"\n")]
    [InlineData(1, "null", "\"Id\",\"LastStageChangeDate\"\n\"006000000000001AAA\",\"\"\n")]
    [InlineData(1, "null", "\"Id\",\"LastStageChangeDate\",\"CloseDate\"\n\"\",\"\",\"\"\n")]
    public async Task A_page_that_is_not_whole_is_read_again_later(int told, string? locator, string text)
    {
        Results = _ => Csv(text, told, locator);

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => Page(null));

        Assert.Equal(SalesforceFailure.Transient, error.Failure);
    }

    [Fact]
    public async Task A_lost_locator_is_a_value_and_a_refused_first_page_is_not()
    {
        Results = _ => Answer.Error(400, "API_ERROR", "invalid locator");

        Assert.Null(await Page("MTAwMDA"));
        await Assert.ThrowsAsync<SalesforceException>(() => Page(null));
    }

    [Fact]
    public async Task A_maintenance_page_instead_of_CSV_is_asked_for_again()
    {
        int asked = 0;
        Results = _ => ++asked == 1 ? new(200, "<html></html>", "text/html") : Csv("\"Id\",\"LastStageChangeDate\",\"CloseDate\"\n", 0, "null");

        Assert.Empty((await Page(null))!.Rows);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task The_list_waits_when_the_org_has_used_most_of_its_daily_allowance()
    {
        Results = _ => Csv("\"Id\",\"LastStageChangeDate\",\"CloseDate\"\n", 0, "null") with { LimitInfo = "api-usage=80001/100000" };

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => Ask(async backlog =>
        {
            Assert.NotNull(await backlog.Page(Job, null, 500, CancellationToken.None));
            return await backlog.Page(Job, null, 500, CancellationToken.None);
        }));

        Assert.Equal(SalesforceFailure.LimitReached, error.Failure);
    }

    [Fact]
    public async Task Only_an_ended_job_is_deleted()
    {
        await Ask(async backlog =>
        {
            await backlog.Remove(Job, CancellationToken.None);
            _states.Enqueue("JobComplete");
            await backlog.Remove(Job, CancellationToken.None);
            return 0;
        });

        Assert.Equal(["GET", "GET", "DELETE"], _org.Data.Select(call => call.Method.Method));
    }

    [Fact]
    public async Task A_stored_id_never_leaves_the_jobs_address()
    {
        await Assert.ThrowsAsync<SalesforceException>(() => Ask(backlog => backlog.Wait("../../query", Patience, CancellationToken.None)));

        Assert.Empty(_org.Data);
    }

    private static SalesforceId Id(int number) => SalesforceId.Parse(Ids.Opportunity(number));

    private static Answer Csv(string text, int told, string? locator)
    {
        Dictionary<string, string> headers = new() { ["Sforce-NumberOfRecords"] = told.ToString(CultureInfo.InvariantCulture) };
        if (locator is not null)
        {
            headers["Sforce-Locator"] = locator;
        }

        return new(200, text, "text/csv; charset=UTF-8") { Headers = headers };
    }

    private Answer? Answered(Call call) => (call.Method.Method, call.Path) switch
    {
        ("POST", Path) => new(200, $$"""{"id":"{{Job}}","state":"UploadComplete"}"""),
        ("GET", $"{Path}/{Job}") => new(200, $$"""{"id":"{{Job}}","state":"{{(_states.Count > 0 ? _states.Dequeue() : "InProgress")}}","numberRecordsProcessed":7}"""),
        ("DELETE", $"{Path}/{Job}") => new(204, "", null),
        ("GET", $"{Path}/{Job}/results") => Results(call),
        _ => null,
    };

    private Task<BacklogPage?> Page(string? locator) => Ask(backlog => backlog.Page(Job, locator, 500, CancellationToken.None));

    private async Task<T> Ask<T>(Func<IWonBacklog, Task<T>> question)
    {
        await using ServiceProvider hub = _org.Connect();
        return await question(hub.GetRequiredService<IWonBacklog>());
    }
}
