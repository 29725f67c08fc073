using System.Diagnostics.Metrics;
using System.Net;
using Hub.Stripe;
using Stripe;

namespace Hub.Adapters.Tests.Stripe;

public sealed class StripeCallHandlerTests
{
    private const string Customer = """{"id":"cus_1","object":"customer"}""";
    private const string Refusal = """{"error":{"type":"invalid_request_error","code":"resource_missing","param":"id"}}""";
    private readonly StepTime _time = new();

    [Fact]
    public async Task A_lost_connection_and_a_fault_are_repeated_with_the_same_key()
    {
        Script script = new Script().ThenLoseTheConnection().Then(HttpStatusCode.BadGateway, "<html>").Then(Customer);

        Customer customer = await Adapter.Api(script, _time).Customers.CreateAsync(new CustomerCreateOptions { Name = "A" });

        Assert.Equal("cus_1", customer.Id);
        Assert.Equal(3, script.Calls.Count);
        Assert.Single(script.Calls.Select(call => call.IdempotencyKey).Distinct());
    }

    [Fact]
    public async Task Repeats_are_bounded_and_their_waits_double()
    {
        var script = new Script();
        for (int call = 0; call < 6; call++)
        {
            script.Then(HttpStatusCode.InternalServerError, Refusal);
        }

        var e = await Assert.ThrowsAsync<StripeCallException>(() => Adapter.Api(script, _time).Customers.GetAsync("cus_1"));

        Assert.Equal(HttpStatusCode.InternalServerError, e.Status);
        Assert.False(e.IsRefusal);
        Assert.Equal(6, script.Calls.Count);

        // 0.5 s doubling, each in its upper half.
        decimal[] full = [500, 1000, 2000, 4000, 8000];
        Assert.Equal(full.Length, _time.Waits.Count);
        Assert.All(full.Zip(_time.Waits), pair => Assert.InRange((decimal)pair.Second.TotalMilliseconds, pair.First / 2, pair.First));
    }

    [Fact]
    public async Task A_refusal_is_not_repeated()
    {
        Script script = new Script().Then(HttpStatusCode.NotFound, Refusal);

        var e = await Assert.ThrowsAsync<StripeCallException>(() => Adapter.Api(script, _time).Customers.GetAsync("cus_1"));

        Assert.True(e.IsMissing);
        Assert.True(e.IsRefusal);
        Assert.Equal("resource_missing", e.Code);
    }

    [Fact]
    public async Task Stripes_own_advice_overrides_the_status()
    {
        Script no = new Script().Then(HttpStatusCode.InternalServerError, Refusal, ("Stripe-Should-Retry", "false"));
        Script yes = new Script().Then(HttpStatusCode.BadRequest, Refusal, ("Stripe-Should-Retry", "true")).Then(Customer);

        await Assert.ThrowsAsync<StripeCallException>(() => Adapter.Api(no, _time).Customers.GetAsync("cus_1"));
        await Adapter.Api(yes, _time).Customers.GetAsync("cus_1");

        Assert.Single(no.Calls);
        Assert.Equal(2, yes.Calls.Count);
    }

    [Theory]
    [InlineData(true, 500, 1000)]
    [InlineData(false, 100, 200)]
    public async Task A_limit_waits_longer_than_a_lock(bool hasReason, int least, int most)
    {
        (string, string)[] headers = hasReason ? [("Stripe-Rate-Limited-Reason", "endpoint-rate")] : [];
        Script script = new Script().Then(HttpStatusCode.TooManyRequests, """{"error":{"code":"lock_timeout"}}""", headers).Then(Customer);

        await Adapter.Api(script, _time).Customers.GetAsync("cus_1");

        Assert.InRange(_time.Waits.Single().TotalMilliseconds, least, most);
    }

    [Fact]
    public async Task The_callers_token_ends_a_wait()
    {
        using var caller = new CancellationTokenSource();
        var forever = new StepTime(DateTimeOffset.UnixEpoch, TimeSpan.FromTicks(-1));
        Task<Customer> call = Adapter.Api(new Script().Then(HttpStatusCode.BadGateway), forever).Customers.GetAsync("cus_1", cancellationToken: caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_failure_says_what_and_where_but_not_what_was_sent()
    {
        Script script = new Script().Then(HttpStatusCode.BadRequest, """{"error":{"code":"email_invalid","param":"email","message":"Invalid email: a@b"}}""", ("Request-Id", "req_9"));

        var e = await Assert.ThrowsAsync<StripeCallException>(() => Adapter.Api(script, _time).Customers.GetAsync("cus_1"));

        Assert.Equal("Stripe answered 400 email_invalid for email, request req_9.", e.Message);
    }

    [Fact]
    public async Task Every_request_is_counted_repeats_included_by_resource_and_status()
    {
        using var metrics = new StripeMetrics();
        List<string> counted = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Hub.Stripe" && instrument.Name == "hub.stripe.calls")
                {
                    self.EnableMeasurementEvents(instrument, metrics);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            lock (counted)
            {
                counted.Add(string.Join(" ", tags.ToArray().Select(tag => tag.Value)) + " " + value);
            }
        });
        listener.Start();

        Script script = new Script().ThenLoseTheConnection().Then(HttpStatusCode.BadGateway).Then("""{"id":"sub_sched_77","object":"subscription_schedule"}""");
        await Adapter.Api(script, _time, metrics).Schedules.GetAsync("sub_sched_77");

        Assert.Subset(counted.ToHashSet(), new HashSet<string> { "GET subscription_schedules 0 1", "GET subscription_schedules 502 1", "GET subscription_schedules 200 1" });
    }

    [Fact]
    public async Task The_pacer_lets_a_second_through_at_once_and_spreads_the_rest()
    {
        var time = new StepTime();
        var pacer = new RequestPacer(10, time);

        for (int request = 0; request < 25; request++)
        {
            await pacer.Wait(CancellationToken.None);
        }

        // 10 at once, the other 15 a tenth of a second apart.
        Assert.Equal(15, time.Waits.Count);
        Assert.All(time.Waits, wait => Assert.Equal(TimeSpan.FromMilliseconds(100), wait));
    }

    [Fact]
    public async Task An_idle_second_fills_the_burst_again_but_no_more()
    {
        var time = new StepTime();
        var pacer = new RequestPacer(10, time);
        time.Advance(TimeSpan.FromHours(1));

        for (int request = 0; request < 11; request++)
        {
            await pacer.Wait(CancellationToken.None);
        }

        Assert.Single(time.Waits);
    }
}
