using System.Text.Json;
using Hub.EndToEnd.Tests.Deals;
using Hub.EndToEnd.Tests.Support;

namespace Hub.EndToEnd.Tests;

/// <summary>A contract with free months, a setup fee and a discount, whose schedule somebody changes in Stripe before its first day.</summary>
public sealed class HandEditTests(HandEditTests.Stack running) : IClassFixture<HandEditTests.Stack>, IAsyncLifetime
{
    private readonly CancellationToken _ct = Within.Minutes(5);
    private readonly SandboxStack _stack = running.Sandbox;
    private readonly Sale _sale = running.Catalogue.Sale("edited by hand").Term("2028-04-01", 12, "Monthly").With(("Hub_Free_Months__c", 1), ("Hub_Payment_Terms__c", "Net 30"))
        .Line("SEAT", 10, 12.00m, ("Discount", 10), ("Hub_Show_Discount__c", true), ("Hub_Discount_Months__c", 6))
        .Once("SETUP", 2.5m, 100.00m);

    public async Task InitializeAsync()
    {
        await _stack.Insert(_sale.Records(won: true), _ct);
        Assert.Equal("Billing active", await Synced());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Terms_changed_by_hand_are_reported_and_a_schedule_as_it_was_written_is_corrected()
    {
        await Edit(new() { ["default_settings[collection_method]"] = "send_invoice", ["default_settings[invoice_settings][days_until_due]"] = "60" });
        Assert.Equal("Needs attention", await Synced());
        Assert.Contains("invoices of the phase from 2028-04-01 are due after 60 days instead of 30", await Finding(), StringComparison.Ordinal);

        await Edit(new() { ["default_settings[collection_method]"] = "charge_automatically" });
        Assert.Equal("Needs attention", await Synced());
        Assert.Contains("the phase from 2028-04-01 is collected by charge_automatically instead of send_invoice", await Finding(), StringComparison.Ordinal);

        // A correction of the deal overwrites none of it.
        await _stack.World.EditRecord("Opportunity", _sale.Key, new { Hub_Term_Months__c = 13 }, _ct);
        Assert.Equal("Needs attention", await Synced());
        Assert.Equal("contract-already-billed", await Code());

        await Edit(new() { ["default_settings[collection_method]"] = "send_invoice", ["default_settings[invoice_settings][days_until_due]"] = "30" });
        Assert.Equal("Billing active", await Synced());
        Assert.Equal(new DateTimeOffset(2029, 5, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), (await Schedule()).GetProperty("phases").EnumerateArray().Last().GetProperty("end_date").GetInt64());
    }

    // Sent again with all that is there, and one thing more in the phase named.
    [Theory]
    [InlineData("discounts", "the phase from 2028-05-01 has a discount as a whole")]
    [InlineData("add_invoice_items", "the phase from 2028-05-01 holds other one-time items than planned")]
    [InlineData("trial_end", "the phase from 2028-05-01 is paid for from 2028-06-01 instead of 2028-05-01")]
    public async Task What_somebody_adds_to_a_phase_is_reported(string added, string difference)
    {
        await Edit(Phases(await Schedule(), added));

        Assert.Equal("Needs attention", await Synced());
        Assert.Contains(difference, await Finding(), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Phases(JsonElement schedule, string added)
    {
        Dictionary<string, string> form = [];
        foreach (var (phase, at) in schedule.GetProperty("phases").EnumerateArray().Select((phase, at) => (phase, at)))
        {
            string prefix = $"phases[{at}]";
            form[$"{prefix}[start_date]"] = phase.GetProperty("start_date").ToString();
            form[$"{prefix}[end_date]"] = phase.GetProperty("end_date").ToString();
            form[$"{prefix}[proration_behavior]"] = "none";
            if (phase.GetProperty("trial_end") is { ValueKind: JsonValueKind.Number } trial)
            {
                form[$"{prefix}[trial_end]"] = trial.ToString();
            }

            JsonElement item = Assert.Single(phase.GetProperty("items").EnumerateArray());
            form[$"{prefix}[items][0][price]"] = item.GetProperty("price").GetString()!;
            form[$"{prefix}[items][0][quantity]"] = item.GetProperty("quantity").ToString();
            foreach (JsonElement discount in item.GetProperty("discounts").EnumerateArray())
            {
                form[$"{prefix}[items][0][discounts][0][coupon]"] = discount.GetProperty("coupon").GetString()!;
            }

            foreach (JsonElement extra in phase.GetProperty("add_invoice_items").EnumerateArray())
            {
                form[$"{prefix}[add_invoice_items][0][price]"] = extra.GetProperty("price").GetString()!;
                form[$"{prefix}[add_invoice_items][0][quantity]"] = extra.GetProperty("quantity").ToString();
            }
        }

        (string key, string value) = added switch
        {
            "discounts" => ("phases[1][discounts][0][coupon]", "welcome"),
            "trial_end" => ("phases[1][trial_end]", new DateTimeOffset(2028, 6, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)),
            _ => ("phases[1][add_invoice_items][0][price_data][unit_amount]", "50000"),
        };
        form[key] = value;
        if (added == "add_invoice_items")
        {
            form["phases[1][add_invoice_items][0][price_data][currency]"] = "usd";
            form["phases[1][add_invoice_items][0][price_data][product]"] = Catalogue.StripeProduct("TRAINING");
        }

        return form;
    }

    private async Task Edit(Dictionary<string, string> form) =>
        await _stack.World.StripePost($"/v1/subscription_schedules/{(await Schedule()).GetProperty("id").GetString()}", form, _ct);

    private async Task<JsonElement> Schedule() => Assert.Single(
        await _stack.World.StripeList("/v1/subscription_schedules", _ct), schedule => schedule.GetProperty("metadata").GetProperty("sf_opportunity_id").GetString() == _sale.Key);

    private async Task<string?> Synced()
    {
        await _stack.Host.Client.Post($"/api/opportunities/{_sale.Key}/sync", _ct);
        await _stack.Host.Client.WaitUntilIdle(_ct);
        await _stack.Host.Client.RunTimer("WriteBackResults", _ct);
        return (await _stack.World.Records("Opportunity", _ct)).Single(record => record.GetProperty("Id").GetString() == _sale.Key).GetProperty("Hub_Sync_Status__c").GetString();
    }

    private async Task<JsonElement> Problem() =>
        Assert.Single((await _stack.Host.Client.Get($"/api/opportunities/{_sale.Key}", _ct)).GetProperty("findings").EnumerateArray());

    private async Task<string?> Finding() => (await Problem()).GetProperty("message").GetString();

    private async Task<string?> Code() => (await Problem()).GetProperty("code").GetString();

    /// <summary>One stack for all.</summary>
    public sealed class Stack : IAsyncLifetime
    {
        internal Catalogue Catalogue { get; } = new(new Dictionary<string, string>());

        internal SandboxStack Sandbox { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            CancellationToken ct = Within.Minutes(5);
            Sandbox = await SandboxStack.Start(new Dictionary<string, string>(), ct, now: "2028-02-10T06:00:00Z");
            await Sandbox.Insert(Catalogue.Records(), ct);
            await Sandbox.World.StripePost("/v1/coupons", [new("id", "welcome"), new("percent_off", "5"), new("duration", "forever")], ct);
            foreach (string code in (string[])["SEAT", "SETUP", "TRAINING"])
            {
                await Sandbox.World.StripePost("/v1/products", [new("id", Catalogue.StripeProduct(code)), new("name", code)], ct);
            }
        }

        public async Task DisposeAsync() => await Sandbox.DisposeAsync();
    }
}
