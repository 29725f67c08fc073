using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Tests.Salesforce;

public sealed class QueryTests : IAsyncLifetime
{
    private SalesforceClient salesforce = null!;

    public async Task InitializeAsync() => salesforce = await SalesforceClient.Start();

    public async Task DisposeAsync() => await salesforce.DisposeAsync();

    [Fact]
    public async Task Values_are_spelled_as_the_service_spells_them()
    {
        await salesforce.Sandbox.Control("/sandbox/salesforce/records", new
        {
            Opportunity = new[]
            {
                new
                {
                    Name = "Müller & Söhne",
                    StageName = "Closed Won",
                    Amount = 12_345_678m,
                    CloseDate = "2026-01-04",
                    Hub_Term_Months__c = 12,
                    LastStageChangeDate = "2026-01-04T10:43:17.000+0000",
                },
            },
        });

        var answer = await salesforce.Query("SELECT Id, Name, Amount, CloseDate, Hub_Term_Months__c, IsWon, PushCount, LastStageChangeDate FROM Opportunity");

        var record = answer.Body!["records"]![0]!;
        Assert.Equal(1, (int)answer.Body["totalSize"]!);
        Assert.True((bool)answer.Body["done"]!);
        Assert.Equal("Müller & Söhne", (string?)record["Name"]);
        Assert.Equal("1.2345678E7", record["Amount"]!.ToJsonString());
        Assert.Equal("12.0", record["Hub_Term_Months__c"]!.ToJsonString());
        Assert.Equal("2026-01-04", (string?)record["CloseDate"]);
        Assert.Equal("2026-01-04T10:43:17.000+0000", (string?)record["LastStageChangeDate"]);
        Assert.True((bool)record["IsWon"]!);
        Assert.Null(record["PushCount"]);
        Assert.Equal("/services/data/v67.0/sobjects/Opportunity/" + record["Id"], (string?)record["attributes"]!["url"]);
        Assert.Equal("application/json;charset=UTF-8", answer.Headers.GetValueOrDefault("Content-Type", "application/json;charset=UTF-8"));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_loss_or_repetition()
    {
        await Accounts(450);

        var first = await salesforce.Query("SELECT Name FROM Account ORDER BY Name", ("Sforce-Query-Options", "batchSize=200"));
        var second = await salesforce.Get((string)first.Body!["nextRecordsUrl"]!, ("Sforce-Query-Options", "batchSize=200"));
        var third = await salesforce.Get((string)second.Body!["nextRecordsUrl"]!, ("Sforce-Query-Options", "batchSize=200"));

        Assert.Matches("^/services/data/v67.0/query/0r8[A-Za-z0-9]{15}-200$", (string)first.Body["nextRecordsUrl"]!);
        Assert.Equal([450, 450, 450], new[] { first, second, third }.Select(page => (int)page.Body!["totalSize"]!));
        Assert.Equal([false, false, true], new[] { first, second, third }.Select(page => (bool)page.Body!["done"]!));
        Assert.Null(third.Body!["nextRecordsUrl"]);
        var names = new[] { first, second, third }.SelectMany(page => page.Body!["records"]!.AsArray()).Select(record => (string)record!["Name"]!);
        Assert.Equal(Enumerable.Range(0, 450).Select(number => $"Account {number:000}"), names);
    }

    [Fact]
    public async Task Page_sizes_below_200_are_raised_unless_the_sandbox_forces_them()
    {
        await Accounts(210);

        var asked = await salesforce.Query("SELECT Id FROM Account", ("Sforce-Query-Options", "batchSize=5"));
        await salesforce.Sandbox.Control("/sandbox/salesforce/paging", new { pageSize = 7 });
        var forced = await salesforce.Query("SELECT Id FROM Account");

        Assert.Equal(200, asked.Body!["records"]!.AsArray().Count);
        Assert.Equal(7, forced.Body!["records"]!.AsArray().Count);
    }

    [Fact]
    public async Task Locator_is_refused_after_two_days()
    {
        await Accounts(210);
        var first = await salesforce.Query("SELECT Id FROM Account", ("Sforce-Query-Options", "batchSize=200"));

        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { seconds = (2 * 86_400) + 1 });
        await salesforce.LogIn();
        var late = await salesforce.Get((string)first.Body!["nextRecordsUrl"]!);

        Assert.Equal(400, late.Status);
        Assert.Equal("INVALID_QUERY_LOCATOR", late.ErrorCode);
    }

    [Fact]
    public async Task Plus_sign_in_an_address_is_a_blank()
    {
        await Accounts(1);

        Assert.Equal(200, (await salesforce.Get("/query?q=SELECT+Id+FROM+Account")).Status);
    }

    [Fact]
    public async Task Refused_query_answers_400_with_an_array_of_errors()
    {
        var answer = await salesforce.Query("SELECT Nonsense FROM Account");

        Assert.Equal(400, answer.Status);
        Assert.Equal("INVALID_FIELD", answer.ErrorCode);
        Assert.Contains("No such column 'Nonsense' on entity 'Account'", (string?)answer.Body![0]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_of_350_ids_fits_the_request_line_and_one_of_700_does_not()
    {
        Assert.Equal(200, await Listed(350));
        Assert.Equal(414, await Listed(700));
    }

    [Fact]
    public async Task Server_time_and_usage_are_in_the_headers()
    {
        await salesforce.Sandbox.AdvanceTo("2026-01-05T07:08:09Z");

        var first = await salesforce.Get("/limits");
        var second = await salesforce.Get("/limits");

        Assert.Equal("Mon, 05 Jan 2026 07:08:09 GMT", first.Headers["Date"]);
        Assert.Equal("api-usage=1/100000", first.Headers["Sforce-Limit-Info"]);
        Assert.Equal("api-usage=2/100000", second.Headers["Sforce-Limit-Info"]);
        Assert.Equal(99_998, (int)second.Body!["DailyApiRequests"]!["Remaining"]!);
    }

    [Fact]
    public async Task Used_up_allowance_answers_403_until_the_calls_are_a_day_old()
    {
        await salesforce.Sandbox.Control("/sandbox/salesforce/limits", new { max = 1 });
        Assert.Equal(200, (await salesforce.Get("/limits")).Status);

        var refused = await salesforce.Get("/limits");
        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { days = 1 });
        await salesforce.LogIn();

        Assert.Equal(403, refused.Status);
        Assert.Equal("REQUEST_LIMIT_EXCEEDED", refused.ErrorCode);
        Assert.Equal(200, (await salesforce.Get("/limits")).Status);
    }

    [Theory]
    [InlineData("/services/data/v30.0/limits", 410)]
    [InlineData("/services/data/v99.0/limits", 404)]
    [InlineData("/services/data/v67/limits", 404)]
    [InlineData("/services/data/v67.0/nonsense", 404)]
    [InlineData("/services/apexrest/x", 404)]
    public async Task Unknown_versions_and_resources_are_told_apart(string path, int status) =>
        Assert.Equal(status, (await salesforce.Get(path)).Status);

    [Fact]
    public async Task Answers_are_compressed_when_the_caller_asks_for_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/services/data/v67.0/sobjects/Opportunity/describe", UriKind.Relative));
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await salesforce.Http.SendAsync(request);
        await using var unzipped = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);

        var described = await JsonNode.ParseAsync(unzipped);

        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        Assert.Equal("Opportunity", (string?)described!["name"]);
    }

    [Fact]
    public async Task Describe_tells_what_the_hub_relies_on()
    {
        var fields = (await salesforce.Get("/sobjects/Hub_Invoice__c/describe")).Body!["fields"]!.AsArray()
            .ToDictionary(field => (string)field!["name"]!, field => field!);

        Assert.True((bool)fields["Hub_Stripe_Invoice_Id__c"]["externalId"]!);
        Assert.True((bool)fields["Hub_Stripe_Invoice_Id__c"]["unique"]!);
        Assert.Equal("currency", (string?)fields["Hub_Total__c"]["type"]);
        Assert.Equal(["Open", "Paid", "Void", "Written Off"], fields["Hub_Status__c"]["picklistValues"]!.AsArray().Select(value => (string)value!["value"]!));
        Assert.False((bool)fields["SystemModstamp"]["updateable"]!);
        Assert.Contains("CurrencyIsoCode", fields.Keys);
    }

    private async Task<int> Listed(int count)
    {
        var ids = string.Join(',', Enumerable.Range(1, count).Select(number => $"'{Hub.Sandbox.Salesforce.RecordIds.Create("006", number)}'"));

        var path = "/services/data/v67.0/query?q=" + Uri.EscapeDataString($"SELECT Id FROM Opportunity WHERE Id IN ({ids})");
        using var response = await salesforce.Http.GetAsync(new Uri(path, UriKind.Relative));
        return (int)response.StatusCode;
    }

    private Task<JsonNode> Accounts(int count) => salesforce.Sandbox.Control(
        "/sandbox/salesforce/records", new { Account = Enumerable.Range(0, count).Select(number => new { Name = $"Account {number:000}" }) });
}
