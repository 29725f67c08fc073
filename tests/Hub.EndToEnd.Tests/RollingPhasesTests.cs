using System.Globalization;
using System.Text.Json;
using Hub.Core.Books;
using Hub.Core.Contracts;
using Hub.EndToEnd.Tests.Deals;
using Hub.EndToEnd.Tests.Support;

namespace Hub.EndToEnd.Tests;

/// <summary>Thirteen monthly steps, of which Stripe takes ten at a time, on a running host (docs/adr/0108-rolling-phases.md).</summary>
public sealed class RollingPhasesTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Contracts__RollingPhases"] = "true",
        ["AzureWebJobs__PlanReminders__Disabled"] = "true",
        ["AzureWebJobs__StartReconciliation__Disabled"] = "true",
        ["AzureWebJobs__WatchPoison__Disabled"] = "true",
    };

    private readonly CancellationToken _ct = Within.Minutes(5);
    private readonly Catalogue _catalogue = new(new Dictionary<string, string>());
    private SandboxStack _stack = null!;
    private Sale _sale = null!;

    public async Task InitializeAsync()
    {
        _stack = await SandboxStack.Start(Settings, _ct, now: "2028-02-10T06:00:00Z");
        await _stack.World.StripePost("/v1/products", new Dictionary<string, string> { ["id"] = Catalogue.StripeProduct("SEAT"), ["name"] = "SEAT" }, _ct);
        await _stack.Insert(_catalogue.Records(), _ct);
        _sale = RollingShapes.Growing(_catalogue, "thirteen months");
        await _stack.Insert(_sale.Records(won: true), _ct);
    }

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task Ten_phases_go_to_Stripe_and_the_next_one_when_one_has_ended()
    {
        JsonElement preview = await _stack.Host.Client.Get($"/api/opportunities/{_sale.Key}/preview?compare=stripe", _ct);
        Assert.Equal((13, 13), (preview.GetProperty("schedule").GetProperty("phases").GetArrayLength(), preview.GetProperty("invoices").GetArrayLength()));
        Assert.True(preview.GetProperty("stripePreview").GetProperty("agrees").GetBoolean());

        await Sync();
        JsonElement first = await Schedule();
        Assert.Equal((10, "release", "2029-01-01"), Shape(first));
        Assert.Equal("unchanged", await PlannedOffline());

        await On("2028-04-01");
        Assert.Equal((10, "release", "2029-01-01"), Shape(await Schedule()));
        await On("2028-04-02");
        Assert.Equal((11, "release", "2029-02-01"), Shape(await Schedule()));
        Assert.Equal("unchanged", await PlannedOffline());
        await On("2028-06-02");
        JsonElement last = await Schedule();
        Assert.Equal((13, "cancel", null), Shape(last));
        Assert.Equal(first.GetProperty("id").GetString(), last.GetProperty("id").GetString());
        Assert.Equal("unchanged", await PlannedOffline());
    }

    // From October on one seat more; what Stripe has by then is known by its version, because the rest of it may differ.
    [Fact]
    public async Task A_file_tells_that_an_amendment_was_applied()
    {
        _sale.Changed("2028-04-20", "Upsell", "2028-10-01", change => change.Line("SEAT", 1, 10.00m));
        await Sync();
        await Advance("2028-04-20");
        Sale upsell = _sale.Changes[0];
        await _stack.Insert(upsell.Records(won: true), _ct);
        await _stack.Host.Client.Post($"/api/opportunities/{upsell.Key}/sync", _ct);
        await _stack.Host.Client.WaitUntilIdle(_ct);

        Assert.Equal((11, "release", "2029-02-01"), Shape(await Schedule()));
        Assert.Equal("unchanged unchanged", await PlannedOffline());
    }

    [Fact]
    public async Task Phases_edited_by_hand_are_reported_and_not_overwritten()
    {
        await Sync();
        JsonElement schedule = await Schedule();
        await _stack.World.StripePost(
            $"/v1/subscription_schedules/{schedule.GetProperty("id").GetString()}",
            new Dictionary<string, string> { ["end_behavior"] = "cancel" }, _ct);

        await On("2028-04-02");

        Assert.Equal((10, "cancel", "2029-01-01"), Shape(await Schedule()));
        Assert.Equal("schedule-edited", await Finding());
    }

    // The tenth step, 100.00, ends with December: January and February come at its price too, and March as sold.
    [Fact]
    public async Task A_timer_that_was_down_until_Stripe_ran_out_of_phases_puts_the_contract_right_and_says_so()
    {
        await Sync();

        // The first attempt ends between the new schedule and its phases.
        await _stack.Fault(
            new { kind = "status", module = "stripe", method = "POST", path = "/v1/subscription_schedules/*", status = 500, headers = new Dictionary<string, string> { ["Stripe-Should-Retry"] = "false" } }, _ct);
        await On("2029-02-10");

        Assert.Equal(["active", "released"], (await Schedules()).Select(schedule => schedule.GetProperty("status").GetString()));
        JsonElement resumed = await Schedule();
        Assert.Equal(
            ("cancel", "2029-02-10"),
            (resumed.GetProperty("end_behavior").GetString(), resumed.GetProperty("metadata").GetProperty("hub_phases_from").GetString()));
        await Sync();
        Assert.Equal("phases-late", await Finding());
        await Advance("2029-06-01");

        Assert.Equal(
            ["2028-12-01 10000", "2029-01-01 10000", "2029-02-01 10000", "2029-03-01 13000"],
            (await _stack.World.StripeList("/v1/invoices", _ct)).Select(Bill).Order(StringComparer.Ordinal).TakeLast(4));
        Assert.Equal("canceled", Assert.Single(await _stack.World.StripeList("/v1/subscriptions?status=all", _ct)).GetProperty("status").GetString());
    }

    private static (int Phases, string? End, string? Until) Shape(JsonElement schedule) => (
        schedule.GetProperty("phases").GetArrayLength(),
        schedule.GetProperty("end_behavior").GetString(),
        schedule.GetProperty("metadata").TryGetProperty("hub_phases_until", out JsonElement until) ? until.GetString() : null);

    private static string Bill(JsonElement invoice) => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTimeOffset.FromUnixTimeSeconds(invoice.GetProperty("created").GetInt64()):yyyy-MM-dd} {invoice.GetProperty("total").GetInt64()}");

    private async Task Sync()
    {
        await _stack.Host.Client.Post($"/api/opportunities/{_sale.Key}/sync", _ct);
        await _stack.Host.Client.WaitUntilIdle(_ct);
    }

    private Task Advance(string day) => _stack.World.AdvanceTo(DateTimeOffset.Parse(day + "T08:00:00Z", CultureInfo.InvariantCulture), _ct);

    private async Task On(string day)
    {
        await Advance(day);
        await _stack.Host.Client.RunTimer("DetectAdjustments", _ct);
        await _stack.Host.Client.WaitUntilIdle(_ct);
    }

    private Task<IReadOnlyList<JsonElement>> Schedules() => _stack.World.StripeList("/v1/subscription_schedules", _ct);

    private async Task<JsonElement> Schedule() => (await Schedules())[0];

    private async Task<string?> Finding() =>
        Assert.Single((await _stack.Host.Client.Get($"/api/opportunities/{_sale.Key}", _ct)).GetProperty("findings").EnumerateArray()).GetProperty("code").GetString();

    // What Stripe holds, exported, and planned from a file.
    private async Task<string> PlannedOffline()
    {
        Dictionary<string, IReadOnlyList<JsonElement>> stripe = [];
        foreach (string list in (string[])["customers", "subscription_schedules", "subscriptions", "prices"])
        {
            stripe[list] = await _stack.World.StripeList($"/v1/{list}", _ct);
        }

        BooksOutcome read = BooksReading.Read("sale", _sale.Books(stripe));
        return string.Join(' ', BooksPlanning.Plan(Assert.IsType<BooksOutcome.Read>(read).Books).Select(deal => deal.Outcome switch
        {
            PlanOutcome.Unchanged => "unchanged",
            PlanOutcome.Rejected(var problems) => string.Join("\n", problems),
            var other => other.GetType().Name,
        }));
    }
}
