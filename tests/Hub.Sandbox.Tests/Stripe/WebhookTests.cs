using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hub.Sandbox.Tests.Kernel;

namespace Hub.Sandbox.Tests.Stripe;

public sealed class WebhookTests
{
    [Fact]
    public async Task Delivery_is_signed_over_the_sandbox_time_and_the_raw_body()
    {
        await using var listener = await Listener.Start();
        await using var stripe = await StripeSandbox.Start("--webhook-url", listener.Url, "--webhook-secret", "whsec_test");
        await stripe.Customer();
        await stripe.Sandbox.AdvanceTo("2026-01-01T00:00:07Z");

        await stripe.Sandbox.Control("/sandbox/webhooks/deliver", new { });

        var (signature, body) = Assert.Single(listener.Received);
        var time = RunningSandbox.Unix("2026-01-01T00:00:07Z");
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("whsec_test"), Encoding.UTF8.GetBytes($"{time}.{body}")));
        Assert.Equal($"t={time},v1={expected}", signature);
        Assert.Equal("2026-07-29.dahlia", (string?)JsonNode.Parse(body)!["api_version"]);
    }

    [Fact]
    public async Task Failed_delivery_is_retried_later_on_the_sandbox_clock_and_signed_anew()
    {
        await using var listener = await Listener.Start();
        await using var stripe = await StripeSandbox.Start("--webhook-url", listener.Url);
        await stripe.Customer();
        listener.Status = 500;

        var first = await stripe.Sandbox.Control("/sandbox/webhooks/deliver", new { });
        var tooEarly = await stripe.Sandbox.Control("/sandbox/webhooks/deliver", new { });
        listener.Status = 200;
        await stripe.Sandbox.Control("/sandbox/clock/advance", new { seconds = 600 });
        var retry = await stripe.Sandbox.Control("/sandbox/webhooks/deliver", new { });

        Assert.Equal("""{"delivered":0,"failed":1,"pending":1}""", first.ToJsonString());
        Assert.Equal("""{"delivered":0,"failed":0,"pending":1}""", tooEarly.ToJsonString());
        Assert.Equal("""{"delivered":1,"failed":0,"pending":0}""", retry.ToJsonString());
        Assert.Equal(2, listener.Received.Select(delivery => delivery.Signature).Distinct().Count());
        Assert.Single(listener.Ids.Distinct());
    }

    [Fact]
    public async Task Undelivered_events_are_found_by_the_delivery_filter()
    {
        await using var listener = await Listener.Start();
        await using var stripe = await StripeSandbox.Start("--webhook-url", listener.Url);
        await stripe.Customer();
        await stripe.Sandbox.Control("/sandbox/webhooks/deliver", new { });
        listener.Status = 503;
        await stripe.Post("/v1/products", ("name", "Seat"));
        await stripe.Sandbox.Control("/sandbox/webhooks/deliver", new { });

        var missed = Assert.Single(await stripe.All("/v1/events?delivery_success=false"));

        Assert.Equal(("product.created", 1), ((string?)missed["type"], (long)missed["pending_webhooks"]!));
        Assert.Single(await stripe.All("/v1/events?type=product.*"));
    }

    [Fact]
    public async Task Duplicates_and_another_order_come_on_demand()
    {
        await using var listener = await Listener.Start();
        await using var stripe = await StripeSandbox.Start("--webhook-url", listener.Url);
        for (var n = 0; n < 6; n++)
        {
            await stripe.Customer();
        }

        var round = await stripe.Sandbox.Control("/sandbox/webhooks/deliver", new { duplicates = true, shuffle = 7 });

        Assert.Equal("""{"delivered":12,"failed":0,"pending":0}""", round.ToJsonString());
        Assert.Equal(6, listener.Ids.Distinct().Count());
        Assert.All(listener.Ids.GroupBy(id => id), copies => Assert.Equal(2, copies.Count()));
        Assert.NotEqual(listener.Ids.Order(StringComparer.Ordinal), listener.Ids);
    }

    [Fact]
    public async Task Background_delivery_needs_no_asking()
    {
        await using var listener = await Listener.Start();
        await using var stripe = await StripeSandbox.Start("--webhooks", "auto", "--webhook-url", listener.Url);

        await stripe.Customer();
        await stripe.Post("/v1/products", ("name", "Seat"));
        await listener.Wait(2);

        Assert.Equal(["customer.created", "product.created"], listener.Types.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Endpoint_hears_only_what_it_listens_to_and_shows_its_secret_once()
    {
        await using var listener = await Listener.Start();
        await using var stripe = await StripeSandbox.Start();
        var endpoint = await stripe.Post("/v1/webhook_endpoints", ("url", listener.Url), ("enabled_events[0]", "product.created"));

        await stripe.Customer();
        await stripe.Post("/v1/products", ("name", "Seat"));
        await stripe.Sandbox.Control("/sandbox/webhooks/deliver", new { });

        Assert.Equal(["product.created"], listener.Types);
        Assert.StartsWith("whsec_", (string?)endpoint["secret"], StringComparison.Ordinal);
        Assert.False((await stripe.Get($"/v1/webhook_endpoints/{endpoint["id"]}")).ContainsKey("secret"));
    }

    [Fact]
    public async Task Life_of_a_schedule_is_told_in_events()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(10_000));
        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", price));
        await stripe.Sandbox.AdvanceTo("2026-01-01T02:00:00Z");
        var invoice = Assert.Single(await stripe.All("/v1/invoices"));
        await stripe.Sandbox.Control($"/sandbox/stripe/invoices/{invoice["id"]}/payments", new { amount = 10_000 });

        var told = (await stripe.All("/v1/events")).Select(e => (string)e["type"]!).Reverse().ToList();

        string[] inOrder =
        [
            "customer.created", "subscription_schedule.created", "customer.subscription.created", "invoice.created", "invoice.finalized", "invoice.sent",
            "invoice_payment.paid", "invoice.paid", "invoice.payment_succeeded",
        ];
        Assert.Equal(inOrder, told.Where(inOrder.Contains));
    }

    [Fact]
    public async Task Ends_of_a_schedule_and_its_subscription_are_told()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(10_000));
        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", price));
        await stripe.Sandbox.AdvanceTo("2026-02-01T00:00:00Z");

        var ends = await stripe.All("/v1/events?types[0]=subscription_schedule.expiring&types[1]=subscription_schedule.completed&types[2]=customer.subscription.deleted");

        Assert.Equal(
            ["2026-01-25 subscription_schedule.expiring", "2026-02-01 customer.subscription.deleted", "2026-02-01 subscription_schedule.completed"],
            ends.AsEnumerable().Reverse().Select(e => $"{StripeSandbox.Day((long)e["created"]!)} {e["type"]}"));
    }

    [Fact]
    public async Task Update_tells_what_was_before_and_who_asked()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer("Acme");

        await stripe.Send(HttpMethod.Post, $"/v1/customers/{customer}", [("name", "Acme Ltd")], ("Idempotency-Key", "rename"));
        var updated = Assert.Single(await stripe.All("/v1/events?type=customer.updated"));

        Assert.Equal("""{"name":"Acme"}""", updated["data"]!["previous_attributes"]!.ToJsonString());
        Assert.Equal("Acme Ltd", (string?)updated["data"]!["object"]!["name"]);
        Assert.Equal("rename", (string?)updated["request"]!["idempotency_key"]);
    }
}
