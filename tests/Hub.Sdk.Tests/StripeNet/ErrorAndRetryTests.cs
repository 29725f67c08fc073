using System.Net;
using Stripe;

namespace Hub.Sdk.Tests.StripeNet;

public sealed class ErrorAndRetryTests
{
    private const string Refusal = """{"error":{"type":"invalid_request_error","code":"parameter_unknown","param":"phases[0][iterations]","message":"no"}}""";

    [Fact]
    public async Task A_refused_parameter_is_named()
    {
        var transport = new FakeTransport().Answer(HttpStatusCode.BadRequest, Refusal, ("Request-Id", "req_7"));

        var e = await Assert.ThrowsAsync<StripeException>(() => transport.Client().V1.Customers.CreateAsync(new CustomerCreateOptions()));

        Assert.Equal(HttpStatusCode.BadRequest, e.HttpStatusCode);
        Assert.Equal("phases[0][iterations]", e.StripeError.Param);
        Assert.Equal("parameter_unknown", e.StripeError.Code);
        Assert.Equal("no", e.Message);
        Assert.Equal("req_7", e.StripeResponse.RequestId);
    }

    [Fact]
    public async Task A_declined_card_carries_its_payment_intent()
    {
        var transport = new FakeTransport().Answer(
            HttpStatusCode.PaymentRequired,
            """{"error":{"type":"card_error","decline_code":"lost_card","payment_intent":{"id":"pi_1","object":"payment_intent"}}}""");

        var e = await Assert.ThrowsAsync<StripeException>(() => transport.Client().V1.Invoices.PayAsync("in_1"));

        Assert.Equal("lost_card", e.StripeError.DeclineCode);
        Assert.Equal("pi_1", e.StripeError.PaymentIntent.Id);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_an_exception_without_an_error()
    {
        var transport = new FakeTransport().Answer(HttpStatusCode.ServiceUnavailable, "<html>maintenance</html>");

        var e = await Assert.ThrowsAsync<StripeException>(() => transport.Client().V1.Customers.GetAsync("cus_1"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, e.HttpStatusCode);
        Assert.Null(e.StripeError);
    }

    [Fact]
    public async Task Two_conflicts_are_repeated_with_the_same_idempotency_key()
    {
        var transport = new FakeTransport()
            .Answer(HttpStatusCode.Conflict, Refusal)
            .Answer(HttpStatusCode.Conflict, Refusal)
            .Answer(FakeTransport.Customer);

        var customer = await transport.Client(maxNetworkRetries: 2).V1.Customers.CreateAsync(new CustomerCreateOptions { Name = "A" });

        Assert.Equal("cus_1", customer.Id);
        Assert.Equal(3, transport.Sent.Count);
        Assert.Single(transport.Sent.Select(sent => sent.Headers["Idempotency-Key"]).Distinct());
        Assert.Single(transport.Sent.Select(sent => sent.Body).Distinct());
    }

    [Fact]
    public async Task A_lost_connection_is_repeated()
    {
        var transport = new FakeTransport().Fail().Answer(FakeTransport.Customer);

        await transport.Client(maxNetworkRetries: 1).V1.Customers.GetAsync("cus_1");

        Assert.Equal(2, transport.Sent.Count);
    }

    [Fact]
    public async Task A_lost_connection_is_thrown_when_repeats_are_off()
    {
        var transport = new FakeTransport().Fail();

        await Assert.ThrowsAsync<HttpRequestException>(() => transport.Client().V1.Customers.GetAsync("cus_1"));

        Assert.Single(transport.Sent);
    }

    [Fact]
    public async Task A_plain_429_is_thrown_at_once()
    {
        var transport = new FakeTransport().Answer(HttpStatusCode.TooManyRequests, Refusal);

        await Assert.ThrowsAsync<StripeException>(() => transport.Client(maxNetworkRetries: 2).V1.Customers.GetAsync("cus_1"));

        Assert.Single(transport.Sent);
    }

    [Fact]
    public async Task A_429_that_Stripe_wants_repeated_is_repeated()
    {
        var transport = new FakeTransport()
            .Answer(HttpStatusCode.TooManyRequests, Refusal, ("Stripe-Should-Retry", "true"))
            .Answer(FakeTransport.Customer);

        await transport.Client(maxNetworkRetries: 2).V1.Customers.GetAsync("cus_1");

        Assert.Equal(2, transport.Sent.Count);
    }

    [Fact]
    public async Task A_server_error_that_Stripe_does_not_want_repeated_is_thrown()
    {
        var transport = new FakeTransport().Answer(HttpStatusCode.InternalServerError, Refusal, ("Stripe-Should-Retry", "false"));

        await Assert.ThrowsAsync<StripeException>(() => transport.Client(maxNetworkRetries: 2).V1.Customers.GetAsync("cus_1"));

        Assert.Single(transport.Sent);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled_without_a_repeat()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var transport = new FakeTransport();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => transport.Client(maxNetworkRetries: 2).V1.Customers.GetAsync("cus_1", cancellationToken: cancelled.Token));

        Assert.Empty(transport.Sent);
    }

    [Fact]
    public async Task Every_request_names_version_and_key_and_only_a_POST_carries_an_idempotency_key()
    {
        var transport = new FakeTransport().Answer(FakeTransport.Customer).Answer(FakeTransport.Customer);
        var customers = transport.Client().V1.Customers;

        await customers.GetAsync("cus_1");
        await customers.CreateAsync(new CustomerCreateOptions(), new RequestOptions { IdempotencyKey = "customers.create:1" });

        Assert.All(transport.Sent, sent => Assert.Equal("2026-07-29.dahlia", sent.Headers["Stripe-Version"]));
        Assert.All(transport.Sent, sent => Assert.Equal("Bearer sk_test_1", sent.Headers["Authorization"]));
        Assert.False(transport.Sent[0].Headers.ContainsKey("Idempotency-Key"));
        Assert.Equal("customers.create:1", transport.Sent[1].Headers["Idempotency-Key"]);
    }

    [Fact]
    public async Task A_POST_without_a_key_gets_a_new_one_each_time()
    {
        var transport = new FakeTransport().Answer(FakeTransport.Customer).Answer(FakeTransport.Customer);
        var customers = transport.Client().V1.Customers;

        await customers.CreateAsync(new CustomerCreateOptions());
        await customers.CreateAsync(new CustomerCreateOptions());

        Assert.Equal(2, transport.Sent.Select(sent => sent.Headers["Idempotency-Key"]).Distinct().Count());
    }

    [Fact]
    public async Task Another_base_address_takes_the_requests()
    {
        var transport = new FakeTransport().Answer(FakeTransport.Customer);
        var client = new StripeClient(
            "sk_test_1", httpClient: new SystemNetHttpClient(new HttpClient(transport), 0, enableTelemetry: false), apiBase: "http://127.0.0.1:12111");

        await client.V1.Customers.GetAsync("cus_1");

        Assert.Equal("http://127.0.0.1:12111/v1/customers/cus_1", transport.Sent.Single().Uri.ToString());
    }

    [Fact]
    public async Task A_raw_request_sends_its_own_body()
    {
        var transport = new FakeTransport().Answer("""{"object":"list"}""");

        var response = await transport.Client().RawRequestAsync(
            HttpMethod.Post, "/v1/things", "a[b]=c", new RawRequestOptions { AdditionalHeaders = new() { ["Stripe-Context"] = "acct_1" } });

        Assert.Equal("""{"object":"list"}""", response.Content);
        Assert.Equal("a[b]=c", transport.Sent.Single().Body);
        Assert.Equal("acct_1", transport.Sent.Single().Headers["Stripe-Context"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk test")]
    public void A_key_that_cannot_be_one_is_refused(string key) => Assert.Throws<ArgumentException>(() => new StripeClient(key));
}
