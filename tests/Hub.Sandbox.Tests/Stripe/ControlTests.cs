namespace Hub.Sandbox.Tests.Stripe;

public sealed class ControlTests
{
    [Fact]
    public async Task Erased_subscription_leaves_nothing_behind()
    {
        await using var stripe = await StripeSandbox.Start();
        var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));
        var schedule = await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "year"), ("phases[0][items][0][price]", price));

        using var erased = await stripe.Sandbox.Http.DeleteAsync(new Uri($"/sandbox/stripe/subscriptions/{schedule["subscription"]}", UriKind.Relative));
        await stripe.Sandbox.AdvanceTo("2026-04-01T00:00:00Z");

        Assert.True(erased.IsSuccessStatusCode);
        Assert.Empty(await stripe.All("/v1/subscriptions?status=all"));
        Assert.Empty(await stripe.All("/v1/subscription_schedules"));
        Assert.Empty(await stripe.All("/v1/invoices"));
    }

    [Fact]
    public async Task Reset_empties_the_account_and_keeps_the_endpoint_of_the_command_line()
    {
        await using var stripe = await StripeSandbox.Start("--webhook-url", "http://127.0.0.1:1/hook");
        var first = await stripe.Customer();

        using var reset = await stripe.Sandbox.Http.PostAsync(new Uri("/sandbox/stripe/reset", UriKind.Relative), null);
        var state = await stripe.Sandbox.Control("/sandbox/stripe/state");

        Assert.Equal("""{"webhook_endpoint":1}""", state.ToJsonString());
        Assert.Equal(first, await stripe.Customer());
    }

    [Fact]
    public async Task Same_story_told_twice_gives_the_same_ids()
    {
        static async Task<string> Story()
        {
            await using var stripe = await StripeSandbox.Start();
            var (customer, price) = (await stripe.Customer(), await stripe.Price(1_000));
            await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "year"), ("phases[0][items][0][price]", price));
            await stripe.Sandbox.AdvanceTo("2026-05-01T00:00:00Z");
            return string.Join(' ', (await stripe.All("/v1/events")).Select(e => $"{e["id"]} {e["type"]} {e["data"]!["object"]!["id"]}"));
        }

        Assert.Equal(await Story(), await Story());
    }

    [Fact]
    public async Task Payment_needs_an_open_invoice_and_a_positive_amount()
    {
        await using var stripe = await StripeSandbox.Start();
        var draft = await stripe.Post("/v1/invoices", ("customer", await stripe.Customer()));

        using var refused = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(stripe.Sandbox.Http, $"/sandbox/stripe/invoices/{draft["id"]}/payments", new { amount = 1 });
        using var unknown = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(stripe.Sandbox.Http, "/sandbox/stripe/invoices/in_none/payments", new { amount = 1 });

        Assert.Equal((400, 404), ((int)refused.StatusCode, (int)unknown.StatusCode));
    }
}
