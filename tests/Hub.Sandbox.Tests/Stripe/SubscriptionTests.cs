using System.Text.Json.Nodes;

namespace Hub.Sandbox.Tests.Stripe;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Quantity_edit_prorates_by_the_second_and_waits_for_the_next_invoice()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, subscription) = await Monthly(stripe, 31_000, quantity: 2);
        var item = (string)subscription["items"]!["data"]![0]!["id"]!;
        await stripe.Sandbox.AdvanceTo("2026-01-11T00:00:00Z");

        await stripe.Post($"/v1/subscriptions/{subscription["id"]}", ("items[0][id]", item), ("items[0][quantity]", "5"));
        var pending = (await stripe.All($"/v1/invoiceitems?customer={customer}&pending=true")).Select(i => (long)i["amount"]!).ToList();
        await stripe.Sandbox.AdvanceTo("2026-02-02T00:00:00Z");

        // 21 of 31 days left: -2 × 310.00 × 21/31 = -420.00 and 5 × 310.00 × 21/31 = 1,050.00; then five seats in full.
        Assert.Equal([105_000, -42_000], pending);
        Assert.Equal(["2026-01-01 | open | 62000", $"2026-02-01 | open | {155_000 + 63_000}"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Quantity_edit_without_proration_bills_nothing_before_the_next_period()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, subscription) = await Monthly(stripe, 31_000, quantity: 2);
        await stripe.Sandbox.AdvanceTo("2026-01-11T00:00:00Z");

        await stripe.Post($"/v1/subscription_items/{subscription["items"]!["data"]![0]!["id"]}", ("quantity", "5"), ("proration_behavior", "none"));
        await stripe.Sandbox.AdvanceTo("2026-02-02T00:00:00Z");

        Assert.Equal(["2026-01-01 | open | 62000", "2026-02-01 | open | 155000"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Flexible_credit_is_what_was_billed_and_not_what_the_item_now_costs()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, subscription) = await Monthly(stripe, 31_000, quantity: 2);
        var item = $"/v1/subscription_items/{subscription["items"]!["data"]![0]!["id"]}";
        await stripe.Sandbox.AdvanceTo("2026-01-11T00:00:00Z");

        // The free increase to 5 was never billed, so taking it back credits the two seats that were.
        await stripe.Post(item, ("quantity", "5"), ("proration_behavior", "none"));
        await stripe.Post(item, ("quantity", "1"));

        Assert.Equal([21_000, -42_000], (await stripe.All($"/v1/invoiceitems?customer={customer}")).Select(i => (long)i["amount"]!));
    }

    [Fact]
    public async Task Canceled_subscription_disappears_from_the_plain_list()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, subscription) = await Monthly(stripe, 1_000);

        await stripe.Send(HttpMethod.Delete, $"/v1/subscriptions/{subscription["id"]}");
        await stripe.Sandbox.AdvanceTo("2026-03-01T00:00:00Z");

        Assert.Empty(await stripe.All($"/v1/subscriptions?customer={customer}"));
        foreach (var status in (string[])["all", "canceled", "ended"])
        {
            Assert.Single(await stripe.All($"/v1/subscriptions?customer={customer}&status={status}"));
        }

        // Its draft is no longer finalised by itself, and nothing new is billed.
        Assert.Equal(["2026-01-01 | draft | 1000"], await stripe.InvoiceDays(customer));
        Assert.Equal(404, (await stripe.Send(HttpMethod.Delete, $"/v1/subscriptions/{subscription["id"]}")).Status);
    }

    [Fact]
    public async Task Cancel_at_period_end_runs_out_the_period()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, subscription) = await Monthly(stripe, 1_000);

        await stripe.Post($"/v1/subscriptions/{subscription["id"]}", ("cancel_at_period_end", "true"));
        await stripe.Sandbox.AdvanceTo("2026-01-31T00:59:59Z");
        Assert.Equal("active", (string?)(await stripe.Get($"/v1/subscriptions/{subscription["id"]}"))["status"]);
        await stripe.Sandbox.AdvanceTo("2026-02-03T00:00:00Z");

        var ended = await stripe.Get($"/v1/subscriptions/{subscription["id"]}");
        Assert.Equal(("canceled", "2026-02-01T00:00:00"), ((string?)ended["status"], StripeSandbox.Moment((long)ended["ended_at"]!)));
        Assert.Single(await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Charging_automatically_without_a_payment_method_is_incomplete_and_expires()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));

        var subscription = await stripe.Post("/v1/subscriptions", ("customer", customer), ("items[0][price]", price));
        Assert.Equal("incomplete", (string?)(await stripe.Get($"/v1/subscriptions/{subscription["id"]}"))["status"]);
        await stripe.Sandbox.AdvanceTo("2026-01-02T00:00:00Z");

        Assert.Equal("incomplete_expired", (string?)(await stripe.Get($"/v1/subscriptions/{subscription["id"]}"))["status"]);
        Assert.Equal(["2026-01-01 | void | 1000"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Charging_automatically_with_a_payment_method_is_paid_within_the_request()
    {
        await using var stripe = await StripeSandbox.Start();
        var price = await stripe.Price(1_000);
        var customer = (string)(await stripe.Post("/v1/customers", ("invoice_settings[default_payment_method]", "pm_card_visa")))["id"]!;

        await stripe.Post("/v1/subscriptions", ("customer", customer), ("items[0][price]", price));

        Assert.Equal(["2026-01-01 | paid | 1000"], await stripe.InvoiceDays(customer));
        Assert.Equal("succeeded", (string?)Assert.Single(await stripe.All($"/v1/charges?customer={customer}"))["status"]);
    }

    [Fact]
    public async Task Later_anchor_bills_a_prorated_stub_first()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(31_000));

        await stripe.Post("/v1/subscriptions", ("customer", customer), ("items[0][price]", price), ("collection_method", "send_invoice"), ("days_until_due", "14"),
            ("billing_cycle_anchor", StripeSandbox.At("2026-01-11T00:00:00Z")));
        await stripe.Sandbox.AdvanceTo("2026-01-12T00:00:00Z");

        // 1 to 11 January of the period 11 December to 11 January: 10 of 31 days.
        Assert.Equal(["2026-01-01 | open | 10000", "2026-01-11 | open | 31000"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Anchor_on_the_31st_means_the_last_day_of_every_month()
    {
        await using var stripe = await StripeSandbox.Start("--now", "2026-02-10T00:00:00Z");
        var (customer, price) = (await stripe.Customer(), await stripe.Price(28_000));

        await stripe.Post("/v1/subscriptions", ("customer", customer), ("items[0][price]", price), ("collection_method", "send_invoice"), ("days_until_due", "14"), ("proration_behavior", "none"),
            ("billing_cycle_anchor_config[day_of_month]", "31"));
        await stripe.Sandbox.AdvanceTo("2026-05-01T00:00:00Z");

        Assert.Equal(["2026-02-28 | open | 28000", "2026-03-31 | open | 28000", "2026-04-30 | open | 28000"], await stripe.InvoiceDays(customer));
        Assert.Equal(400, (await stripe.Refused("/v1/subscriptions", ("customer", customer), ("items[0][price]", price), ("billing_cycle_anchor_config[day_of_month]", "32"))).Status);
    }

    [Fact]
    public async Task Cancelling_a_schedule_credits_the_unused_time_to_the_balance_unless_told_otherwise()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(31_000));
        var schedule = await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "year"), ("phases[0][items][0][price]", price));
        await stripe.Sandbox.AdvanceTo("2026-01-11T00:00:00Z");

        await stripe.Post($"/v1/subscription_schedules/{schedule["id"]}/cancel");
        await stripe.Sandbox.AdvanceTo("2026-01-12T00:00:00Z");

        // 21 of 31 days of 310.00.
        Assert.Equal(["2026-01-01 | open | 31000", "2026-01-11 | paid | -21000"], await stripe.InvoiceDays(customer));
        Assert.Equal(-21_000, (long)(await stripe.Get($"/v1/customers/{customer}"))["balance"]!);
    }

    [Fact]
    public async Task Percentage_coupon_on_an_item_lasts_its_months()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var (seat, support) = (await stripe.Price(10_000), await stripe.Price(5_000));
        await stripe.Post("/v1/coupons", ("id", "TEN2"), ("percent_off", "10"), ("duration", "repeating"), ("duration_in_months", "2"));

        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][duration][interval_count]", "3"),
            ("phases[0][items][0][price]", seat), ("phases[0][items][0][discounts][0][coupon]", "TEN2"), ("phases[0][items][1][price]", support));
        await stripe.Sandbox.AdvanceTo("2026-03-05T00:00:00Z");

        Assert.Equal(["2026-01-01 | open | 14000", "2026-02-01 | open | 14000", "2026-03-01 | open | 15000"], await stripe.InvoiceDays(customer));
    }

    // 3 × 100.00: less 10 % and then 20.00 is 250.00, less 20.00 and then 10 % is 252.00.
    [Theory]
    [InlineData("TEN", "TWENTY", 25_000)]
    [InlineData("TWENTY", "TEN", 25_200)]
    public async Task Coupons_of_an_item_apply_one_after_the_other(string first, string second, long total)
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(10_000));
        await stripe.Post("/v1/coupons", ("id", "TEN"), ("percent_off", "10"), ("duration", "forever"));
        await stripe.Post("/v1/coupons", ("id", "TWENTY"), ("amount_off", "2000"), ("currency", "usd"), ("duration", "forever"));

        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][duration][interval_count]", "2"), ("phases[0][items][0][price]", price),
            ("phases[0][items][0][quantity]", "3"), ("phases[0][items][0][discounts][0][coupon]", first), ("phases[0][items][0][discounts][1][coupon]", second));
        await stripe.Sandbox.AdvanceTo("2026-02-05T00:00:00Z");

        Assert.Equal([$"2026-01-01 | open | {total}", $"2026-02-01 | open | {total}"], await stripe.InvoiceDays(customer));
    }

    [Theory]
    [InlineData("0", "usd", "amount_off")]
    [InlineData("-5", "usd", "amount_off")]
    [InlineData("500", null, "currency")]
    public async Task A_coupon_takes_a_positive_amount_of_a_currency(string amount, string? currency, string param)
    {
        await using var stripe = await StripeSandbox.Start();
        (string, string)[] form = [("amount_off", amount), ("duration", "forever"), .. currency is null ? Array.Empty<(string, string)>() : [("currency", currency)]];

        var (status, error) = await stripe.Refused("/v1/coupons", form);

        Assert.Equal((400, param), (status, (string?)error["param"]));
    }

    [Fact]
    public async Task Amount_coupon_of_a_phase_is_spread_over_the_lines_and_spent_once()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var (seat, support) = (await stripe.Price(10_000), await stripe.Price(5_000));
        await stripe.Post("/v1/coupons", ("id", "WELCOME"), ("amount_off", "1000"), ("currency", "usd"), ("duration", "once"));

        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][duration][interval_count]", "2"),
            ("phases[0][items][0][price]", seat), ("phases[0][items][1][price]", support), ("phases[0][discounts][0][coupon]", "WELCOME"));
        var first = Assert.Single(await stripe.All("/v1/invoices?expand[]=data.discounts"));
        await stripe.Sandbox.AdvanceTo("2026-02-05T00:00:00Z");

        // 10.00 over 100.00 and 50.00: 6.67 and 3.33.
        Assert.Equal([667, 333], ((JsonArray)first["lines"]!["data"]!).Select(line => (long)line!["discount_amounts"]![0]!["amount"]!));
        Assert.Equal("WELCOME", (string?)first["discounts"]![0]!["source"]!["coupon"]);
        Assert.Equal(["2026-01-01 | open | 14000", "2026-02-01 | open | 15000"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Metered_usage_is_billed_after_its_period_and_the_last_on_the_end_date()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var product = (string)(await stripe.Post("/v1/products", ("name", "Calls")))["id"]!;
        var meter = (string)(await stripe.Post("/v1/billing/meters", ("display_name", "Calls"), ("event_name", "calls"), ("default_aggregation[formula]", "sum")))["id"]!;
        var price = (string)(await stripe.Post("/v1/prices", ("product", product), ("currency", "usd"), ("unit_amount_decimal", "0.5"), ("recurring[interval]", "month"), ("recurring[usage_type]", "metered"), ("recurring[meter]", meter)))["id"]!;
        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][duration][interval_count]", "2"), ("phases[0][items][0][price]", price));

        await stripe.Sandbox.AdvanceTo("2026-01-20T00:00:00Z");
        await stripe.Post("/v1/billing/meter_events", ("event_name", "calls"), ("payload[stripe_customer_id]", customer), ("payload[value]", "40001"));
        await stripe.Sandbox.AdvanceTo("2026-02-20T00:00:00Z");
        await stripe.Post("/v1/billing/meter_events", ("event_name", "calls"), ("payload[stripe_customer_id]", customer), ("payload[value]", "1000"));
        await stripe.Sandbox.AdvanceTo("2026-03-02T00:00:00Z");

        // 40,001 × 0.005 = 200.005 -> 200.01; 1,000 × 0.005 = 5.00.
        Assert.Equal(["2026-02-01 | open | 20001", "2026-03-01 | open | 500"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Same_price_twice_and_a_quantity_on_usage_are_refused()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));

        Assert.Equal(400, (await stripe.Refused("/v1/subscriptions", ("customer", customer), ("items[0][price]", price), ("items[1][price]", price))).Status);
        Assert.Equal(400, (await stripe.Refused("/v1/subscriptions", ("customer", customer), ("items[0][price]", price), ("items[0][quantity]", "-1"))).Status);
    }

    [Fact]
    public async Task Preview_shows_the_next_renewal_and_stores_nothing()
    {
        await using var stripe = await StripeSandbox.Start();
        var (_, subscription) = await Monthly(stripe, 1_000, quantity: 3);

        var preview = await stripe.Post("/v1/invoices/create_preview", ("subscription", (string)subscription["id"]!));

        Assert.StartsWith("upcoming_in", (string?)preview["id"], StringComparison.Ordinal);
        Assert.Equal((3_000, "2026-02-01"), ((long)preview["total"]!, StripeSandbox.Day((long)preview["lines"]!["data"]![0]!["period"]!["start"]!)));
        Assert.Single(await stripe.All("/v1/invoices"));
    }

    private static async Task<(string Customer, JsonObject Subscription)> Monthly(StripeSandbox stripe, long unitAmount, int quantity = 1)
    {
        var (customer, price) = (await stripe.Customer(), await stripe.Price(unitAmount));
        var subscription = await stripe.Post("/v1/subscriptions", ("customer", customer), ("items[0][price]", price), ("items[0][quantity]", $"{quantity}"), ("collection_method", "send_invoice"), ("days_until_due", "30"));
        return (customer, subscription);
    }
}
