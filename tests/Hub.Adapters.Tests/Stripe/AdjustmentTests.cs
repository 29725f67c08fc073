using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Money;
using Hub.Stripe;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Hub.Adapters.Tests.Stripe;

public sealed class AdjustmentTests
{
    private static readonly LocalDate Day = new(2027, 1, 15);

    private static readonly AppliedBilling Billed = new("cus_1", "sub_sched_1", "sub_1", null, null);

    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public void More_is_an_invoice_of_its_own_that_goes_out_only_when_complete()
    {
        ImmutableArray<StripeStep> steps = new AdjustmentSteps(Plans.Opportunity, Plans.Account, Of(30000)).Invoice("cus_1");

        // 2027-01-15 = 1799971200, 2027-10-15 = 1823558400.
        Assert.Equal(["invoices.create", "invoice_items.create", "invoices.finalize"], steps.Select(step => step.Operation));
        Assert.Equal(
            """{"auto_advance":false,"collection_method":"send_invoice","currency":"usd","customer":"cus_1","days_until_due":20,"metadata":{"sf_opportunity_id":"006000000000001AAA","sf_account_id":"001000000000001AAA","hub_proration_id":"2027-01-15-k"},"pending_invoice_items_behavior":"exclude"}""",
            steps[0].Params.GetRawText());
        Assert.Equal(
            """{"customer":"cus_1","description":"Why","invoice":"$1.id","metadata":{"sf_opportunity_id":"006000000000001AAA","sf_account_id":"001000000000001AAA","hub_proration_id":"2027-01-15-k","sf_product_code":"SEAT","hub_line_number":"1"},"period":{"end":1823558400,"start":1799971200},"price_data":{"currency":"usd","product":"prod_seat","unit_amount":30000},"quantity":1}""",
            steps[1].Params.GetRawText());
        Assert.Equal("$1.id", steps[2].Id);
    }

    [Fact]
    public void Less_goes_as_a_bare_amount_because_no_price_is_negative()
    {
        ImmutableArray<StripeStep> steps = new AdjustmentSteps(Plans.Opportunity, Plans.Account, Of(-24000)).Invoice("cus_1");

        Assert.Equal(-24000, steps[1].Params.GetProperty("amount").GetInt64());
        Assert.Equal("usd", steps[1].Params.GetProperty("currency").GetString());
        Assert.False(steps[1].Params.TryGetProperty("price_data", out _));
    }

    [Theory]
    [InlineData("open", 120000, null)]
    [InlineData("open", 4000, 20000L)]
    [InlineData("paid", 0, 24000L)]
    public void A_credit_note_lowers_what_is_open_and_puts_the_rest_on_the_balance(string status, long remaining, long? balance)
    {
        var invoice = new global::Stripe.Invoice { Id = "in_1", Status = status, AmountRemaining = remaining };
        StripeStep step = new AdjustmentSteps(Plans.Opportunity, Plans.Account, Of(-24000) with { CreditNote = true, TaxRateId = null }).CreditNote(invoice).Single();

        Assert.Equal("credit_notes.create", step.Operation);
        Assert.Equal(24000, step.Params.GetProperty("lines")[0].GetProperty("unit_amount").GetInt64());
        Assert.Equal(balance, step.Params.TryGetProperty("credit_amount", out var credit) ? credit.GetInt64() : null);
        Assert.False(step.Params.TryGetProperty("refund_amount", out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_adjustment_survives_a_crash_at_every_point(bool keysForgotten)
    {
        var probe = new Fuse();
        await Adapter.Adjustments(World(probe), new FakeEffects(probe), new StepTime()).Issue(Plans.Opportunity, Plans.Account, Billed, Of(30000), Ct);
        for (int point = 1; point <= probe.Passed; point++)
        {
            var fuse = new Fuse();
            var (stripe, effects, time) = (World(fuse), new FakeEffects(fuse), new StepTime());
            fuse.Reset(point);
            await Assert.ThrowsAsync<ProcessKilledException>(() => Adapter.Adjustments(stripe, effects, time).Issue(Plans.Opportunity, Plans.Account, Billed, Of(30000), Ct));

            fuse.Reset(0);
            if (keysForgotten)
            {
                stripe.ForgetKeys();
                time.Advance(TimeSpan.FromHours(25));
            }

            await Adapter.Adjustments(stripe, effects, time).Issue(Plans.Opportunity, Plans.Account, Billed, Of(30000), Ct);
            AdjustmentOutcome again = await Adapter.Adjustments(stripe, effects, time).Issue(Plans.Opportunity, Plans.Account, Billed, Of(30000), Ct);

            Assert.Equal("open", (string?)Assert.Single(stripe.Of("invoices"))["status"]);
            Assert.Single(stripe.Of("invoiceitems"));
            Assert.True(Assert.IsType<AdjustmentOutcome.Issued>(again).Before);
        }
    }

    [Theory]
    [InlineData("2027-01-14", true)]
    [InlineData("2027-01-15", false)]
    public async Task A_contract_that_was_canceled_before_the_change_is_left_alone(string canceled, bool withheld)
    {
        var fuse = new Fuse();
        FakeStripe stripe = World(fuse);
        stripe.Intercept = request => request.RequestUri!.AbsolutePath == "/v1/subscription_schedules/sub_sched_1"
            ? (System.Net.HttpStatusCode.OK, $$"""{"id":"sub_sched_1","object":"subscription_schedule","status":"canceled","canceled_at":{{DateTimeOffset.Parse(canceled + "T12:00:00Z", null).ToUnixTimeSeconds()}}}""")
            : null;

        AdjustmentOutcome outcome = await Adapter.Adjustments(stripe, new FakeEffects(fuse)).Issue(Plans.Opportunity, Plans.Account, Billed, Of(30000), Ct);

        Assert.Equal(withheld, outcome is AdjustmentOutcome.Canceled);
        Assert.Equal(withheld ? 0 : 1, stripe.Of("invoices").Count);
    }

    private static FakeStripe World(Fuse fuse)
    {
        var stripe = new FakeStripe(fuse);
        stripe.Add("subscription_schedules", """{"id":"sub_sched_1","object":"subscription_schedule","status":"active"}""");
        return stripe;
    }

    private static Adjustment Of(long amount) => new(
        "2027-01-15-k", Day, Day, Currency.Usd, amount, CreditNote: false, CollectionMethod.SendInvoice, 20, [], null, AutomaticTax: false,
        [new("SEAT", "prod_seat", amount, "Why", Day, new LocalDate(2027, 10, 15))]);
}
