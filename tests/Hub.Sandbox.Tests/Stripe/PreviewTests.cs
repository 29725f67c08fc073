namespace Hub.Sandbox.Tests.Stripe;

public sealed class PreviewTests
{
    private static readonly (string, string)[] NewYork = [("customer_details[address][country]", "US"), ("customer_details[tax_exempt]", "none")];

    // 3 × 10.00 a month less 10 %, and 45.00 once: 27.00 + 45.00 on the first day.
    [Fact]
    public async Task Preview_of_a_new_schedule_is_its_first_invoice_and_nothing_is_stored()
    {
        await using var stripe = await StripeSandbox.Start();
        var (price, setup) = (await stripe.Price(1_000), await stripe.Price(4_500, interval: null));
        await stripe.Post("/v1/coupons", ("id", "ten"), ("percent_off", "10"), ("duration", "forever"));
        var before = await State(stripe);

        var preview = await stripe.Post("/v1/invoices/create_preview", [.. NewYork, .. Details(StripeSandbox.At("2026-02-01T00:00:00Z"), price), .. Extras(setup)]);

        Assert.StartsWith("upcoming_in", (string?)preview["id"], StringComparison.Ordinal);
        Assert.Equal((7_200, "2026-02-01", "draft"), ((long)preview["total"]!, StripeSandbox.Day((long)preview["created"]!), (string?)preview["status"]));
        Assert.Equal(before, await State(stripe));
    }

    // Begun on 15 November: 45 days later two months are missed, both on the first invoice.
    [Fact]
    public async Task Preview_of_a_backdated_schedule_catches_up_as_the_schedule_itself_does()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));
        string start = StripeSandbox.At("2025-11-15T00:00:00Z");

        var preview = await stripe.Post("/v1/invoices/create_preview", [("customer", customer), .. Details(start, price)[..^1]]);
        await stripe.Schedule(customer, start, ("billing_mode[type]", "flexible"), ("phases[0][end_date]", StripeSandbox.At("2026-11-15T00:00:00Z")), ("phases[0][items][0][price]", price), ("phases[0][items][0][quantity]", "3"));

        Assert.Equal(6_000, (long)preview["total"]!);
        Assert.Equal(["2026-01-01 | draft | 6000"], await stripe.InvoiceDays(customer));
    }

    [Fact]
    public async Task Preview_of_items_alone_is_their_sum()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var price = await stripe.Price(80_000, interval: null);

        var preview = await stripe.Post("/v1/invoices/create_preview", ("customer", customer), ("currency", "usd"), ("invoice_items[0][price]", price), ("invoice_items[0][quantity]", "2"));

        Assert.Equal(160_000, (long)preview["total"]!);
        Assert.Empty(await stripe.All("/v1/invoices"));
        Assert.Empty(await stripe.All("/v1/invoiceitems"));
    }

    [Fact]
    public async Task Preview_is_refused_where_the_request_does_not_say_what_of()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));
        (string, string)[] details = Details("now", price);

        Assert.Contains("at least one of", (string?)(await stripe.Refused("/v1/invoices/create_preview", ("customer", customer))).Error["message"], StringComparison.Ordinal);
        Assert.Equal("customer", (string?)(await stripe.Refused("/v1/invoices/create_preview", details)).Error["param"]);
        Assert.Equal("schedule_details[phases][0][start_date]", (string?)(await stripe.Refused("/v1/invoices/create_preview", [("customer", customer), .. details[1..]])).Error["param"]);
        Assert.Equal("parameters_exclusive", (string?)(await stripe.Refused("/v1/invoices/create_preview", [("subscription", "sub_1"), .. details])).Error["code"]);
        Assert.Equal("resource_missing", (string?)(await stripe.Refused("/v1/invoices/create_preview", [("customer", customer), .. details])).Error["code"]);
    }

    private static (string, string)[] Details(string start, string price) =>
    [
        ("schedule_details[phases][0][start_date]", start),
        ("schedule_details[billing_mode][type]", "flexible"),
        ("schedule_details[end_behavior]", "cancel"),
        ("schedule_details[phases][0][end_date]", StripeSandbox.At("2026-11-15T00:00:00Z")),
        ("schedule_details[phases][0][collection_method]", "send_invoice"),
        ("schedule_details[phases][0][invoice_settings][days_until_due]", "30"),
        ("schedule_details[phases][0][items][0][price]", price),
        ("schedule_details[phases][0][items][0][quantity]", "3"),
        ("schedule_details[phases][0][items][0][discounts][0][coupon]", "ten"),
    ];

    private static (string, string)[] Extras(string setup) => [("schedule_details[phases][0][add_invoice_items][0][price]", setup)];

    private static Task<string> State(StripeSandbox stripe) => stripe.Sandbox.Http.GetStringAsync(new Uri("/sandbox/stripe/state", UriKind.Relative));
}
