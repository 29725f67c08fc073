namespace Hub.Sandbox.Tests.Stripe;

public sealed class IdempotencyTests
{
    private static readonly (string, string) Key = ("Idempotency-Key", "customer-001A-1");

    [Fact]
    public async Task Same_key_and_parameters_replay_the_first_answer()
    {
        await using var stripe = await StripeSandbox.Start();

        var first = await stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme"), ("email", "a@example.com")], Key);
        var second = await stripe.Send(HttpMethod.Post, "/v1/customers", [("email", "a@example.com"), ("name", "Acme")], Key);

        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
        Assert.Equal("true", second.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(first.Headers.GetValues("Request-Id").Single(), second.Headers.GetValues("Original-Request").Single());
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Single(await stripe.All("/v1/customers"));
    }

    [Theory]
    [InlineData("/v1/customers", "Other")]
    [InlineData("/v1/products", "Acme")]
    public async Task Same_key_with_another_request_is_an_idempotency_error(string path, string name)
    {
        await using var stripe = await StripeSandbox.Start();
        await stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme")], Key);

        var (status, body, _) = await stripe.Send(HttpMethod.Post, path, [("name", name)], Key);

        Assert.Equal((400, "idempotency_error"), (status, (string?)body["error"]!["type"]));
    }

    [Fact]
    public async Task Refusal_by_the_operation_is_replayed_though_the_cause_is_gone()
    {
        await using var stripe = await StripeSandbox.Start();
        (string, string)[] price = [("currency", "usd"), ("unit_amount", "1"), ("product", "seat")];

        var refused = await stripe.Send(HttpMethod.Post, "/v1/prices", price, Key);
        await stripe.Post("/v1/products", ("id", "seat"), ("name", "Seat"));
        var replayed = await stripe.Send(HttpMethod.Post, "/v1/prices", price, Key);

        Assert.Equal((400, "resource_missing"), (refused.Status, (string?)refused.Body["error"]!["code"]));
        Assert.Equal((400, "true"), (replayed.Status, replayed.Headers.GetValues("Idempotent-Replayed").Single()));
    }

    [Fact]
    public async Task Key_of_a_request_refused_by_its_parameters_or_its_api_key_can_be_used_again()
    {
        await using var stripe = await StripeSandbox.Start();

        Assert.Equal(400, (await stripe.Send(HttpMethod.Post, "/v1/customers", [("nmae", "Acme")], Key)).Status);
        Assert.Equal(200, (await stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme")], Key)).Status);
    }

    [Fact]
    public async Task Key_is_forgotten_after_24_hours()
    {
        await using var stripe = await StripeSandbox.Start();
        var first = await stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme")], Key);

        await stripe.Sandbox.AdvanceTo("2026-01-01T23:59:59Z");
        var sameDay = await stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme")], Key);
        await stripe.Sandbox.AdvanceTo("2026-01-02T00:00:00Z");
        var nextDay = await stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme")], Key);

        Assert.Equal((string?)first.Body["id"], (string?)sameDay.Body["id"]);
        Assert.NotEqual((string?)first.Body["id"], (string?)nextDay.Body["id"]);
    }

    [Fact]
    public async Task Second_request_while_the_first_is_in_flight_gets_409()
    {
        await using var stripe = await StripeSandbox.Start();
        await stripe.Sandbox.Control("/sandbox/faults", new { kind = "stall", module = "stripe", path = "/v1/customers", delayMs = 1500 });

        var first = stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme")], Key);
        var second = (Status: 0, Code: (string?)null);
        while (!first.IsCompleted && second.Status != 409)
        {
            // A call without the key costs the fault nothing and tells when the first has reached the sandbox.
            if ((int)(await stripe.Sandbox.Control("/sandbox/calls"))["stripe"]! > 0)
            {
                var (status, body, _) = await stripe.Send(HttpMethod.Post, "/v1/customers", [("name", "Acme")], Key);
                second = (status, (string?)body["error"]?["code"]);
            }
        }

        Assert.Equal((409, "idempotency_key_in_use"), second);
        Assert.Equal(200, (await first).Status);
        Assert.Single(await stripe.All("/v1/customers"));
    }
}
