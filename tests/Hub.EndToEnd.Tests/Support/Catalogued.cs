using System.Text.Json.Nodes;
using Hub.Sandbox.Seed;

namespace Hub.EndToEnd.Tests.Support;

/// <summary>The sandbox's catalogue, in Salesforce and in Stripe.</summary>
internal static class Catalogued
{
    public static async Task Insert(SandboxStack stack, CancellationToken ct)
    {
        JsonObject catalogue = Samples.Catalogue();
        await stack.Insert(catalogue, ct);
        foreach (JsonNode? product in catalogue["Product2"]!.AsArray().Where(product => product!["Hub_Stripe_Product_Id__c"] is not null))
        {
            KeyValuePair<string, string>[] form = [new("id", (string)product!["Hub_Stripe_Product_Id__c"]!), new("name", (string)product["Name"]!)];
            await stack.World.StripePost("/v1/products", form, ct);
        }
    }
}
