using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Core.Contracts;
using Hub.Salesforce;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class WriteBackTests
{
    private readonly FakeOrg _org = new();

    public WriteBackTests() => Answering(_ => null);

    [Fact]
    public async Task Rows_go_out_as_one_collections_update_with_exact_values()
    {
        ImmutableArray<WriteBackResult> results = await Write(
            Row("Opportunity", Ids.Opportunity(1), ("Hub_Sync_Status__c", "Billing active"), ("Hub_Contracted_Total__c", 9999999999999999.99m), ("Hub_Sync_Message__c", null)),
            Row("Account", Ids.Of("001", 1), ("Hub_Stripe_Customer_Id__c", "cus_1")));

        Call call = Assert.Single(Writes);
        Assert.Equal((HttpMethod.Patch, "/services/data/v67.0/composite/sobjects"), (call.Method, call.Path));
        JsonElement body = JsonSerializer.Deserialize<JsonElement>(call.Body);
        Assert.False(body.GetProperty("allOrNone").GetBoolean());
        JsonElement opportunity = Sent(call).Single(row => row.GetProperty("id").GetString() == Ids.Opportunity(1));
        Assert.Equal("Opportunity", opportunity.GetProperty("attributes").GetProperty("type").GetString());
        Assert.Equal("9999999999999999.99", opportunity.GetProperty("Hub_Contracted_Total__c").GetRawText());
        Assert.Equal(JsonValueKind.Null, opportunity.GetProperty("Hub_Sync_Message__c").ValueKind);
        Assert.Equal(5, opportunity.EnumerateObject().Count());
        Assert.All(results, result => Assert.IsType<WriteBackResult.Written>(result));
    }

    [Fact]
    public async Task Four_hundred_and_one_rows_take_three_calls_and_keep_their_places()
    {
        WriteBack[] rows = [.. Enumerable.Range(0, 401).Select(number => Row("Opportunity", Ids.Opportunity(number), ("Hub_Sync_Status__c", "Held")))];
        Answering(row => row.GetProperty("id").GetString() == Ids.Opportunity(250) ? ("REQUIRED_FIELD_MISSING", "Name") : null);

        ImmutableArray<WriteBackResult> results = await Write(rows);

        Assert.Equal([200, 200, 1], Writes.Select(call => Sent(call).Length));
        Assert.Equal("REQUIRED_FIELD_MISSING", Assert.IsType<WriteBackResult.Refused>(results[250]).Code);
        Assert.Equal(400, results.Count(result => result is WriteBackResult.Written));
    }

    [Fact]
    public async Task Objects_form_at_most_one_run_each_inside_a_call()
    {
        await Write([.. Enumerable.Range(0, 50).SelectMany(number => (WriteBack[])
        [
            Row("Opportunity", Ids.Opportunity(number), ("Hub_Sync_Status__c", "Held")),
            Row("Account", Ids.Of("001", number), ("Hub_Stripe_Customer_Id__c", $"cus_{number}")),
        ])]);

        string[] types = [.. Sent(Writes.Single()).Select(row => row.GetProperty("attributes").GetProperty("type").GetString()!)];
        Assert.Equal(1, types.Zip(types.Skip(1)).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public async Task Record_named_twice_goes_into_two_calls_in_order()
    {
        await Write(
            Row("Opportunity", Ids.Opportunity(1), ("Hub_Sync_Status__c", "Waiting")),
            Row("Opportunity", Ids.Opportunity(1), ("Hub_Sync_Status__c", "Held")));

        Assert.Equal(["Waiting", "Held"], Writes.Select(call => Sent(call).Single().GetProperty("Hub_Sync_Status__c").GetString()));
    }

    [Theory]
    [InlineData("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access")]
    [InlineData("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Trigger: UNABLE_TO_LOCK_ROW")]
    public async Task Locked_row_is_busy_and_the_others_are_written(string code, string message)
    {
        Answering(row => row.GetProperty("id").GetString() == Ids.Opportunity(2) ? (code, message) : null);

        ImmutableArray<WriteBackResult> results = await Write(
            Row("Opportunity", Ids.Opportunity(1), ("Hub_Sync_Status__c", "Held")), Row("Opportunity", Ids.Opportunity(2), ("Hub_Sync_Status__c", "Held")));

        Assert.Equal((WriteBackResult[])[new WriteBackResult.Written(), new WriteBackResult.Busy(code)], results.AsEnumerable());
        Assert.Single(Writes);
        Assert.Empty(_org.Time.Waits);
    }

    [Fact]
    public async Task Call_that_is_refused_as_a_whole_is_halved_until_the_row_that_spoils_it_stands_alone()
    {
        WriteBack[] rows = [.. Enumerable.Range(0, 8).Select(number => Row("Opportunity", Ids.Opportunity(number), ("Hub_Sync_Status__c", "Held")))];
        Func<Call, Answer?> answer = _org.Intercept;
        _org.Intercept = call => call.Method == HttpMethod.Patch && call.Body.Contains(Ids.Opportunity(5), StringComparison.Ordinal)
            ? Answer.Error(400, "JSON_PARSER_ERROR") : answer(call);

        ImmutableArray<WriteBackResult> results = await Write(rows);

        Assert.Equal("JSON_PARSER_ERROR", Assert.IsType<WriteBackResult.Refused>(results[5]).Code);
        Assert.Equal(7, results.Count(result => result is WriteBackResult.Written));
    }

    [Fact]
    public async Task Org_that_lets_nobody_in_is_not_asked_row_by_row()
    {
        _org.Intercept = call => call.Method == HttpMethod.Patch ? Answer.Error(403, "API_DISABLED_FOR_ORG") : null;

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => Write(
            Row("Opportunity", Ids.Opportunity(1), ("Hub_Sync_Status__c", "Held")), Row("Opportunity", Ids.Opportunity(2), ("Hub_Sync_Status__c", "Held"))));

        Assert.Equal(SalesforceFailure.Configuration, error.Failure);
        Assert.Single(Writes);
    }

    [Fact]
    public async Task Invoices_are_upserted_by_their_external_id_under_the_Hubs_name()
    {
        await Write(new WriteBack("Hub_Invoice__c", "in_1", Fields(("Hub_Status__c", "Open"))) { ExternalId = "Hub_Stripe_Invoice_Id__c" });

        Call call = Assert.Single(Writes);
        Assert.Equal("/services/data/v67.0/composite/sobjects/Hub_Invoice__c/Hub_Stripe_Invoice_Id__c", call.Path);
        Assert.Equal("client=StripeHub", call.Headers["Sforce-Call-Options"]);
        JsonElement row = Assert.Single(Sent(call));
        Assert.Equal(("in_1", "Open"), (row.GetProperty("Hub_Stripe_Invoice_Id__c").GetString(), row.GetProperty("Hub_Status__c").GetString()));
        Assert.False(row.TryGetProperty("id", out _));
    }

    [Fact]
    public async Task Field_that_the_org_does_not_have_is_left_out()
    {
        Func<Call, Answer?> answer = _org.Intercept;
        _org.Intercept = call => call.Path.EndsWith("/Hub_Invoice__c/describe", StringComparison.Ordinal)
            ? new(200, """{"fields":[{"name":"Hub_Stripe_Invoice_Id__c"},{"name":"Hub_Status__c"}]}""") : answer(call);

        await Write(new WriteBack("Hub_Invoice__c", "in_1", Fields(("Hub_Status__c", "Open"), ("CurrencyIsoCode", "USD"))) { ExternalId = "Hub_Stripe_Invoice_Id__c" });

        Assert.Equal(["attributes", "Hub_Stripe_Invoice_Id__c", "Hub_Status__c"], Sent(Writes.Single())[0].EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE")]
    [InlineData("INVALID_READ_ONLY_USER_DML")]
    public async Task Org_closed_to_writing_has_not_refused_the_row(string code)
    {
        Answering(_ => (code, "The org is in maintenance."));

        ImmutableArray<WriteBackResult> results = await Write(Row("Opportunity", Ids.Opportunity(1), ("Hub_Sync_Status__c", "Held")));

        Assert.Equal(new WriteBackResult.Busy(code), Assert.Single(results));
    }

    [Theory]
    [InlineData("FIELD_CUSTOM_VALIDATION_EXCEPTION")]
    [InlineData("STRING_TOO_LONG")]
    [InlineData("ENTITY_IS_LOCKED")]
    [InlineData("ENTITY_IS_DELETED")]
    [InlineData("INVALID_FIELD_FOR_INSERT_UPDATE")]
    [InlineData("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY")]
    public async Task Row_refused_for_good_says_why_and_is_not_repeated(string code)
    {
        Answering(_ => (code, "Please fill in the region."));

        ImmutableArray<WriteBackResult> results = await Write(Row("Opportunity", Ids.Opportunity(1), ("Hub_Sync_Status__c", "Held")));

        Assert.Equal(new WriteBackResult.Refused(code, "Please fill in the region."), Assert.Single(results));
        Assert.Single(Writes);
    }

    [Fact]
    public async Task Interrupted_update_is_repeated_because_it_says_the_same_thing_twice()
    {
        int failures = 1;
        Func<Call, Answer?> answer = _org.Intercept;
        _org.Intercept = call => call.Method == HttpMethod.Patch && failures-- > 0 ? new(503, "", null) : answer(call);

        await Write(Row("Opportunity", Ids.Opportunity(1), ("Hub_Sync_Status__c", "Held")));

        Assert.Equal(2, Writes.Count());
    }

    [Fact]
    public async Task Answer_with_another_number_of_rows_counts_for_none()
    {
        _org.Intercept = call => call.Method == HttpMethod.Patch ? new(200, "[]") : null;

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => Write(Row("Opportunity", Ids.Opportunity(1), ("Hub_Sync_Status__c", "Held"))));

        Assert.Equal(SalesforceFailure.Transient, error.Failure);
    }

    [Fact]
    public async Task Nothing_to_write_costs_no_call()
    {
        Assert.Empty(await Write());
        Assert.Empty(_org.Calls);
    }

    private static WriteBack Row(string @object, string id, params (string Field, object? Value)[] fields) =>
        new(@object, SalesforceId.Parse(id).Value, Fields(fields));

    private static ImmutableSortedDictionary<string, object?> Fields(params (string Field, object? Value)[] fields) =>
        fields.ToImmutableSortedDictionary(field => field.Field, field => field.Value, StringComparer.Ordinal);

    private IEnumerable<Call> Writes => _org.Data.Where(call => call.Method == HttpMethod.Patch);

    private static JsonElement[] Sent(Call call) => [.. JsonSerializer.Deserialize<JsonElement>(call.Body).GetProperty("records").EnumerateArray()];

    /// <summary>Each row is written unless the test gives it an error.</summary>
    private void Answering(Func<JsonElement, (string Code, string Message)?> refuse) => _org.Intercept = call => call.Method != HttpMethod.Patch
        ? null
        : new(200, new JsonArray([.. Sent(call).Select(row => (JsonNode)(refuse(row) is { } error
            ? new JsonObject
            {
                ["success"] = false,
                ["errors"] = new JsonArray(new JsonObject { ["statusCode"] = error.Code, ["message"] = error.Message, ["fields"] = new JsonArray() }),
            }
            : new JsonObject { ["success"] = true, ["errors"] = new JsonArray() }))]).ToJsonString());

    private async Task<ImmutableArray<WriteBackResult>> Write(params WriteBack[] rows)
    {
        await using ServiceProvider hub = _org.Connect();
        return await hub.GetRequiredService<ISalesforce>().WriteBack(rows, CancellationToken.None);
    }
}
