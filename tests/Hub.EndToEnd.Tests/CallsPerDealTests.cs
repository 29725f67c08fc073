using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.EndToEnd.Tests.Support;
using Hub.Sandbox.Seed;
using Xunit.Abstractions;

namespace Hub.EndToEnd.Tests;

/// <summary>What a hundred new deals cost that are won at once, counted by the host itself; the figures are in docs/measurements.md.</summary>
public sealed class CallsPerDealTests(ITestOutputHelper output)
{
    private const int Deals = 100;
    private readonly CancellationToken _ct = Within.Minutes(6);

    [Fact]
    public async Task A_hundred_new_deals_cost_one_write_call_and_a_read_per_hundred()
    {
        await using SandboxStack stack = await SandboxStack.Start(new Dictionary<string, string>(), _ct);
        await Prepare(stack);
        await Insert(stack, 0, 1);
        await Sync(stack);

        // Warm from here on: signed in, objects described, audit chains begun.
        await Insert(stack, 1, Deals);
        Dictionary<string, decimal> before = await Calls(stack);
        await Sync(stack);
        Dictionary<string, decimal> cost = Difference(before, await Calls(stack));

        foreach ((string what, decimal calls) in cost.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{what}: {calls} ({calls / Deals} per deal)");
        }

        Assert.Equal(Deals + 1, (await stack.World.Records("Opportunity", _ct)).Count(IsActive));
        Assert.Equal(1, cost["salesforce composite/sobjects"]);
        Assert.InRange(cost["salesforce composite"], 1, 2);

        // The Hub sees its own write-backs once, and nothing comes of them.
        await stack.World.AdvanceTo((await stack.World.Now(_ct)).AddMinutes(1), _ct);
        before = await Calls(stack);
        await Sync(stack);
        Dictionary<string, decimal> echo = Difference(before, await Calls(stack));

        foreach ((string what, decimal calls) in echo.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"own changes, {what}: {calls}");
        }

        Assert.Equal(0, echo.GetValueOrDefault("salesforce composite/sobjects"));
        Assert.Equal(0, echo.Where(entry => entry.Key.StartsWith("stripe", StringComparison.Ordinal)).Sum(entry => entry.Value));
    }

    private async Task Sync(SandboxStack stack)
    {
        await stack.Host.Client.RunTimer("DetectClosedWon", _ct);
        await stack.Host.Client.WaitUntilIdle(_ct);
        await stack.Host.Client.RunTimer("WriteBackResults", _ct);
    }

    private async Task Prepare(SandboxStack stack)
    {
        JsonObject catalogue = Samples.Catalogue();
        await stack.Insert(catalogue, _ct);
        foreach (JsonNode? product in catalogue["Product2"]!.AsArray())
        {
            if ((string?)product!["Hub_Stripe_Product_Id__c"] is { } id)
            {
                await stack.World.StripePost("/v1/products", new Dictionary<string, string> { ["id"] = id, ["name"] = (string)product["Name"]! }, _ct);
            }
        }
    }

    /// <summary>Copies of one sample, each with an account, a contact and lines of its own.</summary>
    private async Task Insert(SandboxStack stack, int from, int count)
    {
        JsonObject sample = Samples.Records("annual-prepaid");
        string[] own = [.. new[] { "Account", "Contact", "Opportunity", "OpportunityLineItem" }.SelectMany(type => sample[type]!.AsArray()).Select(record => (string)record!["Id"]!)];
        foreach (int[] numbers in Enumerable.Range(from, count).Chunk(50))
        {
            var all = new JsonObject();
            foreach (int number in numbers)
            {
                string text = sample.ToJsonString();
                foreach ((int place, string id) in own.Index())
                {
                    text = text.Replace(id, $"{id[..3]}{(number * 100) + place + 900_000:D12}AAA", StringComparison.Ordinal);
                }

                foreach ((string type, JsonNode? records) in JsonNode.Parse(text)!.AsObject())
                {
                    JsonArray list = all[type] as JsonArray ?? [];
                    all[type] ??= list;
                    foreach (JsonNode? record in records!.AsArray())
                    {
                        list.Add(record!.DeepClone());
                    }
                }
            }

            await stack.Insert(all, _ct);
        }
    }

    private async Task<Dictionary<string, decimal>> Calls(SandboxStack stack)
    {
        JsonElement metrics = await stack.Host.Client.Get("/admin/metrics", _ct);
        return metrics.GetProperty("counters").EnumerateArray()
            .Where(counter => counter.GetProperty("name").GetString() is "hub.salesforce.calls" or "hub.stripe.calls" or "hub.storage.calls")
            .GroupBy(counter => $"{counter.GetProperty("name").GetString()!.Split('.')[1]} {Tag(counter, "resource") ?? $"{Tag(counter, "service")} {Tag(counter, "name") ?? Tag(counter, "operation")}"}")
            .ToDictionary(kind => kind.Key, kind => kind.Sum(counter => counter.GetProperty("value").GetDecimal()));
    }

    private static string? Tag(JsonElement counter, string name) => counter.GetProperty("tags").TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static Dictionary<string, decimal> Difference(Dictionary<string, decimal> before, Dictionary<string, decimal> after) => after
        .Select(entry => (entry.Key, Value: entry.Value - before.GetValueOrDefault(entry.Key)))
        .Where(entry => entry.Value > 0)
        .ToDictionary(entry => entry.Key, entry => entry.Value);

    private static bool IsActive(JsonElement opportunity) => opportunity.GetProperty("Hub_Sync_Status__c").GetString() == "Billing active";
}
