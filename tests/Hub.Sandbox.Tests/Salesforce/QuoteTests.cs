using System.Text.Json.Nodes;

namespace Hub.Sandbox.Tests.Salesforce;

public sealed class QuoteTests : IAsyncLifetime
{
    private SalesforceClient salesforce = null!;
    private string opportunity = null!;
    private string entry = null!;
    private string quote = null!;

    public async Task InitializeAsync()
    {
        salesforce = await SalesforceClient.Start();
        var product = await salesforce.Create("Product2", new { Name = "Seat", ProductCode = "SEAT", IsActive = true });
        var book = (string)(await salesforce.Query("SELECT Id FROM Pricebook2 WHERE IsStandard = true")).Body!["records"]![0]!["Id"]!;
        entry = await salesforce.Create("PricebookEntry", new { Pricebook2Id = book, Product2Id = product, UnitPrice = 320, IsActive = true });
        opportunity = await Deal();
        quote = await salesforce.Create("Quote", new { Name = "First", OpportunityId = opportunity });
    }

    public async Task DisposeAsync() => await salesforce.DisposeAsync();

    // 40 × 300 × 0.9 = 10 800.
    [Fact]
    public async Task A_quote_has_a_number_and_the_total_of_its_lines()
    {
        var line = await salesforce.Create("QuoteLineItem", new { QuoteId = quote, PricebookEntryId = entry, Quantity = 40, UnitPrice = 300, Discount = 10 });

        var held = await salesforce.Read("Quote", quote);
        Assert.Equal(("00000001", "10800.0", "1"), ((string?)held["QuoteNumber"], Number(held, "TotalPrice"), Number(held, "LineItemCount")));
        Assert.Equal("320.0", Number(await salesforce.Read("QuoteLineItem", line), "ListPrice"));
        Assert.StartsWith("01t", (string?)(await salesforce.Read("QuoteLineItem", line))["Product2Id"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_quote_that_the_opportunity_names_is_the_one_that_is_syncing()
    {
        var second = await salesforce.Create("Quote", new { Name = "Second", OpportunityId = opportunity });
        await salesforce.Create("QuoteLineItem", new { QuoteId = quote, PricebookEntryId = entry, Quantity = 1, UnitPrice = 1 });
        await salesforce.Create("QuoteLineItem", new { QuoteId = second, PricebookEntryId = entry, Quantity = 2, UnitPrice = 1 });

        Assert.Empty(await Synced());
        await Sync(opportunity, quote);
        Assert.Equal(["1.0"], await Synced());
        await Sync(opportunity, second);
        Assert.Equal(["2.0"], await Synced());
        await Sync(opportunity, null);
        Assert.Empty(await Synced());
    }

    [Fact]
    public async Task A_quote_of_another_opportunity_is_not_synced() => Assert.Equal(
        (400, "FIELD_INTEGRITY_EXCEPTION"), await Sync(await Deal(), quote));

    [Fact]
    public async Task A_deleted_quote_leaves_its_opportunity_without_one()
    {
        await Sync(opportunity, quote);

        await salesforce.Send(HttpMethod.Delete, $"/sobjects/Quote/{quote}");

        Assert.Null((await salesforce.Read("Opportunity", opportunity))["SyncedQuoteId"]);
    }

    [Fact]
    public async Task A_quote_goes_with_its_opportunity()
    {
        await salesforce.Create("QuoteLineItem", new { QuoteId = quote, PricebookEntryId = entry, Quantity = 1, UnitPrice = 1 });

        await salesforce.Send(HttpMethod.Delete, $"/sobjects/Opportunity/{opportunity}");

        Assert.Equal(0, (int)(await salesforce.Query("SELECT COUNT() FROM QuoteLineItem")).Body!["totalSize"]!);
    }

    [Fact]
    public async Task Whether_a_quote_is_syncing_cannot_be_written() => Assert.Equal(
        400, (await salesforce.Send(HttpMethod.Patch, $"/sobjects/Quote/{quote}", new { IsSyncing = true })).Status);

    private Task<string> Deal() => salesforce.Create("Opportunity", new { Name = "Deal", StageName = "Prospecting", CloseDate = "2026-01-31" });

    private async Task<(int Status, string? Code)> Sync(string deal, string? synced)
    {
        var answer = await salesforce.Send(HttpMethod.Patch, $"/sobjects/Opportunity/{deal}", new JsonObject { ["SyncedQuoteId"] = synced });
        return (answer.Status, (string?)answer.Body?[0]?["errorCode"]);
    }

    private async Task<string[]> Synced() =>
    [
        .. (await salesforce.Query($"SELECT Quantity FROM QuoteLineItem WHERE Quote.OpportunityId IN ('{opportunity}') AND Quote.IsSyncing = true ORDER BY Id"))
            .Body!["records"]!.AsArray().Select(line => Number(line!, "Quantity")),
    ];

    private static string Number(JsonNode record, string field) => record[field]!.ToJsonString();
}
