using System.Globalization;
using System.Text.Json;
using Hub.EndToEnd.Tests.Deals;

namespace Hub.EndToEnd.Tests;

/// <summary>Thirteen monthly steps, of which Stripe takes ten at a time, on a running host (docs/adr/0108-rolling-phases.md).</summary>
public sealed class RollingPhasesTests() : OneSale("Contracts__RollingPhases", "true")
{
    [Fact]
    public async Task Ten_phases_go_to_Stripe_and_the_next_one_when_one_has_ended()
    {
        JsonElement preview = await Stack.Host.Client.Get($"/api/opportunities/{Sale.Key}/preview?compare=stripe", Ct);
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
        Sale.Changed("2028-04-20", "Upsell", "2028-10-01", change => change.Line("SEAT", 1, 10.00m));
        await Sync();
        await Advance("2028-04-20");
        Sale upsell = Sale.Changes[0];
        await Stack.Insert(upsell.Records(won: true), Ct);
        await Sync(upsell);

        Assert.Equal((11, "release", "2029-02-01"), Shape(await Schedule()));
        Assert.Equal("unchanged unchanged", await PlannedOffline());
    }

    [Fact]
    public async Task Phases_edited_by_hand_are_reported_and_not_overwritten()
    {
        await Sync();
        JsonElement schedule = await Schedule();
        await Stack.World.StripePost(
            $"/v1/subscription_schedules/{schedule.GetProperty("id").GetString()}",
            new Dictionary<string, string> { ["end_behavior"] = "cancel" }, Ct);

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
        await Stack.Fault(
            new { kind = "status", module = "stripe", method = "POST", path = "/v1/subscription_schedules/*", status = 500, headers = new Dictionary<string, string> { ["Stripe-Should-Retry"] = "false" } }, Ct);
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
            (await Stack.World.StripeList("/v1/invoices", Ct)).Select(Bill).Order(StringComparer.Ordinal).TakeLast(4));
        Assert.Equal("canceled", Assert.Single(await Stack.World.StripeList("/v1/subscriptions?status=all", Ct)).GetProperty("status").GetString());
    }

    private static (int Phases, string? End, string? Until) Shape(JsonElement schedule) => (
        schedule.GetProperty("phases").GetArrayLength(),
        schedule.GetProperty("end_behavior").GetString(),
        schedule.GetProperty("metadata").TryGetProperty("hub_phases_until", out JsonElement until) ? until.GetString() : null);

    private static string Bill(JsonElement invoice) => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTimeOffset.FromUnixTimeSeconds(invoice.GetProperty("created").GetInt64()):yyyy-MM-dd} {invoice.GetProperty("total").GetInt64()}");

    private async Task On(string day)
    {
        await Advance(day);
        await Stack.Host.Client.RunTimer("DetectAdjustments", Ct);
        await Stack.Host.Client.WaitUntilIdle(Ct);
    }

    private async Task<string?> Finding() => (await Finding(Sale)).GetProperty("code").GetString();

    private protected override Sale Sold(Catalogue catalogue) => RollingShapes.Growing(catalogue, "thirteen months");
}
