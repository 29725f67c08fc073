namespace Hub.Sandbox.Tests.Salesforce;

public sealed class MultiRecordTests : IAsyncLifetime
{
    private SalesforceClient salesforce = null!;

    public async Task InitializeAsync() => salesforce = await SalesforceClient.Start();

    public async Task DisposeAsync() => await salesforce.DisposeAsync();

    [Fact]
    public async Task Collection_reports_each_row_by_itself()
    {
        var answer = await salesforce.Send(HttpMethod.Post, "/composite/sobjects", new { records = new object[] { Account("a"), Account(null), Account("c") } });

        Assert.Equal(200, answer.Status);
        Assert.Equal([true, false, true], answer.Body!.AsArray().Select(row => (bool)row!["success"]!));
        Assert.Equal("REQUIRED_FIELD_MISSING", (string?)answer.Body[1]!["errors"]![0]!["statusCode"]);
        Assert.Equal("Name", (string?)answer.Body[1]!["errors"]![0]!["fields"]![0]);
        Assert.Equal(2, await Count());
    }

    [Fact]
    public async Task All_or_none_takes_the_innocent_rows_back()
    {
        var answer = await salesforce.Send(HttpMethod.Post, "/composite/sobjects", new { allOrNone = true, records = new object[] { Account("a"), Account(null) } });

        Assert.Equal(
            ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"],
            answer.Body!.AsArray().Select(row => (string)row!["errors"]![0]!["statusCode"]!));
        Assert.Equal(0, await Count());
    }

    [Fact]
    public async Task Collection_takes_200_records_and_not_one_more()
    {
        var fits = await salesforce.Send(HttpMethod.Post, "/composite/sobjects", new { records = Enumerable.Range(0, 200).Select(number => Account($"{number}")) });
        var over = await salesforce.Send(HttpMethod.Post, "/composite/sobjects", new { records = Enumerable.Range(0, 201).Select(number => Account($"{number}")) });

        Assert.Equal(200, fits.Body!.AsArray().Count);
        Assert.Equal((400, "EXCEEDED_ID_LIMIT"), (over.Status, over.ErrorCode));
        Assert.Equal(200, await Count());
    }

    [Fact]
    public async Task Collection_upsert_creates_updates_and_refuses_a_repeated_key()
    {
        await salesforce.Create("Hub_Invoice__c", new { Hub_Stripe_Invoice_Id__c = "in_1", Hub_Status__c = "Open" });

        var answer = await salesforce.Send(HttpMethod.Patch, "/composite/sobjects/Hub_Invoice__c/Hub_Stripe_Invoice_Id__c", new
        {
            records = new[] { Invoice("in_1", "Paid"), Invoice("in_2", "Open"), Invoice("in_3", "Open"), Invoice("in_3", "Paid"), Invoice("in_4", "Lost") },
        });

        var rows = answer.Body!.AsArray();
        Assert.Equal([true, true, false, false, false], rows.Select(row => (bool)row!["success"]!));
        Assert.Equal([false, true], rows.Take(2).Select(row => (bool)row!["created"]!));
        Assert.Equal(
            ["DUPLICATE_EXTERNAL_ID", "DUPLICATE_EXTERNAL_ID", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"],
            rows.Skip(2).Select(row => (string)row!["errors"]![0]!["statusCode"]!));
        Assert.Equal(2, (int)(await salesforce.Query("SELECT COUNT() FROM Hub_Invoice__c")).Body!["totalSize"]!);
    }

    [Fact]
    public async Task Collection_update_finds_records_by_id()
    {
        var id = await salesforce.Create("Account", new { Name = "a" });

        var answer = await salesforce.Send(HttpMethod.Patch, "/composite/sobjects", new
        {
            records = new object[]
            {
                new { attributes = new { type = "Account" }, id, Phone = "1" },
                new { attributes = new { type = "Account" }, id = "001D000000IRFmaIAH", Phone = "1" },
            },
        });

        Assert.Equal("NOT_FOUND", (string?)answer.Body![1]!["errors"]![0]!["statusCode"]);
        Assert.Equal("1", (string?)(await salesforce.Read("Account", id))["Phone"]);
    }

    [Fact]
    public async Task Collection_update_refuses_the_same_id_twice()
    {
        var id = await salesforce.Create("Account", new { Name = "a" });
        var row = new { attributes = new { type = "Account" }, id, Phone = "1" };

        var answer = await salesforce.Send(HttpMethod.Patch, "/composite/sobjects", new { records = new[] { row, row } });

        Assert.Equal([true, false], answer.Body!.AsArray().Select(result => (bool)result!["success"]!));
    }

    [Fact]
    public async Task Planted_row_error_hits_its_object_as_often_as_told()
    {
        await salesforce.Sandbox.Control("/sandbox/salesforce/refusals", new { @object = "Account", code = "UNABLE_TO_LOCK_ROW", times = 1 });

        var answer = await salesforce.Send(HttpMethod.Post, "/composite/sobjects", new { records = new object[] { Account("a"), Account("b") } });

        Assert.Equal("UNABLE_TO_LOCK_ROW", (string?)answer.Body![0]!["errors"]![0]!["statusCode"]);
        Assert.True((bool)answer.Body[1]!["success"]!);
    }

    [Fact]
    public async Task Collection_read_answers_null_for_what_is_missing()
    {
        var id = await salesforce.Create("Account", new { Name = "a" });

        var answer = await salesforce.Send(HttpMethod.Post, "/composite/sobjects/Account", $$"""{"ids":["001D000000IRFmaIAH","{{id}}"],"fields":["Name"]}""");
        var unknown = await salesforce.Send(HttpMethod.Post, "/composite/sobjects/Account", $$"""{"ids":["{{id}}"],"fields":["Nme"]}""");

        Assert.Null(answer.Body![0]);
        Assert.Equal("a", (string?)answer.Body[1]!["Name"]);
        Assert.Equal("INVALID_FIELD", unknown.ErrorCode);
    }

    [Fact]
    public async Task Collection_delete_reports_each_id()
    {
        var id = await salesforce.Create("Account", new { Name = "a" });

        var answer = await salesforce.Send(HttpMethod.Delete, $"/composite/sobjects?ids={id},nonsense");

        Assert.Equal([true, false], answer.Body!.AsArray().Select(row => (bool)row!["success"]!));
        Assert.Equal(0, await Count());
    }

    [Fact]
    public async Task Composite_hands_results_on_and_counts_as_one_call()
    {
        await salesforce.Sandbox.Control("/sandbox/salesforce/limits", new { used = 0 });

        var answer = await Composite(
            false,
            Part("acct", "POST", "/sobjects/Account", new { Name = "Say \"hi\"" }),
            Part("contact", "POST", "/sobjects/Contact", new { LastName = "x", AccountId = "@{acct.id}" }),
            Part("find", "GET", "/query?q=" + Uri.EscapeDataString("SELECT Id, Name FROM Account WHERE Id = '") + "@{acct.id}'"),
            Part("copy", "POST", "/sobjects/Account", new { Name = "Copy of @{find.records[0].Name}" }));

        Assert.Equal([201, 201, 200, 201], Statuses(answer));
        Assert.Equal(1, (int)(await salesforce.Query("SELECT COUNT() FROM Account WHERE Name = 'Copy of Say \"hi\"'")).Body!["totalSize"]!);
        Assert.Equal("api-usage=1/100000", answer.Headers["Sforce-Limit-Info"]);
    }

    [Fact]
    public async Task Composite_with_a_failure_goes_on_unless_it_is_all_or_none()
    {
        var parts = new[]
        {
            Part("good", "POST", "/sobjects/Account", new { Name = "a" }),
            Part("bad", "POST", "/sobjects/Account", new { Phone = "1" }),
            Part("uses", "POST", "/sobjects/Contact", new { LastName = "x", AccountId = "@{bad.id}" }),
            Part("last", "POST", "/sobjects/Account", new { Name = "b" }),
        };

        var each = await Composite(false, parts);
        var none = await Composite(true, parts);

        Assert.Equal([201, 400, 400, 201], Statuses(each));
        Assert.Equal("PROCESSING_HALTED", Code(each, 2));
        Assert.Equal([400, 400, 400, 400], Statuses(none));
        Assert.Equal(["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED", "PROCESSING_HALTED"], Enumerable.Range(0, 4).Select(index => Code(none, index)));
        Assert.Equal(2, await Count());
    }

    [Theory]
    [InlineData("""{"records":[{"attributes":"Account","Name":"x"}]}""", "INVALID_INPUT")]
    [InlineData("""{"records":[{"attributes":{"type":"Acount"},"Name":"x"}]}""", "INVALID_TYPE")]
    [InlineData("""{"records":[{"attributes":{"type":"Account"},"Name":{"a":1}}]}""", "JSON_PARSER_ERROR")]
    public async Task Misshapen_row_is_refused_as_a_row(string body, string code)
    {
        var answer = await salesforce.Send(HttpMethod.Post, "/composite/sobjects", body);

        Assert.Equal((200, code), (answer.Status, (string?)answer.Body![0]!["errors"]![0]!["statusCode"]));
    }

    [Theory]
    [InlineData("""{"records":"x"}""")]
    [InlineData("""{"records":[1]}""")]
    [InlineData("""{}""")]
    [InlineData("")]
    public async Task Misshapen_collection_is_refused_as_a_whole(string body)
    {
        var answer = await salesforce.Send(HttpMethod.Post, "/composite/sobjects", body);

        Assert.Equal((400, "JSON_PARSER_ERROR"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Composite_takes_25_parts_and_not_one_more()
    {
        object[] Parts(int count) => [.. Enumerable.Range(0, count).Select(number => Part($"r{number}", "POST", "/sobjects/Account", new { Name = "a" }))];

        Assert.Equal(200, (await Composite(false, Parts(25))).Status);
        Assert.Equal(400, (await Composite(false, Parts(26))).Status);
        Assert.Equal(25, await Count());
    }

    private static object Account(string? name) => new { attributes = new { type = "Account" }, Name = name };

    private static object Invoice(string id, string status) =>
        new { attributes = new { type = "Hub_Invoice__c" }, Hub_Stripe_Invoice_Id__c = id, Hub_Status__c = status };

    private static object Part(string referenceId, string method, string path, object? body = null) =>
        new { referenceId, method, url = "/services/data/v67.0" + path, body };

    private Task<Answer> Composite(bool allOrNone, params object[] compositeRequest) =>
        salesforce.Send(HttpMethod.Post, "/composite", new { allOrNone, compositeRequest });

    private static IEnumerable<int> Statuses(Answer answer) =>
        answer.Body!["compositeResponse"]!.AsArray().Select(part => (int)part!["httpStatusCode"]!);

    private static string? Code(Answer answer, int index) =>
        (string?)answer.Body!["compositeResponse"]![index]!["body"]!.AsArray()[0]!["errorCode"];

    private async Task<int> Count() => (int)(await salesforce.Query("SELECT COUNT() FROM Account")).Body!["totalSize"]!;
}
