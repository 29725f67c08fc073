using System.Net;
using Hub.Sandbox.Tests.Stripe;

namespace Hub.Sandbox.Tests.Kernel;

public sealed class FaultTests
{
    [Fact]
    public async Task Status_fault_hits_the_named_calls_as_often_as_asked_and_executes_nothing()
    {
        await using var stripe = await StripeSandbox.Start();
        await stripe.Sandbox.Control("/sandbox/faults", new { kind = "status", status = 500, method = "POST", path = "/v1/cust*", times = 2, skip = 1 });

        int[] statuses = [await Post(stripe), await Post(stripe), (int)(await stripe.Send(HttpMethod.Get, "/v1/customers")).Status, await Post(stripe), await Post(stripe)];

        Assert.Equal([200, 500, 200, 500, 200], statuses);
        Assert.Equal(2, (await stripe.All("/v1/customers")).Count);
    }

    [Theory]
    [InlineData("endpoint-rate", "rate_limit")]
    [InlineData(null, "lock_timeout")]
    public async Task Rate_limit_fault_comes_with_and_without_its_reason(string? reason, string code)
    {
        await using var stripe = await StripeSandbox.Start();
        await stripe.Sandbox.Control("/sandbox/faults", new { kind = "rateLimit", reason });

        var (status, body, headers) = await stripe.Send(HttpMethod.Get, "/v1/customers");

        Assert.Equal((429, code), (status, (string?)body["error"]!["code"]));
        Assert.Equal(reason is not null, headers.Contains("Stripe-Rate-Limited-Reason"));
    }

    [Fact]
    public async Task Html_fault_answers_a_page_that_is_no_json()
    {
        await using var stripe = await StripeSandbox.Start();
        await stripe.Sandbox.Control("/sandbox/faults", new { kind = "html503" });

        using var response = await stripe.Http.GetAsync(new Uri("/v1/customers", UriKind.Relative));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("dropBefore", 0)]
    [InlineData("dropAfter", 1)]
    public async Task Dropped_connection_leaves_the_work_undone_or_done(string kind, int customers)
    {
        await using var stripe = await StripeSandbox.Start();
        await stripe.Sandbox.Control("/sandbox/faults", new { kind, method = "POST" });

        await Assert.ThrowsAsync<HttpRequestException>(() => Post(stripe));

        Assert.Equal(customers, (await stripe.All("/v1/customers")).Count);
    }

    [Fact]
    public async Task Lost_answer_is_replayed_under_the_same_key()
    {
        await using var stripe = await StripeSandbox.Start();
        await stripe.Sandbox.Control("/sandbox/faults", new { kind = "dropAfter", method = "POST" });
        Task<(int Status, System.Text.Json.Nodes.JsonObject Body, System.Net.Http.Headers.HttpResponseHeaders Headers)> Send() =>
            stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme")], ("Idempotency-Key", "k"));

        await Assert.ThrowsAsync<HttpRequestException>(Send);
        var (status, _, headers) = await Send();

        Assert.Equal((200, true), (status, headers.Contains("Idempotent-Replayed")));
        Assert.Single(await stripe.All("/v1/customers"));
    }

    [Fact]
    public async Task Fault_of_another_module_or_a_cleared_one_hits_nothing()
    {
        await using var stripe = await StripeSandbox.Start();
        await stripe.Sandbox.Control("/sandbox/faults", new { kind = "status", module = "salesforce" });
        await stripe.Sandbox.Control("/sandbox/faults", new { kind = "status", path = "/v1/customers" });
        using var cleared = await stripe.Sandbox.Http.DeleteAsync(new Uri("/sandbox/faults", UriKind.Relative));

        Assert.Equal(200, await Post(stripe));
    }

    private static async Task<int> Post(StripeSandbox stripe) => (await stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme")])).Status;
}
