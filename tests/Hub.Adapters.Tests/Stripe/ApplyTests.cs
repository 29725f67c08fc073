using System.Net;
using System.Text.Json.Nodes;
using Hub.Core.Contracts;
using Hub.Core.Money;
using Hub.Stripe;
using NodaTime.Extensions;

namespace Hub.Adapters.Tests.Stripe;

public sealed class ApplyTests
{
    private readonly Fuse _fuse = new();
    private readonly FakeStripe _stripe;
    private readonly FakeEffects _effects;
    private readonly StepTime _time = new();

    public ApplyTests() => (_stripe, _effects) = (new FakeStripe(_fuse), new FakeEffects(_fuse));

    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task A_plan_becomes_a_customer_and_a_schedule_that_bills_it()
    {
        AppliedBilling applied = await Billing().Apply(Plans.OfSchedule(), Ct);

        Assert.Equal(new AppliedBilling("customers_1", "subscription_schedules_2", "sub_subscription_schedules_2", null, null), applied);
        Assert.Equal("customers_1", (string?)_stripe.Of("subscription_schedules").Single()["customer"]);
    }

    [Fact]
    public async Task What_is_sent_is_what_the_steps_say()
    {
        JsonObject? sent = null;
        _stripe.Intercept = request =>
        {
            if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath == "/v1/subscription_schedules")
            {
                sent = Form.Parse(request.Content!.ReadAsStringAsync().Result);
            }

            return null;
        };

        await Billing().Apply(Plans.OfSchedule(), Ct);

        JsonNode item = sent!["phases"]!["0"]!["items"]!["0"]!;
        Assert.Equal("30000", (string?)item["price_data"]!["unit_amount"]);
        Assert.Equal("40", (string?)item["quantity"]);
        Assert.Equal("1792022400", (string?)sent["start_date"]);
        Assert.Equal("flexible", (string?)sent["billing_mode"]!["type"]);
    }

    [Fact]
    public async Task Applying_twice_changes_nothing()
    {
        AppliedBilling first = await Billing().Apply(Plans.OfSchedule(), Ct);
        AppliedBilling second = await Billing().Apply(Plans.OfSchedule(), Ct);

        Assert.Equal(first, second);
        Assert.Equal(2, _stripe.Calls.Count(call => call.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_schedule_survives_a_crash_at_every_point(bool keysForgotten, bool sought) =>
        await CrashEverywhere(
            Discounted() with { Customer = Plans.NewCustomer with { Sought = sought } }, keysForgotten, ["customers", "coupons", "subscription_schedules"]);

    // Whether an interrupted attempt created it is asked all the same.
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task A_customer_that_Stripe_was_asked_for_is_not_looked_up_again(bool sought, int lists)
    {
        BillingPlan plan = Plans.OfSchedule(customer: Plans.NewCustomer with { Sought = sought });

        await Billing().Apply(plan, Ct);
        Assert.Equal(lists, _stripe.Calls.Count(call => call.StartsWith("GET /v1/customers", StringComparison.Ordinal)));

        var effects = new FakeEffects(_fuse);
        await effects.Claim(_effects.All.Values.Single(effect => effect.ResultId!.StartsWith("customers", StringComparison.Ordinal)).Key, _effects.All.Values.First().Request, _time.GetUtcNow().ToInstant(), Ct);
        _time.Advance(TimeSpan.FromSeconds(30));
        await Adapter.Billing(_stripe, effects, _time).Apply(plan, Ct);
        Assert.Equal(lists + 1, _stripe.Calls.Count(call => call.StartsWith("GET /v1/customers", StringComparison.Ordinal)));
        Assert.Single(_stripe.Of("customers"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_schedule_with_an_amount_off_survives_a_crash_at_every_point(bool keysForgotten) =>
        await CrashEverywhere(Plans.OfSchedule(Plans.With(Plans.Seats with { AmountOff = 80000 })), keysForgotten, ["customers", "coupons", "subscription_schedules"]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_standalone_invoice_survives_a_crash_at_every_point(bool keysForgotten) =>
        await CrashEverywhere(Plans.OfInvoice(), keysForgotten, ["customers", "invoices", "invoiceitems"]);

    [Fact]
    public async Task Nothing_is_done_twice_when_the_Hubs_own_record_is_lost()
    {
        await Billing().Apply(Plans.OfSchedule(), Ct);
        _stripe.ForgetKeys();

        AppliedBilling again = await Adapter.Billing(_stripe, new FakeEffects(_fuse), _time).Apply(Plans.OfSchedule(), Ct);

        Assert.Equal("subscription_schedules_2", again.ScheduleId);
        Assert.Single(_stripe.Of("customers"));
        Assert.Single(_stripe.Of("subscription_schedules"));
    }

    [Fact]
    public async Task Two_deals_of_one_new_account_that_both_see_no_customer_share_one()
    {
        BillingPlan[] deals =
        [
            .. Enumerable.Range(1, 2).Select(number => Plans.OfSchedule(customer: Plans.NewCustomer with { Email = $"contact{number}@acme.example" }) with
            {
                OpportunityId = SalesforceId.Parse($"00600000000000{number}"),
            }),
        ];
        _stripe.BeforeAnswering = Together(2, "GET /v1/customers");

        AppliedBilling[] applied = await Task.WhenAll(deals.Select(deal => Billing().Apply(deal, Ct)));

        Assert.Single(_stripe.Of("customers"));
        Assert.Single(applied.Select(result => result.CustomerId).Distinct());
        Assert.Equal(2, _stripe.Of("subscription_schedules").Count);
    }

    // In which currency the customer is billed shows once the first deal is through; until then the other writes nothing (C20).
    [Fact]
    public async Task Of_two_deals_of_one_new_account_in_two_currencies_only_the_first_bills_its_customer()
    {
        BillingPlan dollars = Plans.OfSchedule(customer: Plans.NewCustomer);
        BillingPlan euros = dollars with { OpportunityId = SalesforceId.Parse("006000000000002AAA"), Currency = Currency.Parse("EUR") };
        await Billing().Apply(dollars, Ct);

        await Assert.ThrowsAsync<CustomerBeingCreatedException>(() => Billing().Apply(euros, Ct));

        Assert.Single(_stripe.Of("subscription_schedules"));
        Assert.Single(_stripe.Of("customers"));
        Assert.Null(_stripe.Of("customers").Single()["hub_currency"]);

        // Whoever claimed the customer is done by then, or dead: what Stripe holds tells.
        _time.Advance(TimeSpan.FromMinutes(5));
        await Billing().Apply(euros, Ct);
        Assert.Equal(2, _stripe.Of("subscription_schedules").Count);
    }

    [Fact]
    public async Task The_same_deal_handled_twice_at_once_has_one_schedule()
    {
        BillingPlan plan = Plans.OfSchedule(customer: Plans.NewCustomer with { Id = "cus_7" });
        _stripe.BeforeAnswering = Together(2, "GET /v1/subscription_schedules");

        AppliedBilling[] applied = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Billing().Apply(plan, Ct)));

        Assert.Single(_stripe.Of("subscription_schedules"));
        Assert.Single(applied.Select(result => result.ScheduleId).Distinct());
    }

    [Fact]
    public async Task A_refused_customer_is_tried_again_with_what_was_corrected()
    {
        _stripe.Intercept = request => request.Method == HttpMethod.Post
            && request.Content!.ReadAsStringAsync().Result.Contains("broken", StringComparison.Ordinal)
                ? (HttpStatusCode.BadRequest, """{"error":{"type":"invalid_request_error","code":"email_invalid","param":"email","message":"Invalid email address: broken"}}""")
                : null;

        var e = await Assert.ThrowsAsync<StripeCallException>(
            () => Billing().Apply(Plans.OfSchedule(customer: Plans.NewCustomer with { Email = "broken" }), Ct));
        AppliedBilling applied = await Billing().Apply(Plans.OfSchedule(version: "v2"), Ct);

        Assert.Equal(("email_invalid", "email"), (e.Code, e.Param));
        Assert.DoesNotContain("broken", e.ToString(), StringComparison.Ordinal);
        Assert.Equal("billing@acme.example", (string?)_stripe.Of("customers").Single()["email"]);
        Assert.Equal("customers_1", applied.CustomerId);
    }

    // Stripe remembers a key for a day and refuses it with other parameters; here the first customer was deleted and the Hub's record lost with it.
    [Fact]
    public async Task A_customer_with_another_address_is_not_taken_for_the_one_tried_before()
    {
        await Billing().Apply(Plans.OfSchedule(customer: Plans.NewCustomer with { Email = "old@acme.example" }), Ct);
        _stripe.Of("customers").Clear();
        _stripe.Of("subscription_schedules").Clear();

        await Adapter.Billing(_stripe, new FakeEffects(_fuse), _time).Apply(Plans.OfSchedule(version: "v2"), Ct);

        Assert.Equal("billing@acme.example", (string?)_stripe.Of("customers").Single()["email"]);
    }

    // The outcome of the first attempt is not known, so what it sent is sent again under its key, whatever the contact says by now.
    [Fact]
    public async Task A_customer_whose_creation_was_interrupted_is_not_created_again_under_another_address()
    {
        bool lost = true;
        _stripe.BeforeAnswering = request =>
            lost && request is { Method.Method: "POST", RequestUri.AbsolutePath: "/v1/customers" } ? throw new HttpRequestException("answer lost") : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<Exception>(() => Billing().Apply(Plans.OfSchedule(customer: Plans.NewCustomer with { Email = "old@acme.example" }), Ct));
        lost = false;

        await Billing().Apply(Plans.OfSchedule(), Ct);

        Assert.Equal("old@acme.example", (string?)_stripe.Of("customers").Single()["email"]);
    }

    [Fact]
    public async Task Another_plan_never_adds_a_second_schedule()
    {
        await Billing().Apply(Plans.OfSchedule(), Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Billing().Apply(Plans.OfSchedule(version: "v2"), Ct));

        Assert.Single(_stripe.Of("subscription_schedules"));
    }

    [Fact]
    public async Task A_coupon_that_was_seen_is_not_asked_for_again_until_Stripe_refuses_something()
    {
        StripeBilling billing = Billing();
        await billing.Apply(Discounted(), Ct);
        await billing.Apply(Discounted() with { OpportunityId = SalesforceId.Parse("006000000000002") }, Ct);
        Assert.Single(_stripe.Calls, call => call.StartsWith("GET /v1/coupons/", StringComparison.Ordinal));

        // Days later somebody has deleted the coupon: the schedule that needs it is refused once.
        _stripe.Of("coupons").Clear();
        _stripe.ForgetKeys();
        _stripe.Intercept = request => request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath == "/v1/subscription_schedules"
            ? (HttpStatusCode.BadRequest, """{"error":{"type":"invalid_request_error","code":"resource_missing","param":"phases[0][items][0][discounts][0][coupon]"}}""") : null;
        BillingPlan third = Discounted() with { OpportunityId = SalesforceId.Parse("006000000000003") };
        await Assert.ThrowsAsync<StripeCallException>(() => billing.Apply(third, Ct));
        _stripe.Intercept = null;

        await billing.Apply(third, Ct);

        Assert.Single(_stripe.Of("coupons"));
        Assert.Equal(3, _stripe.Of("subscription_schedules").Count);
    }

    [Fact]
    public async Task A_coupon_of_that_name_with_another_percentage_stops_the_deal()
    {
        _stripe.Add("coupons", """{"id":"hub-10-percent-off","percent_off":15,"duration":"forever"}""");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Billing().Apply(Discounted(), Ct));

        Assert.Empty(_stripe.Of("subscription_schedules"));
    }

    [Theory]
    [InlineData(80000, "eur", "forever")]
    [InlineData(90000, "usd", "forever")]
    [InlineData(80000, "usd", "once")]
    public async Task A_coupon_of_that_name_with_another_amount_stops_the_deal(long amount, string currency, string duration)
    {
        _stripe.Add("coupons", $$"""{"id":"hub-80000-usd-off","amount_off":{{amount}},"currency":"{{currency}}","duration":"{{duration}}"}""");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Billing().Apply(Plans.OfSchedule(Plans.With(Plans.Seats with { AmountOff = 80000 })), Ct));

        Assert.Empty(_stripe.Of("subscription_schedules"));
    }

    [Fact]
    public async Task A_reference_in_a_text_of_the_customer_stays_a_text()
    {
        JsonObject? sent = null;
        _stripe.Intercept = request =>
        {
            sent = request.Method == HttpMethod.Post ? Form.Parse(request.Content!.ReadAsStringAsync().Result) : sent;
            return null;
        };

        await Billing().Apply(Plans.OfSchedule(Plans.Schedule with { CustomFields = [new CustomField("PO", "$1.id")] }), Ct);

        Assert.Equal("$1.id", (string?)sent!["default_settings"]!["invoice_settings"]!["custom_fields"]!["0"]!["value"]);
        Assert.Equal("customers_1", (string?)sent["customer"]);
    }

    [Theory]
    [InlineData("30000", "price_7")]
    [InlineData("29000", null)]
    public async Task A_stored_price_is_read_and_used_only_while_it_fits(string amount, string? used)
    {
        JsonObject? sent = null;
        _stripe.Intercept = request =>
        {
            sent = request.Method == HttpMethod.Post ? Form.Parse(request.Content!.ReadAsStringAsync().Result) : sent;
            return request.RequestUri!.AbsolutePath != "/v1/prices/price_7" ? null : (HttpStatusCode.OK,
                $$$"""{"id":"price_7","active":true,"currency":"usd","product":"prod_seat","billing_scheme":"per_unit","unit_amount_decimal":"{{{amount}}}","recurring":{"interval":"year","interval_count":1,"usage_type":"licensed"}}""");
        };

        await Billing().Apply(Plans.OfSchedule(Plans.With(Plans.Seats with { PriceId = "price_7" })), Ct);

        Assert.Equal(used, (string?)sent!["phases"]!["0"]!["items"]!["0"]!["price"]);
    }

    [Fact]
    public async Task A_finalised_invoice_comes_back_with_its_page()
    {
        AppliedBilling applied = await Billing().Apply(Plans.OfInvoice(), Ct);

        Assert.Equal("https://pay.example/invoices_2", applied.FirstInvoiceUrl);
        Assert.Equal("invoices_2", applied.InvoiceId);
    }

    [Fact]
    public async Task A_cancelled_caller_still_records_what_was_created()
    {
        using var caller = new CancellationTokenSource();
        _stripe.Intercept = request =>
        {
            if (request.Method == HttpMethod.Post)
            {
                caller.Cancel();
            }

            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Billing().Apply(Plans.OfSchedule(), caller.Token));

        Assert.Equal("customers_1", _effects.All.Values.Single().ResultId);
    }

    private static BillingPlan Discounted() => Plans.OfSchedule(Plans.With(Plans.Seats with { PercentOff = 10 }));

    // Holds the answers until that many callers have theirs: all of them decide on the same state.
    private static Func<HttpRequestMessage, Task> Together(int callers, string call)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        return request =>
        {
            if ($"{request.Method} {request.RequestUri!.AbsolutePath}" != call)
            {
                return Task.CompletedTask;
            }

            if (Interlocked.Increment(ref arrived) == callers)
            {
                all.SetResult();
            }

            return all.Task;
        };
    }

    private StripeBilling Billing() => Adapter.Billing(_stripe, _effects, _time);

    private static async Task CrashEverywhere(BillingPlan plan, bool keysForgotten, string[] resources)
    {
        int points = await Points(plan);
        for (int point = 1; point <= points; point++)
        {
            var fuse = new Fuse();
            var (stripe, effects, time) = (new FakeStripe(fuse), new FakeEffects(fuse), new StepTime());
            fuse.Reset(point);
            await Assert.ThrowsAsync<ProcessKilledException>(() => Adapter.Billing(stripe, effects, time).Apply(plan, Ct));

            fuse.Reset(0);
            if (keysForgotten)
            {
                stripe.ForgetKeys();
                time.Advance(TimeSpan.FromHours(25));
            }

            AppliedBilling applied = await Adapter.Billing(stripe, effects, time).Apply(plan, Ct);

            Assert.All(resources, resource => Assert.True(stripe.Of(resource).Count == 1, $"{stripe.Of(resource).Count} {resource} after a crash at {point}"));
            Assert.Equal((string?)stripe.Of("customers")[0]["id"], applied.CustomerId);
            Assert.All(effects.All.Values, effect => Assert.NotNull(effect.ResultId));
            Assert.All(stripe.Of("invoices"), invoice => Assert.Equal("open", (string?)invoice["status"]));
        }
    }

    private static async Task<int> Points(BillingPlan plan)
    {
        var fuse = new Fuse();
        await Adapter.Billing(new FakeStripe(fuse), new FakeEffects(fuse)).Apply(plan, Ct);
        return fuse.Passed > 15 ? fuse.Passed : throw new InvalidOperationException($"Only {fuse.Passed} points.");
    }
}
