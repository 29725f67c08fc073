using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.EndToEnd.Tests.Support;
using Hub.Sandbox.Seed;

namespace Hub.EndToEnd.Tests;

/// <summary>Texts attached to won opportunities, from the files of Salesforce to the status on the opportunity and the schedule in Stripe.</summary>
public sealed class SignedDocumentTests
{
    private const string Deal = "annual-prepaid";

    [Fact]
    public async Task Report_bills_the_deal_and_notes_what_the_document_says_otherwise()
    {
        CancellationToken ct = Within.Minutes(4);
        await using SandboxStack stack = await Start("Report", ct);
        string opportunity = await Sell(stack, "Contract Start Date: 2019-05-01\nPayment Terms: Net 90\n", ct);

        JsonElement record = await Synced(stack, opportunity, ct);

        Assert.Equal("Billing active", record.GetProperty("Hub_Sync_Status__c").GetString());
        string message = record.GetProperty("Hub_Sync_Message__c").GetString()!;
        Assert.Contains("Note, document-differs", message, StringComparison.Ordinal);
        Assert.Contains("\"Contract Start Date: 2019-05-01\"", message, StringComparison.Ordinal);
        Assert.Single(await stack.World.StripeList("/v1/subscription_schedules", ct));
        Assert.DoesNotContain("2019-05-01", stack.Host.ReadLog(), StringComparison.Ordinal);
        JsonElement view = await stack.Host.Client.Get($"/api/opportunities/{opportunity}", ct);
        Assert.Contains(view.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("code").GetString() == "document-differs");
    }

    [Fact]
    public async Task Block_refuses_the_deal_until_a_later_version_of_the_document_agrees()
    {
        CancellationToken ct = Within.Minutes(4);
        await using SandboxStack stack = await Start("Block", ct);
        string opportunity = await Sell(stack, "Payment Terms: Net 90\n", ct);

        JsonElement refused = await Synced(stack, opportunity, ct);
        Assert.Equal("Needs attention", refused.GetProperty("Hub_Sync_Status__c").GetString());
        Assert.StartsWith("document-differs: ", refused.GetProperty("Hub_Sync_Message__c").GetString(), StringComparison.Ordinal);
        Assert.Empty(await stack.World.StripeList("/v1/subscription_schedules", ct));

        await stack.Insert(Version(2, $"Payment Terms: {(string)Samples.Records(Deal)["Opportunity"]![0]!["Hub_Payment_Terms__c"]!}\n", opportunity), ct);
        await stack.Host.Client.Post($"/api/opportunities/{opportunity}/sync", ct);
        await stack.Host.Client.WaitUntilIdle(ct);

        Assert.Equal("Billing active", (await Opportunity(stack, opportunity, ct)).GetProperty("Hub_Sync_Status__c").GetString());
        Assert.Single(await stack.World.StripeList("/v1/subscription_schedules", ct));
    }

    private static Task<SandboxStack> Start(string mode, CancellationToken ct) =>
        SandboxStack.Start(new Dictionary<string, string> { ["Contracts__SignedDocuments"] = mode }, ct);

    private static async Task<string> Sell(SandboxStack stack, string text, CancellationToken ct)
    {
        JsonObject catalogue = Samples.Catalogue();
        await stack.Insert(catalogue, ct);
        foreach (JsonNode? product in catalogue["Product2"]!.AsArray())
        {
            if ((string?)product!["Hub_Stripe_Product_Id__c"] is { } id)
            {
                await stack.World.StripePost("/v1/products", [new("id", id), new("name", (string)product["Name"]!)], ct);
            }
        }

        JsonObject records = Samples.Records(Deal);
        await stack.Insert(records, ct);
        string opportunity = (string)records["Opportunity"]![0]!["Id"]!;
        await stack.Insert(Version(1, text, opportunity), ct);
        return opportunity;
    }

    // One file of the opportunity in its n-th version, as the org holds it.
    private static JsonObject Version(int number, string text, string opportunity)
    {
        const string document = "069Hb0000000901";
        string version = $"068Hb000000090{number}";
        return new()
        {
            ["ContentDocument"] = new JsonArray(new JsonObject
            {
                ["Id"] = document, ["Title"] = "Contract", ["FileType"] = "TEXT", ["FileExtension"] = "txt", ["ContentSize"] = text.Length,
                ["LatestPublishedVersionId"] = version,
            }),
            ["ContentVersion"] = new JsonArray(new JsonObject
            {
                ["Id"] = version, ["ContentDocumentId"] = document, ["Title"] = "Contract", ["PathOnClient"] = "Contract.txt", ["IsLatest"] = true,
                ["VersionData"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
            }),
            ["ContentDocumentLink"] = new JsonArray(new JsonObject
            {
                ["Id"] = "06AHb0000000900", ["ContentDocumentId"] = document, ["LinkedEntityId"] = opportunity, ["ShareType"] = "V",
            }),
        };
    }

    private static async Task<JsonElement> Synced(SandboxStack stack, string opportunity, CancellationToken ct)
    {
        await stack.Host.Client.RunTimer("DetectClosedWon", ct);
        await stack.Host.Client.WaitUntilIdle(ct);
        return await Opportunity(stack, opportunity, ct);
    }

    // What is owed to Salesforce leaves with the next write-back.
    private static async Task<JsonElement> Opportunity(SandboxStack stack, string id, CancellationToken ct)
    {
        await stack.Host.Client.RunTimer("WriteBackResults", ct);
        return (await stack.World.Records("Opportunity", ct)).Single(record => record.GetProperty("Id").GetString() == id);
    }
}
