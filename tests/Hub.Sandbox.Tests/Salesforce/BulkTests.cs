using System.Globalization;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Tests.Salesforce;

public sealed class BulkTests
{
    private const string Jobs = "/jobs/query";
    private const string Accounts = "SELECT Id, Name, Phone FROM Account";

    [Fact]
    public async Task A_job_waits_runs_and_completes_by_the_sandboxs_clock()
    {
        await using var org = await SalesforceClient.Start();
        await org.Create("Account", new { Name = "Quay, \"Ltd\"" });
        Answer created = await Create(org, Accounts);
        string id = (string)created.Body!["id"]!;

        Assert.Equal(200, created.Status);
        Assert.StartsWith("750", id, StringComparison.Ordinal);
        Assert.Equal(("UploadComplete", "Account", "CSV", "COMMA", "LF"), (
            (string?)created.Body!["state"], (string?)created.Body["object"], (string?)created.Body["contentType"],
            (string?)created.Body["columnDelimiter"], (string?)created.Body["lineEnding"]));
        await Advance(org, 2);
        Assert.Equal("InProgress", await State(org, id));
        Assert.Equal(204, (await org.Get($"{Jobs}/{id}/results")).Status);
        await Advance(org, 3);
        Answer done = await org.Get($"{Jobs}/{id}");

        Assert.Equal(("JobComplete", 1, "V2Query"), ((string?)done.Body!["state"], (int?)done.Body["numberRecordsProcessed"], (string?)done.Body["jobType"]));
    }

    [Fact]
    public async Task Results_are_quoted_CSV_with_nothing_for_null()
    {
        await using var org = await SalesforceClient.Start();
        string account = await org.Create("Account", new { Name = "Quay, \"Ltd\"" });
        string id = await Completed(org, Accounts);

        using HttpResponseMessage answer = await org.Http.GetAsync(new Uri($"/services/data/v67.0{Jobs}/{id}/results", UriKind.Relative));

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("null", answer.Headers.GetValues("Sforce-Locator").Single());
        Assert.Equal("1", answer.Headers.GetValues("Sforce-NumberOfRecords").Single());
        Assert.Equal($"\"Id\",\"Name\",\"Phone\"\n\"{account}\",\"Quay, \"\"Ltd\"\"\",\"\"\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Pages_follow_locators_that_stay_the_same_and_can_be_used_again()
    {
        await using var org = await SalesforceClient.Start();
        foreach (int number in Enumerable.Range(0, 5))
        {
            await org.Create("Account", new { Name = number.ToString(CultureInfo.InvariantCulture) });
        }

        string id = await Completed(org, "SELECT Name FROM Account ORDER BY Name");
        (string first, string? second) = await Page(org, $"{Jobs}/{id}/results?maxRecords=2");
        (string next, string? third) = await Page(org, $"{Jobs}/{id}/results?maxRecords=2&locator={second}");
        (string again, _) = await Page(org, $"{Jobs}/{id}/results?maxRecords=2&locator={second}");
        (string last, string? none) = await Page(org, $"{Jobs}/{id}/results?maxRecords=2&locator={third}");

        Assert.Equal(("\"Name\"\n\"0\"\n\"1\"\n", "\"Name\"\n\"2\"\n\"3\"\n", "\"Name\"\n\"4\"\n"), (first, next, last));
        Assert.Equal((next, "null"), (again, none));
        Assert.Equal(400, (await Raw(org, $"{Jobs}/{id}/results?locator=null")).Status);
        Assert.Equal(400, (await Raw(org, $"{Jobs}/{id}/results?maxRecords=0")).Status);
    }

    [Theory]
    [InlineData("SELECT COUNT() FROM Account")]
    [InlineData("SELECT Name FROM Account GROUP BY Name")]
    [InlineData("SELECT Id FROM Account LIMIT 10 OFFSET 5")]
    [InlineData("SELECT TYPEOF What WHEN Account THEN Phone END FROM Task")]
    [InlineData("SELECT Id, (SELECT Id FROM Contacts) FROM Account")]
    [InlineData("SELECT Id, BillingAddress FROM Account")]
    [InlineData("SELECT FIELDS(STANDARD) FROM Account")]
    public async Task What_bulk_cannot_do_is_refused_when_the_job_is_created(string soql)
    {
        await using var org = await SalesforceClient.Start();

        Answer refused = await Create(org, soql);

        Assert.Equal((400, "API_ERROR"), (refused.Status, refused.ErrorCode));
    }

    [Fact]
    public async Task Parent_fields_may_be_selected_and_unknown_ones_are_refused()
    {
        await using var org = await SalesforceClient.Start();
        string account = await org.Create("Account", new { Name = "Quay" });
        await org.Create("Contact", new { LastName = "Iversen", AccountId = account });
        string id = await Completed(org, "SELECT Account.Name, CreatedDate FROM Contact");

        Assert.Equal("\"Account.Name\",\"CreatedDate\"\n\"Quay\",\"2026-01-05T06:00:00.000Z\"\n", (await Page(org, $"{Jobs}/{id}/results")).Text);
        Assert.Equal("INVALID_FIELD", (await Create(org, "SELECT Nothing FROM Contact")).ErrorCode);
        Assert.Equal(404, (await org.Send(HttpMethod.Post, $"/services/data/v46.0{Jobs}", new { operation = "query", query = Accounts })).Status);
    }

    [Fact]
    public async Task QueryAll_has_deleted_rows_and_query_has_not()
    {
        await using var org = await SalesforceClient.Start();
        string account = await org.Create("Account", new { Name = "Quay" });
        await org.Send(HttpMethod.Delete, $"/sobjects/Account/{account}");

        Assert.Equal("0", await Rows(org, "query"));
        Assert.Equal("1", await Rows(org, "queryAll"));
    }

    [Fact]
    public async Task Only_a_running_job_is_aborted_and_only_an_ended_one_deleted()
    {
        await using var org = await SalesforceClient.Start();
        string id = (string)(await Create(org, Accounts)).Body!["id"]!;

        Assert.Equal((400, "API_ERROR"), Both(await org.Send(HttpMethod.Delete, $"{Jobs}/{id}")));
        Assert.Equal("Aborted", (string?)(await org.Send(HttpMethod.Patch, $"{Jobs}/{id}", new { state = "Aborted" })).Body!["state"]);
        Assert.Equal((400, "INVALIDJOBSTATE"), Both(await org.Send(HttpMethod.Patch, $"{Jobs}/{id}", new { state = "Aborted" })));
        Assert.Single((await org.Get(Jobs)).Body!["records"]!.AsArray());
        Assert.Equal(204, (await org.Send(HttpMethod.Delete, $"{Jobs}/{id}")).Status);
        Assert.Equal(404, (await org.Get($"{Jobs}/{id}")).Status);
    }

    [Fact]
    public async Task Failed_jobs_and_lost_locators_can_be_planted()
    {
        await using var org = await SalesforceClient.Start();
        await org.Create("Account", new { Name = "0" });
        await org.Create("Account", new { Name = "1" });
        await org.Sandbox.Control("/sandbox/salesforce/bulk", new { fail = 1, pageSize = 1 });
        string failed = (string)(await Create(org, Accounts)).Body!["id"]!;
        string id = await Completed(org, Accounts);

        Assert.Equal("Failed", await State(org, failed));
        (_, string? locator) = await Page(org, $"{Jobs}/{id}/results");
        await org.Sandbox.Control("/sandbox/salesforce/bulk", new { expireLocators = true });
        Assert.Equal(400, (await Raw(org, $"{Jobs}/{id}/results?locator={locator}")).Status);
        Assert.Equal(200, (await Raw(org, $"{Jobs}/{id}/results")).Status);
    }

    [Fact]
    public async Task Results_are_gone_after_seven_days()
    {
        await using var org = await SalesforceClient.Start();
        string id = await Completed(org, Accounts);
        await Advance(org, 8 * 86_400);
        await org.LogIn();

        Assert.Equal(404, (await org.Get($"{Jobs}/{id}")).Status);
    }

    private static (int Status, string? Code) Both(Answer answer) => (answer.Status, answer.ErrorCode);

    private static Task<Answer> Create(SalesforceClient org, string soql, string operation = "query") =>
        org.Send(HttpMethod.Post, Jobs, new { operation, query = soql });

    private static async Task<string> Completed(SalesforceClient org, string soql, string operation = "query")
    {
        Answer created = await Create(org, soql, operation);
        Assert.True(created.Status == 200, created.Text);
        await Advance(org, 10);
        return (string)created.Body!["id"]!;
    }

    private static async Task<string?> State(SalesforceClient org, string id) => (string?)(await org.Get($"{Jobs}/{id}")).Body!["state"];

    private static async Task<string> Rows(SalesforceClient org, string operation) =>
        (await org.Get($"{Jobs}/{await Completed(org, Accounts, operation)}")).Body!["numberRecordsProcessed"]!.ToJsonString();

    private static Task<JsonNode> Advance(SalesforceClient org, int seconds) => org.Sandbox.Control("/sandbox/clock/advance", new { seconds });

    private static async Task<(string Text, string? Locator)> Page(SalesforceClient org, string path)
    {
        (int status, string text, string? locator) = await Raw(org, path);
        Assert.True(status == 200, text);
        return (text, locator);
    }

    private static async Task<(int Status, string Text, string? Locator)> Raw(SalesforceClient org, string path)
    {
        using HttpResponseMessage answer = await org.Http.GetAsync(new Uri("/services/data/v67.0" + path, UriKind.Relative));
        string? locator = answer.Headers.TryGetValues("Sforce-Locator", out IEnumerable<string>? values) ? values.Single() : null;
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), locator);
    }
}
