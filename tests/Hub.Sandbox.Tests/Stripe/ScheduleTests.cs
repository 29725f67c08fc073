using System.Text.Json.Nodes;

namespace Hub.Sandbox.Tests.Stripe;

public sealed class ScheduleTests
{
    [Fact]
    public async Task Month_end_start_bills_on_the_last_day_of_short_months_and_returns_to_the_31st()
    {
        await using var stripe = await StripeSandbox.Start("--now", "2026-01-31T00:00:00Z");
        var customer = await stripe.Customer();
        var price = await stripe.Price(10_000);

        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][duration][interval_count]", "4"), ("phases[0][items][0][price]", price), ("phases[0][items][0][quantity]", "3"));
        await stripe.Sandbox.AdvanceTo("2026-07-01T00:00:00Z");

        // 3 seats at 100.00; the fourth month ends on 31 May, when nothing is billed any more.
        Assert.Equal(
            ["2026-01-31 | open | 30000", "2026-02-28 | open | 30000", "2026-03-31 | open | 30000", "2026-04-30 | open | 30000"],
            await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Ramp_bills_each_years_price_on_the_anniversary_and_ends_by_cancelling()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        string[] prices = [await stripe.Price(100_000, interval: "year"), await stripe.Price(120_000, interval: "year"), await stripe.Price(150_000, interval: "year")];

        var schedule = await stripe.Schedule(customer, "now", [.. prices.SelectMany((price, at) => new[]
        {
            ($"phases[{at}][duration][interval]", "year"), ($"phases[{at}][items][0][price]", price), ($"phases[{at}][proration_behavior]", "none"),
        })]);
        Assert.Equal(("2027-01-01", "2029-01-01"), (StripeSandbox.Day((long)schedule["phases"]![0]!["end_date"]!), StripeSandbox.Day((long)schedule["phases"]![2]!["end_date"]!)));
        Assert.Null((await stripe.Get($"/v1/subscriptions/{schedule["subscription"]}"))["cancel_at"]);

        await stripe.Sandbox.AdvanceTo("2028-06-01T00:00:00Z");
        Assert.Equal("2029-01-01", StripeSandbox.Day((long)(await stripe.Get($"/v1/subscriptions/{schedule["subscription"]}"))["cancel_at"]!));
        await stripe.Sandbox.AdvanceTo("2029-02-01T00:00:00Z");

        Assert.Equal(["2026-01-01 | open | 100000", "2027-01-01 | open | 120000", "2028-01-01 | open | 150000"], await stripe.InvoiceDays(customer));
        Assert.Equal("canceled", (string?)(await stripe.Get($"/v1/subscriptions/{schedule["subscription"]}"))["status"]);
        Assert.Equal("completed", (string?)(await stripe.Get($"/v1/subscription_schedules/{schedule["id"]}"))["status"]);
    }

    [Fact]
    public async Task Backdated_start_bills_every_missed_period_as_a_line_of_one_invoice()
    {
        await using var stripe = await StripeSandbox.Start("--now", "2026-03-20T09:00:00Z");
        var customer = await stripe.Customer();
        var price = await stripe.Price(5_000);

        await stripe.Schedule(customer, StripeSandbox.At("2026-01-15T00:00:00Z"), ("phases[0][duration][interval]", "year"), ("phases[0][items][0][price]", price));
        var invoice = Assert.Single(await stripe.All($"/v1/invoices?customer={customer}"));
        var lines = (JsonArray)invoice["lines"]!["data"]!;

        Assert.Equal(15_000, (long)invoice["total"]!);
        Assert.Equal(
            ["2026-01-15..2026-02-15", "2026-02-15..2026-03-15", "2026-03-15..2026-04-15"],
            lines.Select(line => $"{StripeSandbox.Day((long)line!["period"]!["start"]!)}..{StripeSandbox.Day((long)line["period"]!["end"]!)}"));
        await stripe.Sandbox.AdvanceTo("2026-04-16T00:00:00Z");
        Assert.Equal(["2026-03-20 | open | 15000", "2026-04-15 | open | 5000"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Backdated_start_plays_every_phase_it_missed()
    {
        await using var stripe = await StripeSandbox.Start("--now", "2026-04-10T00:00:00Z");
        var customer = await stripe.Customer();
        var (seat, setup) = (await stripe.Price(1_000), await stripe.Price(45_000, interval: null));
        var phase = (int at) => new[] { ($"phases[{at}][duration][interval]", "month"), ($"phases[{at}][duration][interval_count]", "2"), ($"phases[{at}][items][0][price]", seat), ($"phases[{at}][items][0][quantity]", $"{at + 1}"), ($"phases[{at}][metadata][step]", $"{at}") };

        var schedule = await stripe.Schedule(customer, StripeSandbox.At("2026-01-01T00:00:00Z"), [.. phase(0), .. phase(1), .. phase(2), ("phases[0][add_invoice_items][0][price]", setup)]);
        await stripe.Sandbox.AdvanceTo("2026-07-02T00:00:00Z");

        // Setup, 2 months of one seat, 2 of two seats; then two months of three.
        Assert.Equal(["2026-04-10 | open | 51000", "2026-05-01 | open | 3000", "2026-06-01 | open | 3000"], await stripe.InvoiceDays(customer));
        Assert.Equal("2026-03-01", StripeSandbox.Day((long)schedule["current_phase"]!["start_date"]!));
        Assert.Equal("2", (string?)(await stripe.Get($"/v1/subscriptions/{schedule["subscription"]}"))["metadata"]!["step"]);
    }

    [Fact]
    public async Task Subscription_can_be_adopted_by_a_schedule_which_then_reshapes_it()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));
        var subscription = await stripe.Post("/v1/subscriptions", ("customer", customer), ("items[0][price]", price), ("collection_method", "send_invoice"), ("days_until_due", "30"));

        var schedule = await stripe.Post("/v1/subscription_schedules", ("from_subscription", (string)subscription["id"]!));
        var phase = schedule["phases"]![0]!;
        await stripe.Post($"/v1/subscription_schedules/{schedule["id"]}", ("end_behavior", "cancel"), ("proration_behavior", "none"),
            ("phases[0][start_date]", $"{phase["start_date"]}"), ("phases[0][end_date]", $"{phase["end_date"]}"), ("phases[0][items][0][price]", price),
            ("phases[1][duration][interval]", "month"), ("phases[1][items][0][price]", price), ("phases[1][items][0][quantity]", "4"));
        await stripe.Sandbox.AdvanceTo("2026-05-01T00:00:00Z");

        Assert.Equal(["2026-01-01 | open | 1000", "2026-02-01 | open | 4000"], await stripe.InvoiceDays(customer));
        Assert.Equal(400, (await stripe.Refused("/v1/subscription_schedules", ("from_subscription", (string)subscription["id"]!))).Status);
    }

    [Fact]
    public async Task Future_start_waits_and_then_bills_at_its_moment()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var price = await stripe.Price(9_900, interval: "month", count: 3);

        var schedule = await stripe.Schedule(customer, StripeSandbox.At("2026-02-10T00:00:00Z"), ("phases[0][duration][interval]", "year"), ("phases[0][items][0][price]", price));
        Assert.Equal(("not_started", null), ((string?)schedule["status"], (string?)schedule["subscription"]));
        await stripe.Sandbox.AdvanceTo("2026-08-11T00:00:00Z");

        Assert.Equal(["2026-02-10 | open | 9900", "2026-05-10 | open | 9900", "2026-08-10 | open | 9900"], await stripe.InvoiceDays(customer));
        Assert.Equal("active", (string?)(await stripe.Get($"/v1/subscription_schedules/{schedule["id"]}"))["status"]);
    }

    [Fact]
    public async Task Two_free_phases_in_a_row_are_free_for_an_item_that_joins_in_the_second()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var (price, joins) = (await stripe.Price(2_000), await stripe.Price(300));
        var (first, second) = (StripeSandbox.At("2026-02-01T00:00:00Z"), StripeSandbox.At("2026-03-01T00:00:00Z"));

        await stripe.Schedule(customer, "now",
            ("phases[0][end_date]", first), ("phases[0][trial_end]", first), ("phases[0][items][0][price]", price),
            ("phases[1][end_date]", second), ("phases[1][trial_end]", second), ("phases[1][items][0][price]", price), ("phases[1][items][1][price]", joins),
            ("phases[2][end_date]", StripeSandbox.At("2026-05-01T00:00:00Z")), ("phases[2][items][0][price]", price), ("phases[2][items][1][price]", joins));
        await stripe.Sandbox.AdvanceTo("2026-06-01T00:00:00Z");

        Assert.Equal(
            ["2026-01-01 | paid | 0", "2026-02-01 | paid | 0", "2026-03-01 | open | 2300", "2026-04-01 | open | 2300"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Automatic_tax_is_shown_on_what_it_applies_to_and_needs_to_know_where_the_customer_is()
    {
        await using var stripe = await StripeSandbox.Start();
        var (nowhere, price) = (await stripe.Customer(), await stripe.Price(2_000));
        string[] phase = ["phases[0][end_date]", StripeSandbox.At("2026-03-01T00:00:00Z")];
        (string, string)[] Asked(string customer) =>
        [
            ("customer", customer), ("start_date", "now"), ("default_settings[automatic_tax][enabled]", "true"), ("default_settings[collection_method]", "send_invoice"),
            ("default_settings[invoice_settings][days_until_due]", "30"), (phase[0], phase[1]), ("phases[0][items][0][price]", price),
        ];

        Assert.Equal("customer_tax_location_invalid", (string?)(await stripe.Refused("/v1/subscription_schedules", Asked(nowhere))).Error["code"]);
        var somewhere = (string)(await stripe.Post("/v1/customers", ("address[country]", "IE")))["id"]!;
        var schedule = await stripe.Post("/v1/subscription_schedules", Asked(somewhere));

        Assert.True((bool)schedule["default_settings"]!["automatic_tax"]!["enabled"]!);
        var invoice = (await stripe.Get($"/v1/invoices?customer={somewhere}"))["data"]![0]!;
        Assert.Equal((true, "complete"), ((bool)invoice["automatic_tax"]!["enabled"]!, (string)invoice["automatic_tax"]!["status"]!));
    }

    [Fact]
    public async Task Free_months_bill_nothing_and_the_first_invoice_follows_them()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var price = await stripe.Price(2_000);
        var trialEnd = StripeSandbox.At("2026-03-01T00:00:00Z");

        var schedule = await stripe.Schedule(customer, "now",
            ("phases[0][end_date]", trialEnd), ("phases[0][trial_end]", trialEnd), ("phases[0][items][0][price]", price),
            ("phases[1][end_date]", StripeSandbox.At("2026-06-01T00:00:00Z")), ("phases[1][items][0][price]", price));
        Assert.Equal("trialing", (string?)(await stripe.Get($"/v1/subscriptions/{schedule["subscription"]}"))["status"]);
        await stripe.Sandbox.AdvanceTo("2026-07-01T00:00:00Z");

        Assert.Equal(
            ["2026-01-01 | paid | 0", "2026-03-01 | open | 2000", "2026-04-01 | open | 2000", "2026-05-01 | open | 2000"],
            await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task One_time_charges_of_a_phase_ride_on_its_first_invoice_once()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var (seat, setup) = (await stripe.Price(1_000), await stripe.Price(45_000, interval: null));

        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][duration][interval_count]", "2"),
            ("phases[0][items][0][price]", seat), ("phases[0][add_invoice_items][0][price]", setup), ("phases[0][add_invoice_items][0][metadata][sf_line_id]", "00k1"));
        await stripe.Sandbox.AdvanceTo("2026-04-01T00:00:00Z");

        Assert.Equal(["2026-01-01 | open | 46000", "2026-02-01 | open | 1000"], await stripe.InvoiceDays(customer));
        var first = (await stripe.All($"/v1/invoices?customer={customer}"))[^1];
        var extra = ((JsonArray)first["lines"]!["data"]!).Single(line => (string?)line!["parent"]!["type"] == "invoice_item_details")!;
        Assert.Equal("00k1", (string?)extra["metadata"]!["sf_line_id"]);
        Assert.Equal(setup, (string?)extra["pricing"]!["price_details"]!["price"]);
    }

    [Fact]
    public async Task Stub_phase_on_another_interval_bills_only_when_the_anchor_is_reset()
    {
        await using var stripe = await StripeSandbox.Start();
        var (annual, stub) = (await stripe.Price(120_000, interval: "year"), await stripe.Price(50_000, interval: "month", count: 5));
        (string, string)[] Phases(params (string, string)[] more) =>
        [
            ("phases[0][duration][interval]", "year"), ("phases[0][items][0][price]", annual), ("phases[0][proration_behavior]", "none"),
            ("phases[1][duration][interval]", "month"), ("phases[1][duration][interval_count]", "5"), ("phases[1][items][0][price]", stub), ("phases[1][proration_behavior]", "none"), .. more,
        ];
        var (reset, kept) = (await stripe.Customer("reset"), await stripe.Customer("kept"));

        await stripe.Schedule(reset, "now", Phases(("phases[1][billing_cycle_anchor]", "phase_start")));
        await stripe.Schedule(kept, "now", Phases());
        await stripe.Sandbox.AdvanceTo("2027-07-01T00:00:00Z");

        Assert.Equal(["2026-01-01 | open | 120000", "2027-01-01 | open | 50000"], await stripe.InvoiceDays(reset));
        // Five-month boundaries counted from 1 January 2026 miss 1 January 2027; the next is 1 April, when a further period is billed in full.
        Assert.Equal(["2026-01-01 | open | 120000", "2027-04-01 | open | 50000"], await stripe.InvoiceDays(kept));
    }

    [Fact]
    public async Task Update_replaces_future_phases_and_reprices_the_current_one()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var price = await stripe.Price(10_000);
        var schedule = await stripe.Schedule(customer, "now", ("phases[0][end_date]", StripeSandbox.At("2027-01-01T00:00:00Z")), ("phases[0][items][0][price]", price), ("phases[0][items][0][quantity]", "2"));
        await stripe.Sandbox.AdvanceTo("2026-01-11T00:00:00Z");

        var updated = await stripe.Post($"/v1/subscription_schedules/{schedule["id"]}", ("proration_behavior", "none"),
            ("phases[0][start_date]", StripeSandbox.At("2026-01-01T00:00:00Z")), ("phases[0][end_date]", StripeSandbox.At("2026-02-01T00:00:00Z")), ("phases[0][items][0][price]", price), ("phases[0][items][0][quantity]", "2"),
            ("phases[1][end_date]", StripeSandbox.At("2027-01-01T00:00:00Z")), ("phases[1][items][0][price]", price), ("phases[1][items][0][quantity]", "5"));
        await stripe.Sandbox.AdvanceTo("2026-03-02T00:00:00Z");

        Assert.Equal(2, ((JsonArray)updated["phases"]!).Count);
        Assert.Equal(["2026-01-01 | open | 20000", "2026-02-01 | open | 50000", "2026-03-01 | open | 50000"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Update_of_the_current_phase_prorates_by_the_second()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var price = await stripe.Price(31_000);
        var schedule = await stripe.Schedule(customer, "now", ("phases[0][end_date]", StripeSandbox.At("2027-01-01T00:00:00Z")), ("phases[0][items][0][price]", price));
        await stripe.Sandbox.AdvanceTo("2026-01-11T00:00:00Z");

        await stripe.Post($"/v1/subscription_schedules/{schedule["id"]}", ("proration_behavior", "always_invoice"),
            ("phases[0][start_date]", StripeSandbox.At("2026-01-01T00:00:00Z")), ("phases[0][end_date]", StripeSandbox.At("2027-01-01T00:00:00Z")), ("phases[0][items][0][price]", price), ("phases[0][items][0][quantity]", "3"));
        var proration = (await stripe.All($"/v1/invoices?customer={customer}"))[0];

        // 21 of 31 days left: -1 × 310.00 and +3 × 310.00, each times 21/31 = -210.00 and +630.00.
        Assert.Equal(["-21000", "63000"], ((JsonArray)proration["lines"]!["data"]!).Select(line => line!["amount"]!.ToString()));
        Assert.Equal(("subscription_update", 42_000), ((string?)proration["billing_reason"], (long)proration["total"]!));
    }

    [Theory]
    [InlineData("phases[0][end_date]", "1769904000", "phases[0][duration][interval]", "month", "parameters_exclusive")]
    [InlineData("phases[0][trial]", "true", "phases[0][billing_cycle_anchor]", "phase_start", null)]
    [InlineData("phases[0][items][1][price]", "$same", "phases[0][duration][interval]", "month", null)]
    [InlineData("phases[0][items][1][price]", "$onetime", "phases[0][duration][interval]", "month", null)]
    [InlineData("phases[0][items][1][price]", "$eur", "phases[0][duration][interval]", "month", null)]
    [InlineData("from_subscription", "sub_x", "phases[0][duration][interval]", "month", null)]
    public async Task Phase_that_breaks_a_rule_is_refused(string name, string value, string otherName, string otherValue, string? code)
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var price = await stripe.Price(1_000);
        value = value switch { "$same" => price, "$onetime" => await stripe.Price(5, interval: null), "$eur" => await stripe.Price(5, "eur"), _ => value };
        List<(string, string)> form = [("customer", customer), ("start_date", "now"), ("phases[0][items][0][price]", price), (name, value), (otherName, otherValue)];
        if (!otherName.Contains("duration", StringComparison.Ordinal))
        {
            form.Add(("phases[0][duration][interval]", "month"));
        }

        var (status, error) = await stripe.Refused("/v1/subscription_schedules", [.. form]);

        Assert.Equal(400, status);
        Assert.Equal(code, (string?)error["code"]);
        Assert.Empty(await stripe.All("/v1/subscription_schedules"));
    }

    [Fact]
    public async Task Eleven_phases_are_refused_and_ten_accepted()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var price = await stripe.Price(1_000);
        (string, string)[] Phases(int count) => [.. Enumerable.Range(0, count).SelectMany(at => new[]
        {
            ($"phases[{at}][duration][interval]", "month"), ($"phases[{at}][items][0][price]", price), ($"phases[{at}][items][0][quantity]", $"{at + 1}"),
        })];

        Assert.Equal(400, (await stripe.Refused("/v1/subscription_schedules", [("customer", customer), ("start_date", "now"), .. Phases(11)])).Status);
        Assert.Equal(10, ((JsonArray)(await stripe.Schedule(customer, "now", Phases(10)))["phases"]!).Count);
    }

    [Fact]
    public async Task Past_phases_do_not_count_and_an_update_leaves_them_out()
    {
        await using var stripe = await StripeSandbox.Start("--now", "2026-03-10T00:00:00Z");
        var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));
        (string, string)[] Phase(int at, int seats) =>
            [($"phases[{at}][duration][interval]", "month"), ($"phases[{at}][items][0][price]", price), ($"phases[{at}][items][0][quantity]", $"{seats}")];
        (string, string)[] Phases(int first, int count) => [.. Enumerable.Range(0, count).SelectMany(at => Phase(at, first + at))];

        // January and February are over.
        await stripe.Refused("/v1/subscription_schedules", [("customer", customer), ("start_date", StripeSandbox.At("2026-01-01T00:00:00Z")), .. Phases(1, 13)]);
        var schedule = await stripe.Schedule(customer, StripeSandbox.At("2026-01-01T00:00:00Z"), Phases(1, 12));
        await stripe.Sandbox.AdvanceTo("2026-04-02T00:00:00Z");
        (string, string) start = ("phases[0][start_date]", StripeSandbox.At("2026-04-01T00:00:00Z"));
        await stripe.Refused($"/v1/subscription_schedules/{schedule["id"]}", [start, ("proration_behavior", "none"), .. Phases(4, 11)]);
        var updated = await stripe.Post($"/v1/subscription_schedules/{schedule["id"]}", [start, ("proration_behavior", "none"), .. Phases(4, 10)]);

        Assert.Equal(Enumerable.Range(1, 13), ((JsonArray)updated["phases"]!).Select(phase => (int)phase!["items"]![0]!["quantity"]!));
    }

    [Theory]
    [InlineData("month", 2, "month", 3, false)]
    [InlineData("month", 4, "month", 6, false)]
    [InlineData("month", 1, "year", 1, true)]
    [InlineData("month", 3, "month", 12, true)]
    [InlineData("week", 1, "month", 1, false)]
    public async Task Intervals_mix_only_when_each_is_a_multiple_of_the_shortest(string unit, int count, string otherUnit, int otherCount, bool accepted)
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var (one, two) = (await stripe.Price(1_000, interval: unit, count: count), await stripe.Price(7_000, interval: otherUnit, count: otherCount));

        var (status, _, _) = await stripe.Send(HttpMethod.Post, "/v1/subscription_schedules",
            [("customer", customer), ("start_date", "now"), ("phases[0][duration][interval]", "year"), ("phases[0][items][0][price]", one), ("phases[0][items][1][price]", two)]);

        Assert.Equal(accepted ? 200 : 400, status);
    }

    [Fact]
    public async Task Mixed_intervals_share_the_invoice_of_a_day()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var (monthly, quarterly) = (await stripe.Price(1_000), await stripe.Price(7_000, count: 3));

        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][duration][interval_count]", "6"), ("phases[0][items][0][price]", monthly), ("phases[0][items][1][price]", quarterly));
        await stripe.Sandbox.AdvanceTo("2026-05-02T00:00:00Z");

        Assert.Equal(
            ["2026-01-01 | open | 8000", "2026-02-01 | open | 1000", "2026-03-01 | open | 1000", "2026-04-01 | open | 8000", "2026-05-01 | open | 1000"],
            await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Release_leaves_the_subscription_running_and_cancel_ends_it()
    {
        await using var stripe = await StripeSandbox.Start();
        var price = await stripe.Price(1_000);
        (string, string)[] phases = [("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", price)];
        var released = await stripe.Schedule(await stripe.Customer(), "now", phases);
        var canceled = await stripe.Schedule(await stripe.Customer(), "now", phases);

        var release = await stripe.Post($"/v1/subscription_schedules/{released["id"]}/release");
        await stripe.Post($"/v1/subscription_schedules/{canceled["id"]}/cancel", ("prorate", "false"), ("invoice_now", "false"));

        Assert.Equal((string?)released["subscription"], (string?)release["released_subscription"]);
        var running = await stripe.Get($"/v1/subscriptions/{released["subscription"]}");
        Assert.Equal(("active", null, null), ((string?)running["status"], (string?)running["schedule"], (long?)running["cancel_at"]));
        Assert.Equal("canceled", (string?)(await stripe.Get($"/v1/subscriptions/{canceled["subscription"]}"))["status"]);
        Assert.Equal(400, (await stripe.Refused($"/v1/subscription_schedules/{canceled["id"]}/release")).Status);
    }

    [Fact]
    public async Task Sending_invoices_without_saying_when_they_are_due_is_refused()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));

        var (_, error) = await stripe.Refused("/v1/subscription_schedules", ("customer", customer), ("start_date", "now"), ("default_settings[collection_method]", "send_invoice"),
            ("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", price));

        Assert.Equal("phases[0][invoice_settings][days_until_due]", (string?)error["param"]);
    }

    [Fact]
    public async Task Customer_is_bound_to_the_currency_of_what_runs()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        (string, string)[] Phases(string price) => [("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", price)];
        await stripe.Schedule(customer, "now", Phases(await stripe.Price(1_000)));

        var (status, error) = await stripe.Refused("/v1/subscription_schedules", [("customer", customer), ("start_date", "now"), .. Phases(await stripe.Price(1_000, "eur"))]);

        Assert.Equal(400, status);
        Assert.Contains("currency usd", (string?)error["message"], StringComparison.Ordinal);
    }
}
