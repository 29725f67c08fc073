using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Hub.Sandbox.Tests.Kernel;

namespace Hub.Sandbox.Tests.Stripe;

public sealed class RequestTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer sk_test_other")]
    [InlineData("Token sk_test_sandbox")]
    public async Task Missing_or_wrong_key_is_refused_with_401(string? authorization)
    {
        await using var stripe = await StripeSandbox.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/customers");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await stripe.Sandbox.Http.SendAsync(request);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.NotEmpty(response.Headers.GetValues("Request-Id"));
    }

    [Fact]
    public async Task Key_as_user_name_of_basic_authentication_is_accepted()
    {
        await using var stripe = await StripeSandbox.Start();
        stripe.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("sk_test_sandbox:")));

        Assert.Equal("list", (string?)(await stripe.Get("/v1/customers"))["object"]);
    }

    [Fact]
    public async Task Other_api_version_is_refused_and_the_own_one_echoed()
    {
        await using var stripe = await StripeSandbox.Start();

        var other = await stripe.Send(HttpMethod.Get, "/v1/customers", null, ("Stripe-Version", "2024-06-20"));
        var own = await stripe.Send(HttpMethod.Get, "/v1/customers");

        Assert.Equal(400, other.Status);
        Assert.Equal("2026-07-29.dahlia", own.Headers.GetValues("Stripe-Version").Single());
    }

    [Theory]
    [InlineData("/v1/customers", "nmae=Acme", "parameter_unknown", "nmae")]
    [InlineData("/v1/customers", "invoice_settings[colour]=red", "parameter_unknown", "invoice_settings[colour]")]
    [InlineData("/v1/products", "description=x", "parameter_missing", "name")]
    [InlineData("/v1/customers", "balance=ten", "parameter_invalid_integer", "balance")]
    [InlineData("/v1/products", "name=", "parameter_invalid_empty", "name")]
    [InlineData("/v1/prices", "currency=usd&unit_amount=1&recurring[interval]=fortnight", null, "recurring[interval]")]
    [InlineData("/v1/prices", "currency=usd&unit_amount=1&active=yes", null, "active")]
    [InlineData("/v1/prices", "currency=xyz&unit_amount=1&product=p", null, "currency")]
    [InlineData("/v1/subscription_schedules", "start_date=now&phases[0][start_date]=1767225600&phases[0][items][0][price]=p", "parameter_unknown", "phases[0][start_date]")]
    [InlineData("/v1/subscription_schedules", "start_date=now&phases[0][iterations]=12&phases[0][items][0][price]=p", "parameter_unknown", "phases[0][iterations]")]
    [InlineData("/v1/subscription_schedules", "start_date=soon&phases[0][items][0][price]=p", "parameter_invalid_integer", "start_date")]
    public async Task Parameter_the_endpoint_does_not_declare_is_refused_by_name(string path, string form, string? code, string param)
    {
        await using var stripe = await StripeSandbox.Start();

        var (status, error) = await stripe.Refused(path, [.. form.Split('&').Select(field => (field.Split('=')[0], field.Split('=')[1]))]);

        Assert.Equal(400, status);
        Assert.Equal("invalid_request_error", (string?)error["type"]);
        Assert.Equal(code, (string?)error["code"]);
        Assert.Equal(param, (string?)error["param"]);
    }

    [Fact]
    public async Task Parameter_the_sandbox_would_ignore_is_refused_rather_than_ignored()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));
        (string, string)[] subscription = [("customer", customer), ("items[0][price]", price), ("collection_method", "send_invoice"), ("days_until_due", "30")];

        Assert.Equal("automatic_tax", (string?)(await stripe.Refused("/v1/subscriptions", [.. subscription, ("automatic_tax[enabled]", "true")])).Error["param"]);
        await stripe.Post("/v1/subscriptions", [.. subscription, ("automatic_tax[enabled]", "false")]);
    }

    [Fact]
    public async Task Lists_are_read_with_indexes_and_with_empty_brackets()
    {
        await using var stripe = await StripeSandbox.Start();

        var indexed = await stripe.Post("/v1/customers", ("preferred_locales[0]", "de"), ("preferred_locales[1]", "en"));
        var appended = await stripe.Post("/v1/customers", ("preferred_locales[]", "fr"), ("preferred_locales[]", "en"));

        Assert.Equal("""["de","en"]""", indexed["preferred_locales"]!.ToJsonString());
        Assert.Equal("""["fr","en"]""", appended["preferred_locales"]!.ToJsonString());
    }

    [Fact]
    public async Task Metadata_merges_drops_one_key_and_drops_all()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = (string)(await stripe.Post("/v1/customers", ("metadata[a]", "1"), ("metadata[_b]", "2")))["id"]!;

        Assert.Equal("""{"a":"1","_b":"2","c":"3"}""", (await stripe.Post($"/v1/customers/{id}", ("metadata[c]", "3")))["metadata"]!.ToJsonString());
        Assert.Equal("""{"_b":"2","c":"3"}""", (await stripe.Post($"/v1/customers/{id}", ("metadata[a]", "")))["metadata"]!.ToJsonString());
        Assert.Equal("{}", (await stripe.Post($"/v1/customers/{id}", ("metadata", "")))["metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task Metadata_limits_are_kept()
    {
        await using var stripe = await StripeSandbox.Start();

        Assert.Equal(400, (await stripe.Refused("/v1/customers", (new string('k', 41).Insert(0, "metadata[") + "]", "v"))).Status);
        Assert.Equal(400, (await stripe.Refused("/v1/customers", ("metadata[k]", new string('v', 501)))).Status);
        Assert.Equal(400, (await stripe.Refused("/v1/customers", [.. Enumerable.Range(0, 51).Select(i => ($"metadata[k{i}]", "v"))])).Status);
    }

    [Fact]
    public async Task Pages_run_newest_first_by_cursor_in_both_directions()
    {
        await using var stripe = await StripeSandbox.Start();
        var ids = new List<string>();
        for (var n = 0; n < 5; n++)
        {
            ids.Add(await stripe.Customer());
        }

        var first = await stripe.Get("/v1/customers?limit=2");
        var second = await stripe.Get($"/v1/customers?limit=2&starting_after={ids[3]}");
        var last = await stripe.Get($"/v1/customers?limit=2&starting_after={ids[1]}");
        var back = await stripe.Get($"/v1/customers?limit=2&ending_before={ids[1]}");

        Assert.Equal([ids[4], ids[3]], Ids(first));
        Assert.True((bool)first["has_more"]!);
        Assert.Equal([ids[2], ids[1]], Ids(second));
        Assert.Equal([ids[0]], Ids(last));
        Assert.False((bool)last["has_more"]!);
        Assert.Equal([ids[3], ids[2]], Ids(back));
    }

    [Fact]
    public async Task Search_finds_by_metadata_only_after_a_minute()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = (string)(await stripe.Post("/v1/customers", ("metadata[sf_account_id]", "001A")))["id"]!;
        const string query = "/v1/customers/search?query=metadata%5B%22sf_account_id%22%5D%3A%22001A%22";

        Assert.Empty(Ids(await stripe.Get(query)));
        await stripe.Sandbox.Control("/sandbox/clock/advance", new { seconds = 60 });
        Assert.Equal([id], Ids(await stripe.Get(query)));
    }

    [Fact]
    public async Task Expand_fills_in_references_and_refuses_what_is_none()
    {
        await using var stripe = await StripeSandbox.Start();
        var price = await stripe.Price(1000);

        var expanded = await stripe.Get($"/v1/prices/{price}?expand[]=product");
        var listed = await stripe.Get("/v1/prices?expand[0]=data.product");
        var (status, body, _) = await stripe.Send(HttpMethod.Get, $"/v1/prices/{price}?expand[]=currency");

        Assert.Equal("Seat", (string?)expanded["product"]!["name"]);
        Assert.Equal("Seat", (string?)listed["data"]![0]!["product"]!["name"]);
        Assert.Equal(400, status);
        Assert.Equal("expand", (string?)body["error"]!["param"]);
    }

    [Theory]
    [InlineData("/v1/subscriptions?expand[]=data.items.data.discounts", 200)]
    [InlineData("/v1/subscriptions?expand[]=data.schedule", 200)]
    [InlineData("/v1/subscriptions?expand[]=data.items.data.price.product", 400)]
    [InlineData("/v1/subscription_schedules?expand[]=data.phases.items.price", 200)]
    [InlineData("/v1/invoices?expand[]=data.lines.data.discounts", 200)]
    [InlineData("/v1/invoices?expand[]=data.payments&expand[]=data.customer&expand[]=data.discounts", 200)]
    [InlineData("/v1/invoices?expand[]=data.subscription", 400)]
    public async Task Expand_goes_four_levels_deep_and_no_deeper(string path, int status)
    {
        await using var stripe = await StripeSandbox.Start();
        await stripe.Schedule(await stripe.Customer(), "now", ("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", await stripe.Price(1_000)));

        Assert.Equal(status, (await stripe.Send(HttpMethod.Get, path)).Status);
    }

    [Fact]
    public async Task Tiers_are_there_only_when_expanded()
    {
        await using var stripe = await StripeSandbox.Start();
        var product = (string)(await stripe.Post("/v1/products", ("name", "Seat")))["id"]!;
        var price = (string)(await stripe.Post("/v1/prices", ("product", product), ("currency", "usd"), ("billing_scheme", "tiered"), ("tiers_mode", "graduated"),
            ("recurring[interval]", "month"), ("tiers[0][up_to]", "50"), ("tiers[0][unit_amount]", "1200"), ("tiers[1][up_to]", "inf"), ("tiers[1][unit_amount_decimal]", "950.5")))["id"]!;

        Assert.False((await stripe.Get($"/v1/prices/{price}")).ContainsKey("tiers"));
        var tiers = (JsonArray)(await stripe.Get($"/v1/prices/{price}?expand[]=tiers"))["tiers"]!;
        Assert.Equal("1200", (string?)tiers[0]!["unit_amount_decimal"]);
        Assert.Equal("950.5", (string?)tiers[1]!["unit_amount_decimal"]);
        Assert.Null(tiers[1]!["up_to"]);
    }

    [Fact]
    public async Task Unknown_object_and_unknown_url_are_404()
    {
        await using var stripe = await StripeSandbox.Start();

        var missing = await stripe.Send(HttpMethod.Get, "/v1/customers/cus_none");
        var nowhere = await stripe.Send(HttpMethod.Get, "/v1/subscription_phases");

        Assert.Equal((404, "resource_missing"), (missing.Status, (string?)missing.Body["error"]!["code"]));
        Assert.Equal(404, nowhere.Status);
    }

    [Fact]
    public async Task Requests_beyond_the_rate_get_429_with_the_reason()
    {
        await using var stripe = await StripeSandbox.Start("--stripe-rate", "5");

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => stripe.Send(HttpMethod.Get, "/v1/customers")));

        var limited = answers.Where(answer => answer.Status == 429).ToList();
        Assert.NotEmpty(limited);
        Assert.True(answers.Count(answer => answer.Status == 200) >= 5);
        Assert.All(limited, answer => Assert.Equal("global-rate", answer.Headers.GetValues("Stripe-Rate-Limited-Reason").Single()));
    }

    [Fact]
    public async Task Calls_are_counted_and_control_calls_are_not()
    {
        await using var stripe = await StripeSandbox.Start();

        await stripe.Customer();
        await stripe.Get("/v1/customers");

        Assert.Equal(2, (int)(await stripe.Sandbox.Control("/sandbox/calls"))["stripe"]!);
        Assert.Equal(2, (int)(await stripe.Sandbox.Control("/sandbox/calls"))["stripe"]!);
    }

    private static string[] Ids(JsonObject page) => [.. ((JsonArray)page["data"]!).Select(row => (string)row!["id"]!)];
}
