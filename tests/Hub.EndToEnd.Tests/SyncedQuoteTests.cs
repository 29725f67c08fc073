using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.EndToEnd.Tests.Support;
using Hub.Sandbox.Salesforce;
using Hub.Sandbox.Seed;

namespace Hub.EndToEnd.Tests;

/// <summary>A won opportunity and its synced quote, from the records of Salesforce to the status on the opportunity and the schedule in Stripe.</summary>
public sealed class SyncedQuoteTests
{
    private const string Deal = "annual-prepaid";

    [Fact]
    public async Task A_deal_that_differs_from_its_synced_quote_is_billed_once_the_quote_is_corrected()
    {
        CancellationToken ct = Within.Minutes(4);
        await using SandboxStack stack = await SandboxStack.Start(new Dictionary<string, string> { ["Salesforce__Quotes"] = "true" }, ct);
        string opportunity = await Sell(stack, ct);

        await stack.Host.Client.RunTimer("DetectClosedWon", ct);
        await stack.Host.Client.WaitUntilIdle(ct);
        JsonElement refused = await Opportunity(stack, opportunity, ct);
        Assert.Equal("Needs attention", refused.GetProperty("Hub_Sync_Status__c").GetString());
        Assert.StartsWith("quote-contradiction: ", refused.GetProperty("Hub_Sync_Message__c").GetString(), StringComparison.Ordinal);
        Assert.Empty(await stack.World.StripeList("/v1/subscription_schedules", ct));

        await stack.World.EditRecord("QuoteLineItem", RecordIds.Create("0QL", 901), new { Quantity = Lines[0]!["Quantity"]!.GetValue<decimal>() }, ct);
        await stack.Host.Client.Post($"/api/opportunities/{opportunity}/sync", ct);
        await stack.Host.Client.WaitUntilIdle(ct);

        Assert.Equal("Billing active", (await Opportunity(stack, opportunity, ct)).GetProperty("Hub_Sync_Status__c").GetString());
        JsonElement schedule = Assert.Single(await stack.World.StripeList("/v1/subscription_schedules", ct));
        Assert.Equal("00000041", schedule.GetProperty("metadata").GetProperty("sf_quote_number").GetString());
    }

    private static JsonArray Lines => Samples.Records(Deal)["OpportunityLineItem"]!.AsArray();

    // One unit more of the first line was quoted.
    private static async Task<string> Sell(SandboxStack stack, CancellationToken ct)
    {
        JsonObject catalogue = Samples.Catalogue();
        await stack.Insert(catalogue, ct);
        foreach (JsonNode? product in catalogue["Product2"]!.AsArray().Where(product => product!["Hub_Stripe_Product_Id__c"] is not null))
        {
            await stack.World.StripePost("/v1/products", [new("id", (string)product!["Hub_Stripe_Product_Id__c"]!), new("name", (string)product["Name"]!)], ct);
        }

        JsonObject records = Samples.Records(Deal);
        JsonNode opportunity = records["Opportunity"]![0]!;
        string quote = RecordIds.Create("0Q0", 900);
        opportunity["SyncedQuoteId"] = quote;
        records["Quote"] = new JsonArray(new JsonObject { ["Id"] = quote, ["OpportunityId"] = (string)opportunity["Id"]!, ["Name"] = "Agreed", ["QuoteNumber"] = "00000041" });
        records["QuoteLineItem"] = new JsonArray([.. Lines.Select((line, index) => new JsonObject
        {
            ["Id"] = RecordIds.Create("0QL", 901 + index),
            ["QuoteId"] = quote,
            ["Product2Id"] = (string)line!["Product2Id"]!,
            ["PricebookEntryId"] = (string)line["PricebookEntryId"]!,
            ["Quantity"] = line["Quantity"]!.GetValue<decimal>() + (index == 0 ? 1 : 0),
            ["UnitPrice"] = line["UnitPrice"]!.GetValue<decimal>(),
            ["Discount"] = line["Discount"]?.DeepClone(),
        })]);
        await stack.Insert(records, ct);
        return (string)opportunity["Id"]!;
    }

    // What is owed to Salesforce leaves with the next write-back.
    private static async Task<JsonElement> Opportunity(SandboxStack stack, string id, CancellationToken ct)
    {
        await stack.Host.Client.RunTimer("WriteBackResults", ct);
        return (await stack.World.Records("Opportunity", ct)).Single(record => record.GetProperty("Id").GetString() == id);
    }
}
