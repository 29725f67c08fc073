using System.Globalization;
using System.Text.Json;
using Hub.Core.Books;
using Hub.Core.Contracts;
using Hub.EndToEnd.Tests.Support;

namespace Hub.EndToEnd.Tests.Deals;

/// <summary>One sale on a running host, won on 10 February 2028 and played by hand.</summary>
public abstract class OneSale(string setting, string value) : IAsyncLifetime
{
    private readonly Dictionary<string, string> _settings = new()
    {
        [setting] = value,
        ["AzureWebJobs__PlanReminders__Disabled"] = "true",
        ["AzureWebJobs__StartReconciliation__Disabled"] = "true",
        ["AzureWebJobs__WatchPoison__Disabled"] = "true",
    };

    private protected CancellationToken Ct { get; } = Within.Minutes(5);

    private protected SandboxStack Stack { get; private set; } = null!;

    private protected Sale Sale { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Stack = await SandboxStack.Start(_settings, Ct, now: "2028-02-10T06:00:00Z");
        await Stack.World.StripePost("/v1/products", new Dictionary<string, string> { ["id"] = Catalogue.StripeProduct("SEAT"), ["name"] = "SEAT" }, Ct);
        var catalogue = new Catalogue(new Dictionary<string, string>());
        await Stack.Insert(catalogue.Records(), Ct);
        Sale = Sold(catalogue);
        await Stack.Insert(Sale.Records(won: true), Ct);
    }

    public async Task DisposeAsync() => await Stack.DisposeAsync();

    private protected abstract Sale Sold(Catalogue catalogue);

    private protected Task Sync() => Sync(Sale);

    private protected async Task Sync(Sale sale)
    {
        await Stack.Host.Client.Post($"/api/opportunities/{sale.Key}/sync", Ct);
        await Stack.Host.Client.WaitUntilIdle(Ct);
    }

    /// <summary>Eight o'clock of a day.</summary>
    private protected Task Advance(string day) => Stack.World.AdvanceTo(DateTimeOffset.Parse(day + "T08:00:00Z", CultureInfo.InvariantCulture), Ct);

    private protected Task<IReadOnlyList<JsonElement>> Schedules() => Stack.World.StripeList("/v1/subscription_schedules", Ct);

    private protected async Task<JsonElement> Schedule() => (await Schedules())[0];

    private protected async Task<JsonElement> Finding(Sale sale) =>
        Assert.Single((await Stack.Host.Client.Get($"/api/opportunities/{sale.Key}", Ct)).GetProperty("findings").EnumerateArray());

    /// <summary>What Stripe holds, exported, and planned from a file.</summary>
    private protected async Task<string> PlannedOffline()
    {
        Dictionary<string, IReadOnlyList<JsonElement>> stripe = [];
        foreach (string list in (string[])["customers", "subscription_schedules", "subscriptions", "prices", "coupons"])
        {
            stripe[list] = await Stack.World.StripeList($"/v1/{list}", Ct);
        }

        BooksOutcome read = BooksReading.Read("sale", Sale.Books(stripe));
        return string.Join(' ', BooksPlanning.Plan(Assert.IsType<BooksOutcome.Read>(read).Books).Select(deal => deal.Outcome switch
        {
            PlanOutcome.Unchanged => "unchanged",
            PlanOutcome.Rejected(var problems) => string.Join("\n", problems),
            var other => other.GetType().Name,
        }));
    }
}
