using System.Globalization;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Tests.Stripe;

public sealed class AnyStoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_invoices_add_up_balances_match_their_ledger_and_nothing_breaks(int seed)
    {
        await using var stripe = await StripeSandbox.Start();
        var story = new Story(stripe, new Random(seed));
        await story.Prepare();

        for (var step = 0; step < 150; step++)
        {
            Assert.True(await story.Step() < 500);
        }

        var invoices = await story.Everything("/v1/invoices");
        Assert.NotEmpty(invoices);
        Assert.All(invoices, AddsUp);
        foreach (var customer in await story.Everything("/v1/customers"))
        {
            var ledger = await story.Everything($"/v1/customers/{customer["id"]}/balance_transactions");
            Assert.Equal((long)customer["balance"]!, ledger.Sum(entry => (long)entry["amount"]!));
        }

        var now = await story.Now();
        Assert.All(
            (await story.Everything("/v1/subscriptions")).SelectMany(subscription => (JsonArray)subscription["items"]!["data"]!),
            item => Assert.True((long)item!["current_period_end"]! > now));
    }

    private static void AddsUp(JsonObject invoice)
    {
        var taken = ((JsonArray)invoice["total_discount_amounts"]!).Sum(share => (long)share!["amount"]!);
        var onTop = ((JsonArray)invoice["total_taxes"]!).Where(tax => (string?)tax!["tax_behavior"] == "exclusive").Sum(tax => (long)tax!["amount"]!);
        Assert.Equal((long)invoice["total"]!, (long)invoice["subtotal"]! - taken + onTop);
        Assert.Equal((long)invoice["amount_remaining"]!, (long)invoice["amount_due"]! - (long)invoice["amount_paid"]!);
        Assert.False((string?)invoice["status"] == "open" && (long)invoice["amount_remaining"]! <= 0, $"{invoice["id"]} is open with nothing to pay.");
        if (!(bool)invoice["lines"]!["has_more"]!)
        {
            Assert.Equal((long)invoice["subtotal"]!, ((JsonArray)invoice["lines"]!["data"]!).Sum(line => (long)line!["amount"]!));
        }
    }

    private sealed class Story(StripeSandbox stripe, Random random)
    {
        private readonly List<string> customers = [];
        private readonly List<string> prices = [];
        private readonly List<string> coupons = [];
        private string tax = "";
        private string setup = "";

        public async Task Prepare()
        {
            foreach (var (unit, count) in new[] { ("month", 1), ("month", 3), ("month", 5), ("year", 1), ("week", 1) })
            {
                prices.Add(await stripe.Price(random.Next(0, 90_000), interval: unit, count: count));
            }

            setup = await stripe.Price(45_000, interval: null);
            coupons.Add((string)(await stripe.Post("/v1/coupons", ("percent_off", "12.5"), ("duration", "forever")))["id"]!);
            coupons.Add((string)(await stripe.Post("/v1/coupons", ("amount_off", "900"), ("currency", "usd"), ("duration", "once")))["id"]!);
            tax = (string)(await stripe.Post("/v1/tax_rates", ("display_name", "VAT"), ("percentage", "7.7"), ("inclusive", "true")))["id"]!;
            for (var n = 0; n < 4; n++)
            {
                customers.Add(await stripe.Customer());
            }
        }

        /// <returns>Status of the request made; refusals are part of any story.</returns>
        public async Task<int> Step() => random.Next(8) switch
        {
            0 or 1 => await Schedule(),
            2 => await EditItem(),
            3 => await OnSome("/v1/subscription_schedules?limit=20", id => $"/v1/subscription_schedules/{id}/{Pick("release", "cancel")}"),
            4 => await OnSome("/v1/invoices?limit=20", id => $"/v1/invoices/{id}/{Pick("void", "finalize", "mark_uncollectible", "send")}"),
            5 => await OnSome("/v1/invoices?limit=20", _ => "/v1/credit_notes", id => [("invoice", id), ("amount", $"{random.Next(1, 9_000)}")]),
            6 => await Transfer(),
            _ => await Wait(),
        };

        public async Task<long> Now() => Kernel.RunningSandbox.Unix((string)(await stripe.Sandbox.Control("/sandbox/clock"))["now"]!);

        public async Task<List<JsonObject>> Everything(string path)
        {
            List<JsonObject> all = [];
            JsonObject page;
            do
            {
                page = await stripe.Get($"{path}?limit=100{(all.Count == 0 ? "" : $"&starting_after={all[^1]["id"]}")}");
                all.AddRange(((JsonArray)page["data"]!).OfType<JsonObject>());
            }
            while ((bool)page["has_more"]!);

            return all;
        }

        private async Task<int> Schedule()
        {
            var start = await Now() + (random.Next(-60, 30) * 86_400L);
            List<(string, string)> form =
            [
                ("customer", Pick([.. customers])), ("start_date", start.ToString(CultureInfo.InvariantCulture)), ("end_behavior", Pick("cancel", "release")),
                ("default_settings[collection_method]", "send_invoice"), ("default_settings[invoice_settings][days_until_due]", "14"),
            ];
            for (var at = 0; at < random.Next(1, 4); at++)
            {
                form.AddRange([($"phases[{at}][duration][interval]", Pick("month", "year")), ($"phases[{at}][duration][interval_count]", $"{random.Next(1, 4)}")]);
                form.AddRange([($"phases[{at}][items][0][price]", Pick([.. prices])), ($"phases[{at}][items][0][quantity]", $"{random.Next(0, 9)}")]);
                form.AddRange([($"phases[{at}][discounts][0][coupon]", Pick([.. coupons])), ($"phases[{at}][proration_behavior]", Pick("none", "always_invoice", "create_prorations"))]);
                form.AddRange(random.Next(2) == 0 ? [($"phases[{at}][default_tax_rates][0]", tax)] : [($"phases[{at}][add_invoice_items][0][price]", setup)]);
                form.AddRange(random.Next(3) switch { 0 => [($"phases[{at}][trial]", "true")], 1 => [($"phases[{at}][billing_cycle_anchor]", "phase_start")], _ => Array.Empty<(string, string)>() });
            }

            return (await stripe.Send(HttpMethod.Post, "/v1/subscription_schedules", form)).Status;
        }

        private async Task<int> EditItem()
        {
            var running = (JsonArray)(await stripe.Get("/v1/subscriptions?limit=20"))["data"]!;
            if (running.Count == 0)
            {
                return 200;
            }

            var subscription = running[random.Next(running.Count)]!;
            var item = (string)subscription["items"]!["data"]![0]!["id"]!;
            return (await stripe.Send(HttpMethod.Post, $"/v1/subscriptions/{subscription["id"]}",
                [("items[0][id]", item), ("items[0][quantity]", $"{random.Next(0, 20)}"), ("proration_behavior", Pick("none", "always_invoice", "create_prorations"))])).Status;
        }

        private async Task<int> OnSome(string list, Func<string, string> path, Func<string, (string, string)[]>? form = null)
        {
            var rows = (JsonArray)(await stripe.Get(list))["data"]!;
            if (rows.Count == 0)
            {
                return 200;
            }

            var id = (string)rows[random.Next(rows.Count)]!["id"]!;
            return (await stripe.Send(HttpMethod.Post, path(id), form?.Invoke(id) ?? [])).Status;
        }

        private async Task<int> Transfer()
        {
            var open = (JsonArray)(await stripe.Get("/v1/invoices?status=open&limit=20"))["data"]!;
            if (open.Count > 0)
            {
                await stripe.Sandbox.Control($"/sandbox/stripe/invoices/{open[random.Next(open.Count)]!["id"]}/payments", new { amount = random.Next(1, 60_000) });
            }

            return 200;
        }

        private async Task<int> Wait()
        {
            await stripe.Sandbox.Control("/sandbox/clock/advance", new { seconds = random.Next(1, 20 * 86_400) });
            return 200;
        }

        private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
    }
}
