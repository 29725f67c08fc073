using System.Net.Http.Json;
using System.Text.Json;
using Hub.EndToEnd.Tests.Deals;
using Hub.EndToEnd.Tests.Support;
using Xunit.Abstractions;

namespace Hub.EndToEnd.Tests;

/// <summary>Two hundred deliveries of one deal at once, to two hosts that each take as many at a time as they can.</summary>
public sealed class CrossingTests(CrossingTests.TwoHosts running, ITestOutputHelper output) : IClassFixture<CrossingTests.TwoHosts>
{
    private const int Deliveries = 200;
    private const string Queue = "contract-sync";

    private SandboxStack Stack => running.Stack;

    private CancellationToken Ct => running.Ct;

    [Fact]
    public async Task Of_one_version_they_end_in_one_schedule()
    {
        Sale sale = await running.Won(sale => sale.Term("2028-02-10", 12, "Monthly").Line("SEAT", 10, 12.00m));

        await Task.WhenAll(Enumerable.Range(0, Deliveries).Select(number => Deliver(sale, number)));
        await Settled();

        await OneSchedule(sale);
    }

    // Until the first day the newest version replaces the one before (ADR 0102): the term grows while the messages are on their way.
    [Fact]
    public async Task Of_different_versions_they_end_in_one_schedule_with_the_newest()
    {
        Sale sale = await running.Won(sale => sale.Term("2028-04-01", 12, "Monthly").Line("SEAT", 10, 12.00m));

        Task[] deliveries = [.. Enumerable.Range(0, Deliveries).Select(number => Deliver(sale, number))];
        for (int months = 13; months <= 17; months++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), Ct);
            await Stack.World.EditRecord("Opportunity", sale.Key, new { Hub_Term_Months__c = months }, Ct);
            await Deliver(sale, months);
        }

        await Task.WhenAll(deliveries);
        await Settled();

        JsonElement schedule = await OneSchedule(sale);
        Assert.Equal(new DateTimeOffset(2029, 9, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), schedule.GetProperty("phases")[0].GetProperty("end_date").GetInt64());
    }

    // By queue and by push alike.
    private async Task Deliver(Sale sale, int number)
    {
        if (number % 2 == 0)
        {
            await Stack.Storage.Send(Queue, new { opportunityId = sale.Key, source = "poll", observedAt = DateTimeOffset.UnixEpoch }, Ct);
            return;
        }

        RunningHost host = number % 4 == 1 ? Stack.Host : running.Second;
        using HttpResponseMessage answer = await host.Http.PostAsJsonAsync("/api/salesforce/opportunities", new { opportunityIds = new[] { sale.Key } }, Ct);
        Assert.Equal(202, (int)answer.StatusCode);
    }

    private async Task Settled()
    {
        await Within.Seconds(240, "no message is left", async () => await Stack.Storage.Count(Queue, Ct) + await Stack.Storage.Count("contract-sync-batch", Ct) == 0);
        await Stack.Host.Client.WaitUntilIdle(Ct);
        await running.Second.Client.WaitUntilIdle(Ct);
        await Stack.Host.Client.RunTimer("WriteBackResults", Ct);
    }

    private async Task<JsonElement> OneSchedule(Sale sale)
    {
        JsonElement opportunity = (await Stack.World.Records("Opportunity", Ct)).Single(record => record.GetProperty("Id").GetString() == sale.Key);
        Assert.True(opportunity.GetProperty("Hub_Sync_Status__c").GetString() == "Billing active", opportunity.GetProperty("Hub_Sync_Message__c").ToString());
        JsonElement schedule = Assert.Single(await Stack.World.StripeList("/v1/subscription_schedules", Ct), found => Names(found, "sf_opportunity_id", sale.Key));
        Assert.Single(await Stack.World.StripeList("/v1/customers", Ct), found => Names(found, "sf_account_id", sale.Payer));
        Assert.Equal(schedule.GetProperty("id").GetString(), opportunity.GetProperty("Hub_Stripe_Schedule_Id__c").GetString());
        Assert.Equal(schedule.GetProperty("metadata").GetProperty("hub_contract_version").GetString(), opportunity.GetProperty("Hub_Contract_Version__c").GetString());
        Assert.Equal(0, await Stack.Storage.Count(Queue + "-poison", Ct));
        string[] log = (Stack.Host.ReadLog() + running.Second.ReadLog()).Split('\n');
        output.WriteLine($"{log.Count(line => line.Contains("was changed by somebody else", StringComparison.Ordinal))} conflicts, {log.Count(line => line.Contains("[1010]", StringComparison.Ordinal))} times billed");
        return schedule;
    }

    private static bool Names(JsonElement found, string key, string id) => found.GetProperty("metadata").TryGetProperty(key, out JsonElement named) && named.GetString() == id;

    /// <summary>Two hosts on one storage.</summary>
    public sealed class TwoHosts : IAsyncLifetime
    {
        private readonly Catalogue _catalogue = Catalogue.Unknown;

        internal CancellationToken Ct { get; } = Within.Minutes(10);

        internal SandboxStack Stack { get; private set; } = null!;

        internal RunningHost Second { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var busy = new Dictionary<string, string>
            {
                ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "32",
                ["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = "16",
                ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:03",
            };
            Stack = await SandboxStack.Start(busy, Ct, now: "2028-02-10T06:00:00Z");
            string folder = Directory.CreateDirectory(Path.Combine(Stack.Setup.Folder, "second")).FullName;
            Second = await RunningHost.Start(Stack.Setup with { Port = Ports.Free(), Folder = folder }, Ct);
            await Stack.Insert(_catalogue.Records(), Ct);
            await Stack.World.StripePost("/v1/products", [new("id", Catalogue.StripeProduct("SEAT")), new("name", "Seat")], Ct);
        }

        public async Task DisposeAsync()
        {
            await Second.DisposeAsync();
            await Stack.DisposeAsync();
        }

        internal async Task<Sale> Won(Func<Sale, Sale> content)
        {
            Sale sale = content(_catalogue.Sale("crossing"));
            await Stack.Insert(sale.Records(won: false), Ct);
            await Stack.World.EditRecord("Opportunity", sale.Key, new { StageName = "Closed Won" }, Ct);
            return sale;
        }
    }
}
