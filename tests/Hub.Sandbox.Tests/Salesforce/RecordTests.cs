using System.Globalization;
using Hub.Sandbox.Salesforce;

namespace Hub.Sandbox.Tests.Salesforce;

public sealed class RecordTests : IAsyncLifetime
{
    private SalesforceClient salesforce = null!;

    public async Task InitializeAsync() => salesforce = await SalesforceClient.Start();

    public async Task DisposeAsync() => await salesforce.DisposeAsync();

    [Fact]
    public async Task Created_record_has_a_checked_id_and_the_servers_stamps()
    {
        var id = await salesforce.Create("Account", new { Name = "  Acme  ", Phone = "" });

        var account = await salesforce.Read("Account", id);
        Assert.Equal(id, RecordIds.Normalise(id));
        Assert.StartsWith("001", id, StringComparison.Ordinal);
        Assert.Equal("Acme", (string?)account["Name"]);
        Assert.Null(account["Phone"]);
        Assert.Equal("2026-01-05T06:00:00.000+0000", (string?)account["CreatedDate"]);
        Assert.Equal("2026-01-05T06:00:00.000+0000", (string?)account["SystemModstamp"]);
        Assert.False((bool)account["IsDeleted"]!);
    }

    [Theory]
    [InlineData("Account", """{"Name":"x","Nonsense":1}""", "INVALID_FIELD")]
    [InlineData("Account", """{"Phone":"1"}""", "REQUIRED_FIELD_MISSING")]
    [InlineData("Account", """{"Name":"x","SystemModstamp":"2026-01-01T00:00:00Z"}""", "INVALID_FIELD_FOR_INSERT_UPDATE")]
    [InlineData("Account", """{"Name":"x","Id":"001000000000001AAA"}""", "INVALID_FIELD_FOR_INSERT_UPDATE")]
    [InlineData("Account", """{"Name":"x","Hub_Tax_Exempt__c":"maybe"}""", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")]
    [InlineData("Account", """{"Name":"x","ParentId":"12"}""", "MALFORMED_ID")]
    [InlineData("Account", """{"Name":"x","ParentId":"003Hb00000000g8AAA"}""", "MALFORMED_ID")]
    [InlineData("Account", """{"Name":"x","ParentId":"001D000000IRFma"}""", "INVALID_CROSS_REFERENCE_KEY")]
    [InlineData("Account", """{"Name":5}""", "JSON_PARSER_ERROR")]
    [InlineData("Account", """{"Name":"x" """, "JSON_PARSER_ERROR")]
    [InlineData("Account", "[]", "JSON_PARSER_ERROR")]
    [InlineData("Account", """{"Name":"x","Name":"y"}""", "JSON_PARSER_ERROR")]
    [InlineData("Account", """{"Name":"\ud800"}""", "JSON_PARSER_ERROR")]
    [InlineData("Contact", """{"LastName":"x","Email":"nobody"}""", "INVALID_EMAIL_ADDRESS")]
    [InlineData("Opportunity", """{"Name":"x","StageName":"Won","CloseDate":"2026-01-01"}""", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")]
    [InlineData("Opportunity", """{"Name":"x","StageName":"Prospecting","CloseDate":"01/02/2026"}""", "JSON_PARSER_ERROR")]
    [InlineData("Opportunity", """{"Name":"x","StageName":"Prospecting","CloseDate":"2026-01-01","IsWon":true}""", "INVALID_FIELD_FOR_INSERT_UPDATE")]
    [InlineData("Opportunity", """{"Name":"x","StageName":"Prospecting","CloseDate":"2026-01-01","Hub_Free_Months__c":100}""", "NUMBER_OUTSIDE_VALID_RANGE")]
    [InlineData("User", """{"Username":"x"}""", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")]
    public async Task Impossible_record_is_refused_and_leaves_nothing(string type, string body, string code)
    {
        var before = (await salesforce.Get($"/query?q=SELECT COUNT() FROM {type}")).Body!["totalSize"]!.ToJsonString();

        var answer = await salesforce.Send(HttpMethod.Post, $"/sobjects/{type}", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal(code, answer.ErrorCode);
        Assert.Equal(before, (await salesforce.Get($"/query?q=SELECT COUNT() FROM {type}")).Body!["totalSize"]!.ToJsonString());
    }

    [Fact]
    public async Task Text_over_its_length_is_refused_with_the_field()
    {
        var answer = await salesforce.Send(HttpMethod.Post, "/sobjects/Account", new { Name = new string('x', 256) });

        Assert.Equal("STRING_TOO_LONG", answer.ErrorCode);
        Assert.Equal("Name", (string?)answer.Body![0]!["fields"]![0]);
        Assert.EndsWith("(max length=255)", (string?)answer.Body[0]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_moves_the_stamp_keeps_what_is_absent_and_clears_null()
    {
        var id = await salesforce.Create("Account", new { Name = "Acme", Phone = "1", Website = "https://acme.example" });
        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { seconds = 61 });

        var answer = await salesforce.Send(HttpMethod.Patch, $"/sobjects/Account/{id[..15]}", new { Phone = (string?)null });

        var account = await salesforce.Read("Account", id);
        Assert.Equal(204, answer.Status);
        Assert.Empty(answer.Text);
        Assert.Null(account["Phone"]);
        Assert.Equal("https://acme.example", (string?)account["Website"]);
        Assert.Equal("2026-01-05T06:01:01.000+0000", (string?)account["SystemModstamp"]);
        Assert.Equal("2026-01-05T06:00:00.000+0000", (string?)account["CreatedDate"]);
    }

    [Fact]
    public async Task Unique_value_is_refused_a_second_time_with_the_holders_id()
    {
        var holder = await salesforce.Create("Account", new { Name = "a", Hub_Stripe_Customer_Id__c = "cus_1" });

        var answer = await salesforce.Send(HttpMethod.Post, "/sobjects/Account", new { Name = "b", Hub_Stripe_Customer_Id__c = "cus_1" });

        Assert.Equal("DUPLICATE_VALUE", answer.ErrorCode);
        Assert.Contains(holder[..15], (string?)answer.Body![0]!["message"], StringComparison.Ordinal);
        await salesforce.Create("Account", new { Name = "c", Hub_Stripe_Customer_Id__c = "CUS_1" });
    }

    [Fact]
    public async Task Upsert_creates_then_updates_one_record()
    {
        const string path = "/sobjects/Hub_Invoice__c/Hub_Stripe_Invoice_Id__c/in_1Q%2Fx";

        var first = await salesforce.Send(HttpMethod.Patch, path, new { Hub_Status__c = "Open", Hub_Total__c = 7.25 });
        var second = await salesforce.Send(HttpMethod.Patch, path, new { Hub_Status__c = "Paid" });

        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.True((bool)first.Body!["created"]!);
        Assert.False((bool)second.Body!["created"]!);
        Assert.Equal((string?)first.Body["id"], (string?)second.Body["id"]);
        var invoice = (await salesforce.Get(path)).Body!;
        Assert.Equal(("in_1Q/x", "Paid", "7.25"), ((string?)invoice["Hub_Stripe_Invoice_Id__c"], (string?)invoice["Hub_Status__c"], invoice["Hub_Total__c"]!.ToJsonString()));
    }

    [Fact]
    public async Task Upsert_that_may_only_update_answers_404_when_there_is_nothing()
    {
        var answer = await salesforce.Send(HttpMethod.Patch, "/sobjects/Hub_Invoice__c/Hub_Stripe_Invoice_Id__c/in_9?updateOnly=true", new { Hub_Status__c = "Open" });

        Assert.Equal(404, answer.Status);
        Assert.Equal("NOT_FOUND", answer.ErrorCode);
    }

    [Theory]
    [InlineData("/sobjects/Hub_Invoice__c/Hub_Stripe_Invoice_Id__c/in_1", """{"Hub_Stripe_Invoice_Id__c":"in_1"}""", 400, "INVALID_FIELD")]
    [InlineData("/sobjects/Hub_Invoice__c/Hub_Stripe_Invoice_Id__c/in_1", """{"Id":"a0H000000000001AAA"}""", 400, "INVALID_FIELD_FOR_INSERT_UPDATE")]
    [InlineData("/sobjects/Hub_Invoice__c/Hub_Invoice_Number__c/1", "{}", 404, "NOT_FOUND")]
    [InlineData("/sobjects/Hub_Invoice__c/Hub_Stripe_Invoice_Id__c/page.inc", "{}", 404, "NOT_FOUND")]
    public async Task Impossible_upsert_is_refused(string path, string body, int status, string code)
    {
        var answer = await salesforce.Send(HttpMethod.Patch, path, body);

        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Ambiguous_external_id_answers_300_with_addresses_and_changes_nothing()
    {
        await salesforce.Create("Product2", new { Name = "one", ExternalId = "E1" });
        await salesforce.Create("Product2", new { Name = "two", ExternalId = "e1" });

        var answer = await salesforce.Send(HttpMethod.Patch, "/sobjects/Product2/ExternalId/E1", new { Name = "three" });

        Assert.Equal(300, answer.Status);
        Assert.Equal(2, answer.Body!.AsArray().Count);
        Assert.StartsWith("/services/data/v67.0/sobjects/Product2/01t", (string?)answer.Body[0], StringComparison.Ordinal);
        Assert.Equal(0, (int)(await salesforce.Query("SELECT COUNT() FROM Product2 WHERE Name = 'three'")).Body!["totalSize"]!);
    }

    [Fact]
    public async Task Write_is_refused_when_the_record_changed_after_the_callers_date()
    {
        var id = await salesforce.Create("Account", new { Name = "Acme" });
        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { seconds = 10 });
        await salesforce.Send(HttpMethod.Patch, $"/sobjects/Account/{id}", new { Name = "Acme 2" });

        var late = await salesforce.Send(HttpMethod.Patch, $"/sobjects/Account/{id}", new { Name = "3" }, ("If-Unmodified-Since", "Mon, 05 Jan 2026 06:00:05 GMT"));
        var current = await salesforce.Send(HttpMethod.Patch, $"/sobjects/Account/{id}", new { Name = "4" }, ("If-Unmodified-Since", "Mon, 05 Jan 2026 06:00:10 GMT"));

        Assert.Equal((412, 204), (late.Status, current.Status));
        Assert.Equal("4", (string?)(await salesforce.Read("Account", id))["Name"]);
    }

    [Fact]
    public async Task Deleted_record_is_gone_for_reads_and_there_for_queryAll()
    {
        var id = await salesforce.Create("Account", new { Name = "Acme", Hub_Stripe_Customer_Id__c = "cus_1" });

        Assert.Equal(204, (await salesforce.Send(HttpMethod.Delete, $"/sobjects/Account/{id}")).Status);

        var read = await salesforce.Get($"/sobjects/Account/{id}");
        var write = await salesforce.Send(HttpMethod.Patch, $"/sobjects/Account/{id}", new { Name = "x" });
        var all = await salesforce.Get("/queryAll?q=" + Uri.EscapeDataString("SELECT Id FROM Account WHERE IsDeleted = true"));
        Assert.Equal((404, "ENTITY_IS_DELETED"), (read.Status, read.ErrorCode));
        Assert.Equal((404, "ENTITY_IS_DELETED"), (write.Status, write.ErrorCode));
        Assert.Equal(id, (string?)all.Body!["records"]![0]!["Id"]);
        await salesforce.Create("Account", new { Name = "new", Hub_Stripe_Customer_Id__c = "cus_1" });
    }

    [Theory]
    [InlineData("Account", "nonsense", 400, "MALFORMED_ID")]
    [InlineData("Account", "001D000000IRFmaIAH", 404, "NOT_FOUND")]
    [InlineData("Order", "801D000000IRFma", 404, "NOT_FOUND")]
    public async Task Record_that_is_not_there_is_refused_by_what_is_wrong(string type, string id, int status, string code)
    {
        var answer = await salesforce.Get($"/sobjects/{type}/{id}");

        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Merged_account_leaves_its_children_to_the_master()
    {
        var master = await salesforce.Create("Account", new { Name = "master" });
        var loser = await salesforce.Create("Account", new { Name = "loser" });
        var contact = await salesforce.Create("Contact", new { LastName = "x", AccountId = loser });

        await salesforce.Sandbox.Control("/sandbox/salesforce/merge", new { @object = "Account", master, loser });

        var gone = await salesforce.Get("/queryAll?q=" + Uri.EscapeDataString("SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true"));
        Assert.Equal(master, (string?)(await salesforce.Read("Contact", contact))["AccountId"]);
        Assert.Equal((loser, master), ((string?)gone.Body!["records"]![0]!["Id"], (string?)gone.Body["records"]![0]!["MasterRecordId"]));
    }

    [Fact]
    public async Task Changes_remember_the_client_that_made_them()
    {
        var id = await salesforce.Create("Account", new { Name = "Acme" });
        await salesforce.Send(HttpMethod.Patch, $"/sobjects/Account/{id}", new { Phone = "1" }, ("Sforce-Call-Options", "client=StripeHub"));

        var change = (await salesforce.Sandbox.Control("/sandbox/salesforce/changes")).AsArray()[^1]!;

        Assert.Equal(("update", id, "StripeHub", "Phone"), ((string?)change["kind"], (string?)change["id"], (string?)change["client"], (string?)change["fields"]![0]));
    }

    [Fact]
    public async Task Changed_and_deleted_ids_are_listed_by_stamp()
    {
        var kept = await salesforce.Create("Account", new { Name = "kept" });
        var gone = await salesforce.Create("Account", new { Name = "gone" });
        await salesforce.Send(HttpMethod.Delete, $"/sobjects/Account/{gone}");
        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { seconds = 60 });
        var span = string.Create(CultureInfo.InvariantCulture, $"start={Uri.EscapeDataString("2026-01-05T05:00:00+00:00")}&end={Uri.EscapeDataString("2026-01-05T06:00:30Z")}");

        var updated = await salesforce.Get("/sobjects/Account/updated/?" + span);
        var deleted = await salesforce.Get("/sobjects/Account/deleted/?" + span);

        Assert.Equal([kept], updated.Body!["ids"]!.AsArray().Select(id => (string)id!));
        Assert.Equal("2026-01-05T06:00:30.000+0000", (string?)updated.Body["latestDateCovered"]);
        Assert.Equal(gone, (string?)deleted.Body!["deletedRecords"]![0]!["id"]);
    }
}
