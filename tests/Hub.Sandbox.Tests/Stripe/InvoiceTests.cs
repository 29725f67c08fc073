using System.Globalization;
using System.Text.Json.Nodes;

namespace Hub.Sandbox.Tests.Stripe;

public sealed class InvoiceTests
{
    [Fact]
    public async Task Engine_invoice_is_a_draft_for_an_hour_and_is_due_counted_from_its_finalisation()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await ScheduledInvoice(stripe, 10_000);

        Assert.Equal(("draft", null), await Standing(stripe, id));
        await stripe.Sandbox.AdvanceTo("2026-01-01T00:59:59Z");
        Assert.Equal(("draft", null), await Standing(stripe, id));
        await stripe.Sandbox.AdvanceTo("2026-01-01T01:00:00Z");
        var (status, number) = await Standing(stripe, id);
        var invoice = await stripe.Get($"/v1/invoices/{id}");

        Assert.Equal("open", status);
        Assert.EndsWith("-0001", number, StringComparison.Ordinal);
        Assert.Equal("2026-01-31T01:00:00", StripeSandbox.Moment((long)invoice["due_date"]!));
        Assert.Equal("2026-01-01T01:00:00", StripeSandbox.Moment((long)invoice["status_transitions"]!["finalized_at"]!));
        Assert.Equal((10_000, 10_000, 0), ((long)invoice["amount_due"]!, (long)invoice["amount_remaining"]!, (long)invoice["amount_paid"]!));
    }

    [Fact]
    public async Task Shapes_are_those_of_this_api_version()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await ScheduledInvoice(stripe, 10_000);
        var invoice = await stripe.Get($"/v1/invoices/{id}");
        var line = invoice["lines"]!["data"]![0]!.AsObject();
        var subscription = await stripe.Get($"/v1/subscriptions/{invoice["parent"]!["subscription_details"]!["subscription"]}");

        Assert.Equal("subscription_details", (string?)invoice["parent"]!["type"]);
        Assert.Equal("006A", (string?)invoice["parent"]!["subscription_details"]!["metadata"]!["sf_opportunity_id"]);
        Assert.Equal("subscription_item_details", (string?)line["parent"]!["type"]);
        Assert.Equal("10000", (string?)line["pricing"]!["unit_amount_decimal"]);
        Assert.Equal("1", (string?)line["quantity_decimal"]);
        Assert.Equal((string?)subscription["items"]!["data"]![0]!["id"], (string?)line["parent"]!["subscription_item_details"]!["subscription_item"]);
        Assert.Equal("2026-02-01", StripeSandbox.Day((long)subscription["items"]!["data"]![0]!["current_period_end"]!));
        foreach (var gone in (string[])["subscription", "charge", "payment_intent", "paid", "discount", "tax"])
        {
            Assert.False(invoice.ContainsKey(gone), gone);
        }

        Assert.False(subscription.ContainsKey("current_period_end"));
        Assert.False(line.ContainsKey("price"));
        Assert.False(invoice.ContainsKey("payments"));
    }

    [Fact]
    public async Task Partial_transfers_lower_what_remains_and_the_last_one_pays()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await OpenInvoice(stripe, 10_000);

        var part = await stripe.Sandbox.Control($"/sandbox/stripe/invoices/{id}/payments", new { amount = 4_000 });
        var rest = await stripe.Sandbox.Control($"/sandbox/stripe/invoices/{id}/payments", new { amount = 6_000 });
        var paid = (await stripe.All($"/v1/invoice_payments?invoice={id}&status=paid")).Select(payment => (long)payment["amount_paid"]!);

        Assert.Equal(("open", 4_000, 6_000), ((string?)part["status"], (long)part["amount_paid"]!, (long)part["amount_remaining"]!));
        Assert.Equal(("paid", 10_000, 0), ((string?)rest["status"], (long)rest["amount_paid"]!, (long)rest["amount_remaining"]!));
        Assert.Equal([6_000, 4_000], paid);
        var types = (await stripe.All("/v1/events")).Select(e => (string?)e["type"]).ToList();
        Assert.Equal(2, types.Count(type => type == "invoice_payment.paid"));
        Assert.Equal((1, 1), (types.Count(type => type == "invoice.paid"), types.Count(type => type == "invoice.payment_succeeded")));
        var expanded = (JsonArray)(await stripe.Get($"/v1/invoices/{id}?expand[]=payments.data.payment.payment_intent"))["payments"]!["data"]!;
        Assert.Equal(["canceled", "succeeded", "succeeded"], expanded.Select(payment => (string?)payment!["payment"]!["payment_intent"]!["status"]));
    }

    [Fact]
    public async Task Overpayment_goes_to_the_customers_balance_and_lowers_the_next_invoice()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await ScheduledInvoice(stripe, 10_000);
        await stripe.Sandbox.AdvanceTo("2026-01-02T00:00:00Z");

        var paid = await stripe.Sandbox.Control($"/sandbox/stripe/invoices/{id}/payments", new { amount = 12_500 });
        await stripe.Sandbox.AdvanceTo("2026-02-02T00:00:00Z");
        var next = (await stripe.All("/v1/invoices"))[0];

        Assert.Equal(2_500, (long)paid["amount_overpaid"]!);
        Assert.Equal((10_000, -2_500, 7_500, 0), ((long)next["total"]!, (long)next["starting_balance"]!, (long)next["amount_due"]!, (long)next["ending_balance"]!));
        Assert.Equal(0, (long)(await stripe.Get($"/v1/customers/{next["customer"]}"))["balance"]!);
    }

    [Fact]
    public async Task Negative_invoice_is_paid_at_once_and_credits_the_balance()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var invoice = (string)(await stripe.Post("/v1/invoices", ("customer", customer), ("collection_method", "send_invoice"), ("days_until_due", "30"), ("currency", "usd")))["id"]!;
        await stripe.Post("/v1/invoiceitems", ("customer", customer), ("invoice", invoice), ("amount", "-3000"), ("currency", "usd"), ("description", "Credit"));

        var final = await stripe.Post($"/v1/invoices/{invoice}/finalize");

        Assert.Equal(("paid", -3_000, 0, -3_000), ((string?)final["status"], (long)final["total"]!, (long)final["amount_due"]!, (long)final["ending_balance"]!));
        Assert.Equal(-3_000, (long)(await stripe.Get($"/v1/customers/{customer}"))["balance"]!);
    }

    [Fact]
    public async Task Amount_too_small_to_charge_is_carried_over()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();

        var invoice = await OneOff(stripe, customer, 49);

        Assert.Equal(("paid", 0, 49), ((string?)invoice["status"], (long)invoice["amount_due"]!, (long)invoice["ending_balance"]!));
    }

    [Fact]
    public async Task Paying_out_of_band_is_paid_without_a_successful_payment()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await OpenInvoice(stripe, 10_000);

        var paid = await stripe.Post($"/v1/invoices/{id}/pay", ("paid_out_of_band", "true"));
        var types = (await stripe.All("/v1/events")).Select(e => (string?)e["type"]).ToList();

        Assert.Equal(("paid", 10_000), ((string?)paid["status"], (long)paid["amount_paid_off_stripe"]!));
        Assert.Contains("invoice.paid", types);
        Assert.DoesNotContain("invoice.payment_succeeded", types);
    }

    [Fact]
    public async Task Overdue_is_open_and_past_its_due_date_and_makes_the_subscription_past_due_until_paid()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await OpenInvoice(stripe, 10_000);
        var subscription = (string)(await stripe.Get($"/v1/invoices/{id}"))["parent"]!["subscription_details"]!["subscription"]!;
        var overdue = $"/v1/invoices?status=open&collection_method=send_invoice&due_date[lt]={StripeSandbox.At("2026-01-31T12:00:00Z")}";

        await stripe.Sandbox.AdvanceTo("2026-01-31T12:00:00Z");
        Assert.Equal(id, (string?)Assert.Single(await stripe.All(overdue))["id"]);
        Assert.Equal("past_due", (string?)(await stripe.Get($"/v1/subscriptions/{subscription}"))["status"]);
        await stripe.Sandbox.Control($"/sandbox/stripe/invoices/{id}/payments", new { amount = 10_000 });

        Assert.Empty(await stripe.All(overdue));
        Assert.Equal("active", (string?)(await stripe.Get($"/v1/subscriptions/{subscription}"))["status"]);
    }

    [Theory]
    [InlineData("void", "void", "invoice.voided")]
    [InlineData("mark_uncollectible", "uncollectible", "invoice.marked_uncollectible")]
    public async Task Open_invoice_is_voided_or_written_off(string verb, string status, string type)
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await OpenInvoice(stripe, 10_000);

        var ended = await stripe.Post($"/v1/invoices/{id}/{verb}");

        Assert.Equal(status, (string?)ended["status"]);
        Assert.Single(await stripe.All("/v1/events"), e => (string?)e["type"] == type);
        Assert.Equal(400, (await stripe.Refused($"/v1/invoices/{id}/mark_uncollectible")).Status);
    }

    [Fact]
    public async Task Draft_can_be_deleted_only_when_no_subscription_made_it()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var own = (string)(await stripe.Post("/v1/invoices", ("customer", customer)))["id"]!;
        var engine = await ScheduledInvoice(stripe, 10_000);

        Assert.Equal(200, (await stripe.Send(HttpMethod.Delete, $"/v1/invoices/{own}")).Status);
        Assert.Equal(400, (await stripe.Send(HttpMethod.Delete, $"/v1/invoices/{engine}")).Status);
        Assert.Equal(404, (await stripe.Send(HttpMethod.Get, $"/v1/invoices/{own}")).Status);
    }

    [Fact]
    public async Task Api_invoice_excludes_pending_items_and_stays_a_draft_unless_told()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        await stripe.Post("/v1/invoiceitems", ("customer", customer), ("amount", "700"), ("currency", "usd"));

        var excluding = await stripe.Post("/v1/invoices", ("customer", customer), ("collection_method", "send_invoice"), ("days_until_due", "7"));
        var including = await stripe.Post("/v1/invoices", ("customer", customer), ("collection_method", "send_invoice"), ("days_until_due", "7"), ("pending_invoice_items_behavior", "include"), ("auto_advance", "true"));
        await stripe.Sandbox.AdvanceTo("2026-01-02T00:00:00Z");

        Assert.Equal((0, 700), ((long)excluding["total"]!, (long)including["total"]!));
        Assert.Equal("draft", (await Standing(stripe, (string)excluding["id"]!)).Status);
        Assert.Equal("open", (await Standing(stripe, (string)including["id"]!)).Status);
        Assert.Equal(400, (await stripe.Refused($"/v1/invoices/{excluding["id"]}/finalize")).Status);
    }

    [Fact]
    public async Task Pending_item_lands_on_the_next_invoice_of_the_subscription()
    {
        await using var stripe = await StripeSandbox.Start();
        var first = await stripe.Get($"/v1/invoices/{await ScheduledInvoice(stripe, 10_000)}");
        await stripe.Post("/v1/invoiceitems", ("customer", (string)first["customer"]!), ("amount", "700"), ("currency", "usd"));

        await stripe.Sandbox.AdvanceTo("2026-02-02T00:00:00Z");

        Assert.Equal(["2026-01-01 | open | 10000", "2026-02-01 | open | 10700"], await stripe.InvoiceDays((string)first["customer"]!));
    }

    [Fact]
    public async Task Tax_is_worked_out_per_line_inside_or_on_top()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var exclusive = (string)(await stripe.Post("/v1/tax_rates", ("display_name", "VAT"), ("percentage", "19"), ("inclusive", "false")))["id"]!;
        var inclusive = (string)(await stripe.Post("/v1/tax_rates", ("display_name", "VAT"), ("percentage", "20"), ("inclusive", "true")))["id"]!;
        var invoice = (string)(await stripe.Post("/v1/invoices", ("customer", customer), ("collection_method", "send_invoice"), ("days_until_due", "7"), ("default_tax_rates[0]", exclusive)))["id"]!;
        await stripe.Post("/v1/invoiceitems", ("customer", customer), ("invoice", invoice), ("amount", "1050"), ("currency", "usd"));
        await stripe.Post("/v1/invoiceitems", ("customer", customer), ("invoice", invoice), ("amount", "1250"), ("currency", "usd"));
        await stripe.Post("/v1/invoiceitems", ("customer", customer), ("invoice", invoice), ("amount", "1200"), ("currency", "usd"), ("tax_rates[0]", inclusive));

        var final = await stripe.Post($"/v1/invoices/{invoice}/finalize");

        // 19 % of 10.50 is 1.995 -> 2.00 and of 12.50 is 2.375 -> 2.38; 20 % inside 12.00 is 2.00.
        Assert.Equal(("1050, 1250, 1200"), string.Join(", ", ((JsonArray)final["lines"]!["data"]!).Select(line => line!["amount"]!.ToString())));
        Assert.Equal([438, 200], ((JsonArray)final["total_taxes"]!).Select(tax => (long)tax!["amount"]!));
        Assert.Equal((3_500, 3_300, 3_938), ((long)final["subtotal"]!, (long)final["total_excluding_tax"]!, (long)final["total"]!));
    }

    [Fact]
    public async Task Decimal_unit_amounts_round_half_up_once_per_line()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var product = (string)(await stripe.Post("/v1/products", ("name", "Unit")))["id"]!;
        var price = (string)(await stripe.Post("/v1/prices", ("product", product), ("currency", "usd"), ("unit_amount_decimal", "33.335"), ("recurring[interval]", "month")))["id"]!;

        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", price), ("phases[0][items][0][quantity]", "300"));

        // 300 × 33.335 = 10000.5 -> 10001.
        Assert.Equal(["2026-01-01 | draft | 10001"], await stripe.InvoiceDays(customer));
        Assert.Equal(400, (await stripe.Refused("/v1/prices", ("product", product), ("currency", "usd"), ("unit_amount_decimal", "1.1234567890123"))).Status);
    }

    [Theory]
    [InlineData("graduated", 60, 69_505)]
    [InlineData("volume", 60, 57_030)]
    [InlineData("volume", 50, 60_000)]
    public async Task Tiers_price_each_band_or_the_whole_quantity(string mode, int quantity, long total)
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var product = (string)(await stripe.Post("/v1/products", ("name", "Seat")))["id"]!;
        var price = (string)(await stripe.Post("/v1/prices", ("product", product), ("currency", "usd"), ("billing_scheme", "tiered"), ("tiers_mode", mode), ("recurring[interval]", "month"),
            ("tiers[0][up_to]", "50"), ("tiers[0][unit_amount]", "1200"), ("tiers[1][up_to]", "inf"), ("tiers[1][unit_amount_decimal]", "950.5")))["id"]!;

        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", price), ("phases[0][items][0][quantity]", $"{quantity}"));

        // Graduated: 50 × 12.00 + 10 × 9.505 = 695.05; volume: 60 × 9.505 = 570.30, 50 × 12.00 = 600.00.
        Assert.Equal([$"2026-01-01 | draft | {total}"], await stripe.InvoiceDays(customer));
    }

    [Theory]
    [InlineData("up", 3_000)]
    [InlineData("down", 2_000)]
    public async Task Packs_round_the_quantity_begun_up_or_down(string round, long total)
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var product = (string)(await stripe.Post("/v1/products", ("name", "Pack of ten")))["id"]!;
        var price = (string)(await stripe.Post("/v1/prices", ("product", product), ("currency", "usd"), ("unit_amount", "1000"), ("recurring[interval]", "month"),
            ("transform_quantity[divide_by]", "10"), ("transform_quantity[round]", round)))["id"]!;

        await stripe.Schedule(customer, "now", ("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", price), ("phases[0][items][0][quantity]", "25"));

        Assert.Equal([$"2026-01-01 | draft | {total}"], await stripe.InvoiceDays(customer));
    }

    [Theory]
    [InlineData("jpy", 12_345, 1, true)]
    [InlineData("isk", 1_250, 1, false)]
    [InlineData("isk", 1_250, 2, true)]
    [InlineData("ugx", 150, 1, false)]
    [InlineData("kwd", 7_255, 1, false)]
    [InlineData("kwd", 7_255, 2, true)]
    public async Task Period_amount_the_currency_cannot_represent_is_refused(string currency, long unitAmount, int quantity, bool accepted)
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var price = await stripe.Price(unitAmount, currency);

        var (status, _, _) = await stripe.Send(HttpMethod.Post, "/v1/subscription_schedules", [("customer", customer), ("start_date", "now"),
            ("phases[0][duration][interval]", "month"), ("phases[0][items][0][price]", price), ("phases[0][items][0][quantity]", quantity.ToString(CultureInfo.InvariantCulture))]);

        Assert.Equal(accepted ? 200 : 400, status);
    }

    [Fact]
    public async Task Many_lines_are_cut_in_the_invoice_and_paged_from_their_own_list()
    {
        await using var stripe = await StripeSandbox.Start();
        var customer = await stripe.Customer();
        var invoice = (string)(await stripe.Post("/v1/invoices", ("customer", customer), ("currency", "usd")))["id"]!;
        await stripe.Post($"/v1/invoices/{invoice}/add_lines", [.. Enumerable.Range(0, 13).SelectMany(n => new[] { ($"lines[{n}][amount]", $"{100 + n}"), ($"lines[{n}][description]", $"Line {n}") })]);

        var embedded = (await stripe.Get($"/v1/invoices/{invoice}"))["lines"]!;
        var cursor = (string)((JsonArray)embedded["data"]!)[^1]!["id"]!;
        var rest = await stripe.Get($"/v1/invoices/{invoice}/lines?starting_after={cursor}");

        Assert.Equal((10, true), (((JsonArray)embedded["data"]!).Count, (bool)embedded["has_more"]!));
        Assert.Equal(["Line 10", "Line 11", "Line 12"], ((JsonArray)rest["data"]!).Select(line => (string?)line!["description"]));
        Assert.False((bool)rest["has_more"]!);
    }

    [Fact]
    public async Task Finalised_invoice_is_frozen_but_for_metadata()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await OpenInvoice(stripe, 10_000);

        Assert.Equal("x", (string?)(await stripe.Post($"/v1/invoices/{id}", ("metadata[note]", "x")))["metadata"]!["note"]);
        Assert.Equal("invoice_not_editable", (string?)(await stripe.Refused($"/v1/invoices/{id}", ("description", "x"))).Error["code"]);
    }

    [Fact]
    public async Task Credit_note_lowers_what_remains_and_a_full_one_settles_the_invoice()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await OpenInvoice(stripe, 10_000);

        var note = await stripe.Post("/v1/credit_notes", ("invoice", id), ("amount", "2500"), ("reason", "order_change"));
        var reduced = await stripe.Get($"/v1/invoices/{id}");
        await stripe.Post("/v1/credit_notes", ("invoice", id), ("amount", "7500"));

        Assert.Equal((2_500, 0, "pre_payment"), ((long)note["pre_payment_amount"]!, (long)note["post_payment_amount"]!, (string?)note["type"]));
        Assert.Equal((2_500, 7_500), ((long)reduced["pre_payment_credit_notes_amount"]!, (long)reduced["amount_remaining"]!));
        Assert.Equal("paid", (string?)(await stripe.Get($"/v1/invoices/{id}"))["status"]);
    }

    [Fact]
    public async Task Credit_note_after_payment_must_say_where_the_money_goes()
    {
        await using var stripe = await StripeSandbox.Start();
        var id = await OpenInvoice(stripe, 10_000);
        await stripe.Sandbox.Control($"/sandbox/stripe/invoices/{id}/payments", new { amount = 10_000 });

        Assert.Equal(400, (await stripe.Refused("/v1/credit_notes", ("invoice", id), ("amount", "2500"))).Status);
        var note = await stripe.Post("/v1/credit_notes", ("invoice", id), ("amount", "2500"), ("credit_amount", "2500"));

        Assert.Equal("post_payment", (string?)note["type"]);
        Assert.Equal(-2_500, (long)(await stripe.Get($"/v1/customers/{note["customer"]}"))["balance"]!);
    }

    private static async Task<string> ScheduledInvoice(StripeSandbox stripe, long amount)
    {
        var schedule = await stripe.Schedule(await stripe.Customer(), "now", ("phases[0][duration][interval]", "year"),
            ("phases[0][items][0][price]", await stripe.Price(amount)), ("phases[0][metadata][sf_opportunity_id]", "006A"));
        return (string)(await stripe.Get($"/v1/subscriptions/{schedule["subscription"]}"))["latest_invoice"]!;
    }

    private static async Task<string> OpenInvoice(StripeSandbox stripe, long amount)
    {
        var id = await ScheduledInvoice(stripe, amount);
        await stripe.Sandbox.AdvanceTo("2026-01-01T01:00:00Z");
        return id;
    }

    private static async Task<JsonObject> OneOff(StripeSandbox stripe, string customer, long amount)
    {
        var invoice = (string)(await stripe.Post("/v1/invoices", ("customer", customer), ("collection_method", "send_invoice"), ("days_until_due", "7"), ("currency", "usd")))["id"]!;
        await stripe.Post("/v1/invoiceitems", ("customer", customer), ("invoice", invoice), ("amount", amount.ToString(CultureInfo.InvariantCulture)), ("currency", "usd"));
        return await stripe.Post($"/v1/invoices/{invoice}/finalize");
    }

    private static async Task<(string? Status, string? Number)> Standing(StripeSandbox stripe, string id)
    {
        var invoice = await stripe.Get($"/v1/invoices/{id}");
        return ((string?)invoice["status"], (string?)invoice["number"]);
    }
}
