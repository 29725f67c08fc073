using System.Text.Json;
using Hub.EndToEnd.Tests.Deals;

namespace Hub.EndToEnd.Tests;

/// <summary>10 % and then USD 5.00 off each of ten seats for three of five months, on a running host (docs/adr/0110-amount-discounts.md).</summary>
public sealed class AmountDiscountTests() : OneSale("Reconciliation__Livemode", "false")
{
    // The percentage and then the amount, each a coupon that its id tells; a second sync and a file find the plan in Stripe, and reconciliation no difference.
    [Fact]
    public async Task What_was_sold_is_what_Stripe_holds_and_bills()
    {
        await Sync();
        Assert.Equal(
            ["hub-10-percent-off", "hub-5000-usd-off"],
            (await Schedule()).GetProperty("phases")[0].GetProperty("items")[0].GetProperty("discounts").EnumerateArray().Select(discount => discount.GetProperty("coupon").GetString()));
        Assert.Equal("unchanged", await PlannedOffline());

        await Advance("2028-06-15");
        await Sync();

        Assert.Equal("unchanged", await PlannedOffline());
        Assert.Equal([85000L, 85000L, 85000L, 100000L], (await Stack.World.StripeList("/v1/invoices", Ct)).Select(invoice => invoice.GetProperty("total").GetInt64()).Order());
        string run = (await Stack.Host.Client.Post("/api/reconciliations", Ct)).GetProperty("runId").GetString()!;
        await Stack.Host.Client.WaitUntilIdle(Ct);
        Assert.Equal(0, (await Stack.Host.Client.Get($"/api/reconciliations/{run}/discrepancies", Ct)).GetProperty("discrepancies").GetArrayLength());
    }

    [Fact]
    public async Task An_amount_that_was_edited_by_hand_is_seen_before_the_contract_is_amended()
    {
        await Sync();
        await Stack.World.StripePost("/v1/coupons", new Dictionary<string, string> { ["id"] = "more", ["amount_off"] = "6000", ["currency"] = "usd", ["duration"] = "forever" }, Ct);
        JsonElement schedule = await Schedule();
        Dictionary<string, string> edited = [];
        foreach ((JsonElement phase, int at) in schedule.GetProperty("phases").EnumerateArray().Select((phase, at) => (phase, at)))
        {
            JsonElement item = phase.GetProperty("items")[0];
            edited[$"phases[{at}][start_date]"] = phase.GetProperty("start_date").GetRawText();
            edited[$"phases[{at}][end_date]"] = phase.GetProperty("end_date").GetRawText();
            edited[$"phases[{at}][items][0][price]"] = item.GetProperty("price").GetString()!;
            edited[$"phases[{at}][items][0][quantity]"] = "10";
        }

        edited["phases[0][items][0][discounts][0][coupon]"] = "hub-10-percent-off";
        edited["phases[0][items][0][discounts][1][coupon]"] = "more";
        await Stack.World.StripePost($"/v1/subscription_schedules/{schedule.GetProperty("id").GetString()}", edited, Ct);
        Sale.Changed("2028-02-11", "Upsell", "2028-06-01", change => change.Line("SEAT", 1, 100.00m));
        await Advance("2028-02-11");
        await Stack.Insert(Sale.Changes[0].Records(won: true), Ct);
        await Sync(Sale.Changes[0]);

        JsonElement finding = await Finding(Sale.Changes[0]);
        Assert.Equal("schedule-edited", finding.GetProperty("code").GetString());
        Assert.Contains("10 × SEAT at 10000 minor units less 10 % less 5000 minor units", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private protected override Sale Sold(Catalogue catalogue) => catalogue.Sale("an amount off").Term("2028-03-01", 5, "Monthly")
        .Line("SEAT", 10, 100.00m, ("Discount", 10), ("Hub_Discount_Amount__c", 5.00m), ("Hub_Show_Discount__c", true), ("Hub_Discount_Months__c", 3));
}
