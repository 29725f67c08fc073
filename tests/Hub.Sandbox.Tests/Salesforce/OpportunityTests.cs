using System.Text.Json.Nodes;

namespace Hub.Sandbox.Tests.Salesforce;

public sealed class OpportunityTests : IAsyncLifetime
{
    private SalesforceClient salesforce = null!;
    private string opportunity = null!;
    private string entry = null!;

    public async Task InitializeAsync()
    {
        salesforce = await SalesforceClient.Start();
        var product = await salesforce.Create("Product2", new { Name = "Seat", ProductCode = "SEAT", IsActive = true });
        var book = (string)(await salesforce.Query("SELECT Id FROM Pricebook2 WHERE IsStandard = true")).Body!["records"]![0]!["Id"]!;
        entry = await salesforce.Create("PricebookEntry", new { Pricebook2Id = book, Product2Id = product, UnitPrice = 320, IsActive = true });
        opportunity = await salesforce.Create("Opportunity", new { Name = "Deal", StageName = "Prospecting", CloseDate = "2026-01-31", Amount = 5 });
    }

    public async Task DisposeAsync() => await salesforce.DisposeAsync();

    [Fact]
    public async Task Line_total_is_price_times_quantity_less_discount_and_the_amount_follows_it()
    {
        // 40 × 300 × 0.9 = 10 800; 1 × 450 = 450; together 11 250.
        var seats = await salesforce.Create("OpportunityLineItem", new { OpportunityId = opportunity, PricebookEntryId = entry, Quantity = 40, UnitPrice = 300, Discount = 10 });
        await salesforce.Create("OpportunityLineItem", new { OpportunityId = opportunity, PricebookEntryId = entry, Quantity = 1, TotalPrice = 450 });

        var line = await salesforce.Read("OpportunityLineItem", seats);
        var deal = await salesforce.Read("Opportunity", opportunity);
        Assert.Equal(("12000.0", "10800.0", "320.0"), (Number(line, "Subtotal"), Number(line, "TotalPrice"), Number(line, "ListPrice")));
        Assert.Equal("SEAT", (string?)line["ProductCode"]);
        Assert.Equal("11250.0", Number(deal, "Amount"));
        Assert.True((bool)deal["HasOpportunityLineItem"]!);
    }

    [Fact]
    public async Task Undeleting_brings_the_lines_back_and_moves_the_stamps()
    {
        string line = await salesforce.Create("OpportunityLineItem", new { OpportunityId = opportunity, PricebookEntryId = entry, Quantity = 2 });
        await salesforce.Send(HttpMethod.Delete, $"/sobjects/Opportunity/{opportunity}");
        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { seconds = 60 });
        Assert.Equal(404, (await salesforce.Get($"/sobjects/OpportunityLineItem/{line}")).Status);

        await salesforce.Sandbox.Control("/sandbox/salesforce/undelete", new { id = opportunity });

        Assert.Equal(200, (await salesforce.Get($"/sobjects/OpportunityLineItem/{line}")).Status);
        Assert.Equal("2026-01-05T06:01:00.000+0000", (string?)(await salesforce.Read("Opportunity", opportunity))["SystemModstamp"]);
    }

    [Fact]
    public async Task Amount_is_silently_ignored_once_there_are_lines()
    {
        await salesforce.Create("OpportunityLineItem", new { OpportunityId = opportunity, PricebookEntryId = entry, Quantity = 2 });

        var answer = await salesforce.Send(HttpMethod.Patch, $"/sobjects/Opportunity/{opportunity}", new { Amount = 1 });

        Assert.Equal(204, answer.Status);
        Assert.Equal("640.0", Number(await salesforce.Read("Opportunity", opportunity), "Amount"));
    }

    [Fact]
    public async Task Deleting_the_opportunity_takes_its_lines_along()
    {
        await salesforce.Create("OpportunityLineItem", new { OpportunityId = opportunity, PricebookEntryId = entry, Quantity = 2 });

        await salesforce.Send(HttpMethod.Delete, $"/sobjects/Opportunity/{opportunity}");

        Assert.Equal(0, (int)(await salesforce.Query("SELECT COUNT() FROM OpportunityLineItem")).Body!["totalSize"]!);
    }

    [Theory]
    [InlineData("""{"Quantity":1}""", "REQUIRED_FIELD_MISSING")]
    [InlineData("""{"OpportunityId":"$","PricebookEntryId":"#"}""", "REQUIRED_FIELD_MISSING")]
    [InlineData("""{"OpportunityId":"$","PricebookEntryId":"#","Quantity":1,"UnitPrice":1,"TotalPrice":1}""", "FIELD_INTEGRITY_EXCEPTION")]
    [InlineData("""{"OpportunityId":"$","Quantity":1,"UnitPrice":1}""", "FIELD_INTEGRITY_EXCEPTION")]
    [InlineData("""{"OpportunityId":"$","PricebookEntryId":"#","Quantity":1,"ListPrice":1}""", "INVALID_FIELD_FOR_INSERT_UPDATE")]
    public async Task Impossible_line_is_refused(string body, string code)
    {
        var filled = body.Replace("$", opportunity, StringComparison.Ordinal).Replace("#", entry, StringComparison.Ordinal);

        var answer = await salesforce.Send(HttpMethod.Post, "/sobjects/OpportunityLineItem", filled);

        Assert.Equal((400, code), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Winning_sets_the_flags_the_stage_date_and_a_history_row()
    {
        await salesforce.Sandbox.AdvanceTo("2026-01-05T06:30:00Z");

        await salesforce.Send(HttpMethod.Patch, $"/sobjects/Opportunity/{opportunity}", new { StageName = "Closed Won" });

        var deal = await salesforce.Read("Opportunity", opportunity);
        Assert.True((bool)deal["IsWon"]! && (bool)deal["IsClosed"]!);
        Assert.Equal("100.0", Number(deal, "Probability"));
        Assert.Equal("2026-01-05T06:30:00.000+0000", (string?)deal["LastStageChangeDate"]);
        var history = (await salesforce.Query($"SELECT StageName, CreatedDate FROM OpportunityHistory WHERE OpportunityId = '{opportunity}' ORDER BY CreatedDate")).Body!["records"]!.AsArray();
        Assert.Equal(["Prospecting", "Closed Won"], history.Select(row => (string)row!["StageName"]!));
    }

    [Fact]
    public async Task Sales_ops_reopen_a_deal_by_taking_the_won_flag_away()
    {
        await salesforce.Send(HttpMethod.Patch, $"/sobjects/Opportunity/{opportunity}", new { StageName = "Closed Won" });
        await salesforce.Sandbox.Control("/sandbox/clock/advance", new { seconds = 60 });

        var edited = await salesforce.Send(HttpMethod.Patch, $"/sandbox/salesforce/records/Opportunity/{opportunity}", new { IsWon = false });

        Assert.Equal(200, edited.Status);
        var deal = await salesforce.Read("Opportunity", opportunity);
        Assert.Equal(("Negotiation/Review", false, false), ((string?)deal["StageName"], (bool)deal["IsWon"]!, (bool)deal["IsClosed"]!));
        Assert.Equal("2026-01-05T06:01:00.000+0000", (string?)deal["SystemModstamp"]);
    }

    private static string Number(JsonNode record, string field) => record[field]!.ToJsonString();
}
