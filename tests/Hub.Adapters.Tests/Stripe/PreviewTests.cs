using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Core.Contracts;
using Hub.Core.Contracts.Preview;
using Hub.Core.Money;
using Hub.Stripe;

namespace Hub.Adapters.Tests.Stripe;

public sealed class PreviewTests : IDisposable
{
    private readonly List<string> _sent = [];
    private readonly FakeStripe _stripe = new(new Fuse());

    public void Dispose() => _stripe.Dispose();

    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task Steps_are_those_of_a_sync_and_none_is_made()
    {
        ImmutableArray<PlannedStep> steps = await Preview().Steps(Plans.OfSchedule(), Ct);

        Assert.Equal(["customers.create", "subscription_schedules.create"], steps.Select(step => step.Operation));
        Assert.Empty(_stripe.Calls);
    }

    // The schedule's defaults have no place in a preview, so the phase states them; the customer does not exist yet, so it is described.
    [Fact]
    public async Task What_Stripe_is_asked_to_price_is_the_schedule_a_sync_would_create()
    {
        Answer("""{"currency":"usd","total":1080000,"total_excluding_tax":1080000,"lines":{"has_more":false,"data":[]}}""");

        await Preview().Price(Plans.OfSchedule(Plans.With(Plans.Seats with { PercentOff = 10 })), Ct);

        JsonObject form = Form.Parse(Assert.Single(_sent));
        JsonNode phase = form["schedule_details"]!["phases"]!["0"]!;
        Assert.Equal(("1792022400", "1823558400"), ((string?)phase["start_date"], (string?)phase["end_date"]));
        Assert.Equal(("send_invoice", "20"), ((string?)phase["collection_method"], (string?)phase["invoice_settings"]!["days_until_due"]));
        Assert.Equal(("40", "30000"), ((string?)phase["items"]!["0"]!["quantity"], (string?)phase["items"]!["0"]!["price_data"]!["unit_amount"]));
        Assert.Equal("hub-10-percent-off", (string?)phase["items"]!["0"]!["discounts"]!["0"]!["coupon"]);
        Assert.Equal(("flexible", "cancel"), ((string?)form["schedule_details"]!["billing_mode"]!["type"], (string?)form["schedule_details"]!["end_behavior"]));
        Assert.Equal(("GB", "none"), ((string?)form["customer_details"]!["address"]!["country"], (string?)form["customer_details"]!["tax_exempt"]));
        Assert.Equal(["schedule_details", "customer_details"], form.Select(member => member.Key).Order(StringComparer.Ordinal).Reverse());
        Assert.DoesNotContain("Acme", form.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_time_lines_alone_are_priced_as_items_of_the_known_customer()
    {
        Answer("""{"currency":"usd","total":112500,"lines":{"has_more":false,"data":[]}}""");
        StandaloneInvoicePlan invoice = Plans.Invoice with { TaxRateId = "txr_1", Items = [Plans.Setup with { Quantity = 2.5m, PercentOff = 10, AmountOff = 5000 }] };

        await Preview().Price(Plans.OfInvoice(invoice, Plans.NewCustomer with { Id = "cus_1" }), Ct);

        JsonObject form = Form.Parse(Assert.Single(_sent));
        Assert.Equal(("cus_1", "usd"), ((string?)form["customer"], (string?)form["currency"]));
        JsonNode item = form["invoice_items"]!["0"]!;
        Assert.Equal(
            ("hub-10-percent-off", "hub-5000-usd-off"), ((string?)item["discounts"]!["0"]!["coupon"], (string?)item["discounts"]!["1"]!["coupon"]));
        Assert.Equal(("112500", "1", "txr_1"), ((string?)item["price_data"]!["unit_amount"], (string?)item["quantity"], (string?)item["tax_rates"]!["0"]));
        Assert.False(form.ContainsKey("customer_details"));
    }

    [Fact]
    public async Task Amounts_are_read_per_product_after_discount()
    {
        Answer("""
            {"currency":"usd","total":1350000,"total_excluding_tax":1125000,"lines":{"has_more":false,"data":[
              {"id":"il_1","amount":1200000,"discount_amounts":[{"amount":120000,"discount":"di_1"}],"pricing":{"type":"price_details","price_details":{"price":"price_1","product":"prod_seat"}}},
              {"id":"il_2","amount":45000,"discount_amounts":[],"pricing":{"type":"price_details","price_details":{"price":"price_2","product":"prod_setup"}}}]}}
            """);

        var priced = Assert.IsType<StripePricing.Priced>(await Preview().Price(Plans.OfSchedule(), Ct));

        Assert.Equal((Usd(1_350_000), Usd(1_125_000)), (priced.Total, priced.TotalExcludingTax));
        Assert.Equal([("prod_seat", Usd(1_080_000)), ("prod_setup", Usd(45_000))], priced.Products!.Select(product => (product.Key, product.Value)));
    }

    [Fact]
    public async Task Lines_that_Stripe_did_not_list_leave_only_the_total_to_compare()
    {
        Answer("""{"currency":"usd","total":1200000,"total_excluding_tax":1200000,"lines":{"has_more":true,"data":[]}}""");

        Assert.Null(Assert.IsType<StripePricing.Priced>(await Preview().Price(Plans.OfSchedule(), Ct)).Products);
    }

    [Fact]
    public async Task A_refusal_by_Stripe_is_a_reason_and_quotes_nothing_that_was_sent()
    {
        Answer("""{"error":{"type":"invalid_request_error","code":"resource_missing","param":"schedule_details[phases][0][items][0][discounts][0][coupon]","message":"No such coupon: 'secret'"}}""", HttpStatusCode.BadRequest);

        Assert.Equal(
            "Stripe does not price it: resource_missing for schedule_details[phases][0][items][0][discounts][0][coupon].",
            Assert.IsType<StripePricing.NotPriced>(await Preview().Price(Plans.OfSchedule(), Ct)).Reason);
    }

    [Fact]
    public async Task A_failure_of_Stripe_is_a_failure()
    {
        Answer("""{"error":{"type":"invalid_request_error"}}""", HttpStatusCode.Unauthorized);

        await Assert.ThrowsAsync<StripeCallException>(() => Preview().Price(Plans.OfSchedule(), Ct));
    }

    [Fact]
    public async Task What_would_need_a_new_price_or_begins_for_nothing_is_not_asked()
    {
        BillingPlan metered = Plans.OfSchedule(Plans.With(Plans.Seats with { Usage = true, Quantity = null, MeterId = "mtr_1" }));
        SchedulePlan free = Plans.Schedule with { Phases = [Plans.Schedule.Phases[0] with { TrialEnd = Plans.Start.PlusYears(1) }] };

        Assert.IsType<StripePricing.NotPriced>(await Preview().Price(metered, Ct));
        Assert.IsType<StripePricing.NotPriced>(await Preview().Price(Plans.OfSchedule(free), Ct));
        Assert.Empty(_stripe.Calls);
    }

    [Fact]
    public async Task Another_currency_is_no_price()
    {
        Answer("""{"currency":"eur","total":1200000,"lines":{"has_more":false,"data":[]}}""");

        Assert.Contains("eur", Assert.IsType<StripePricing.NotPriced>(await Preview().Price(Plans.OfSchedule(), Ct)).Reason, StringComparison.Ordinal);
    }

    private static Amount Usd(long minorUnits) => new(minorUnits, Currency.Usd);

    private StripePreview Preview() => new(Adapter.Api(_stripe));

    private void Answer(string body, HttpStatusCode status = HttpStatusCode.OK) => _stripe.Intercept = request =>
    {
        Assert.Equal(("POST", "/v1/invoices/create_preview"), (request.Method.Method, request.RequestUri!.AbsolutePath));
        _sent.Add(request.Content!.ReadAsStringAsync().Result);
        return (status, body);
    };
}
