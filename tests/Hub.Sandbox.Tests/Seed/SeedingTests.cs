using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hub.Sandbox.Seed;
using Hub.Sandbox.Tests.Salesforce;

namespace Hub.Sandbox.Tests.Seed;

public sealed class SeedingTests
{
    [Fact]
    public async Task Seeding_answers_with_its_size_and_the_products_to_create()
    {
        await using var salesforce = await SalesforceClient.Start();

        var answer = await salesforce.Sandbox.Control("/sandbox/seed", new { seed = 1 });
        var products = await salesforce.Sandbox.Control("/sandbox/seed/products");

        Assert.Equal((1, 40, 60), ((int)answer["seed"]!, (int)answer["accounts"]!, (int)answer["opportunities"]!));
        Assert.Equal(10, answer["refused"]!.AsObject().Count);
        Assert.Contains(products.AsArray(), product => (string?)product!["id"] == "prod_SEAT" && (string?)product["name"] == "Team seat");
        Assert.True(JsonNode.DeepEquals(products, answer["products"]));
    }

    [Fact]
    public async Task Stripe_knows_the_products_and_the_customers_billed_before_even_after_seeding_twice()
    {
        await using var salesforce = await SalesforceClient.Start("--seed", "1");
        await salesforce.Sandbox.Control("/sandbox/seed", new { seed = 1 });

        var accounts = (await salesforce.Query("SELECT Id, Hub_Stripe_Customer_Id__c FROM Account WHERE Hub_Stripe_Customer_Id__c != null")).Body!["records"]!.AsArray();
        var calls = (int)(await salesforce.Sandbox.Control("/sandbox/calls"))["stripe"]!;
        salesforce.Http.DefaultRequestHeaders.Authorization = new("Bearer", "sk_test_sandbox");
        var products = (await salesforce.Get("/v1/products?limit=100")).Body!["data"]!.AsArray();
        var customers = (await salesforce.Get("/v1/customers?limit=100")).Body!["data"]!.AsArray();

        Assert.Equal(0, calls);
        Assert.Equal(
            ["prod_FAXGATE", "prod_PLATFORM", "prod_SEAT", "prod_SETUP", "prod_STORAGE", "prod_SUPPORT", "prod_TRAINING"],
            products.Select(product => (string)product!["id"]!).Order(StringComparer.Ordinal));
        Assert.Equal(9, customers.Count);
        Assert.Equal(
            customers.Select(customer => ((string?)customer!["metadata"]!["sf_account_id"], (string?)customer["id"])).Order(),
            accounts.Select(account => ((string?)account!["Id"], (string?)account["Hub_Stripe_Customer_Id__c"])).Order());
    }

    [Fact]
    public async Task Poll_of_the_week_finds_every_won_deal_once_in_order_of_its_stamp()
    {
        await using var salesforce = await SalesforceClient.Start("--seed", "1", "--salesforce-page-size", "7");

        var found = new List<JsonNode>();
        var next = "/query?q=" + Uri.EscapeDataString(
            "SELECT Id, SystemModstamp, IsWon FROM Opportunity WHERE SystemModstamp >= 2025-12-29T00:00:00Z AND SystemModstamp < 2026-01-05T06:00:00Z "
            + "AND (IsWon = true OR Hub_Sync_Status__c != null) ORDER BY SystemModstamp, Id");
        while (next is not null)
        {
            var page = (await salesforce.Get(next)).Body!;
            found.AddRange(page["records"]!.AsArray().Select(record => record!));
            next = (string?)page["nextRecordsUrl"];
        }

        Assert.Equal(Story.Of(1).Won.Order(StringComparer.Ordinal), found.Select(record => (string)record["Id"]!).Order(StringComparer.Ordinal));
        var stamps = found.Select(record => (string)record["SystemModstamp"]!).ToList();
        Assert.Equal(stamps.Order(StringComparer.Ordinal), stamps);
    }

    [Fact]
    public async Task Deals_read_over_the_api_are_the_ones_that_were_made()
    {
        await using var salesforce = await SalesforceClient.Start("--seed", "2");
        var story = Story.Of(2);
        var tables = new JsonObject();
        foreach (var (name, fields) in new[]
        {
            ("Opportunity", "AccountId, CurrencyIsoCode, Amount, ContractId, Hub_Contract_Start__c, Hub_Contract_End__c, Hub_Term_Months__c, Hub_Billing_Frequency__c, Hub_Payment_Terms__c, Hub_Billing_Contact__c"),
            ("OpportunityLineItem", "OpportunityId, Product2Id, PricebookEntryId, CurrencyIsoCode, Quantity, UnitPrice, TotalPrice, Discount, Hub_Price_Basis__c, Hub_Charge_Type__c, Hub_Line_Start__c, Hub_Line_End__c"),
            ("Contract", "StartDate, ContractTerm, EndDate"),
            ("Contact", "Email"),
            ("Product2", "IsActive, Hub_Stripe_Product_Id__c"),
            ("PricebookEntry", "Product2Id, CurrencyIsoCode"),
        })
        {
            tables[name] = (await salesforce.Query($"SELECT Id, {fields} FROM {name}")).Body!["records"]!.DeepClone();
        }

        Assert.All(story.Won, id => Assert.Equal(
            story.Refused.FirstOrDefault(entry => entry.Value == id).Key ?? "", string.Join(' ', new SeededDeal(tables, id).Defects())));
    }

    [Fact]
    public async Task Seeding_again_starts_the_story_over()
    {
        await using var salesforce = await SalesforceClient.Start("--seed", "1");
        await salesforce.Create("Account", new { Name = "stray" });

        await salesforce.Sandbox.Control("/sandbox/seed", new { seed = 1 });

        Assert.Equal(40, (int)(await salesforce.Query("SELECT COUNT() FROM Account")).Body!["totalSize"]!);
    }

    [Fact]
    public async Task Seeding_notifies_nobody_and_is_no_call_of_the_api()
    {
        await using var salesforce = await SalesforceClient.Start();
        var before = (int)(await salesforce.Sandbox.Control("/sandbox/calls"))["salesforce"]!;

        await salesforce.Sandbox.Control("/sandbox/seed", new { seed = 1 });

        Assert.Empty((await salesforce.Sandbox.Control("/sandbox/salesforce/outbound")).AsArray());
        Assert.Empty((await salesforce.Sandbox.Control("/sandbox/salesforce/changes")).AsArray());
        Assert.Equal(before, (int)(await salesforce.Sandbox.Control("/sandbox/calls"))["salesforce"]!);
    }

    [Fact]
    public async Task Misspelt_seed_is_refused()
    {
        await using var salesforce = await SalesforceClient.Start();

        using var refused = await salesforce.Http.PostAsJsonAsync("/sandbox/seed", new { sed = 1 });

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
    }

}
