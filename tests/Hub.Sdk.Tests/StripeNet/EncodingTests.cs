using Stripe;
using Stripe.TestHelpers;

namespace Hub.Sdk.Tests.StripeNet;

/// <summary>Golden wire bodies, worked out by hand from the rules of the API's form encoding.</summary>
public sealed class EncodingTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_schedule_with_two_phases_inline_prices_and_metadata_removal_is_sent_in_brackets()
    {
        var transport = new FakeTransport().Answer("""{"id":"sub_sched_1","object":"subscription_schedule"}""");

        await transport.Client().V1.SubscriptionSchedules.CreateAsync(new SubscriptionScheduleCreateOptions
        {
            Customer = "cus_1",
            StartDate = Start,
            EndBehavior = "cancel",
            Metadata = new() { ["sf_opportunity_id"] = "006", ["old"] = null },
            DefaultSettings = new()
            {
                CollectionMethod = "send_invoice",
                InvoiceSettings = new() { DaysUntilDue = 30, CustomFields = [new() { Name = "PO", Value = "4711" }] },
            },
            Phases =
            [
                new()
                {
                    Duration = new() { Interval = "month", IntervalCount = 12 },
                    ProrationBehavior = "none",
                    TrialEnd = Start.AddMonths(1),
                    Items = [new() { Quantity = 40, PriceData = Price(1.10m) }],
                    AddInvoiceItems = [new() { Quantity = 1, PriceData = new() { Currency = "usd", Product = "prod_2", UnitAmount = 45000 } }],
                },
                new() { EndDate = Start.AddYears(2), Trial = false, Items = [new() { Price = "price_1", Discounts = [] }] },
            ],
        });

        // 2026-01-01 = 1767225600, 2026-02-01 = 1769904000, 2028-01-01 = 1830297600.
        Assert.Equal(
            """
            customer=cus_1
            default_settings[collection_method]=send_invoice
            default_settings[invoice_settings][custom_fields][0][name]=PO
            default_settings[invoice_settings][custom_fields][0][value]=4711
            default_settings[invoice_settings][days_until_due]=30
            end_behavior=cancel
            metadata[sf_opportunity_id]=006
            metadata[old]=
            phases[0][add_invoice_items][0][price_data][currency]=usd
            phases[0][add_invoice_items][0][price_data][product]=prod_2
            phases[0][add_invoice_items][0][price_data][unit_amount]=45000
            phases[0][add_invoice_items][0][quantity]=1
            phases[0][duration][interval]=month
            phases[0][duration][interval_count]=12
            phases[0][items][0][price_data][currency]=usd
            phases[0][items][0][price_data][product]=prod_1
            phases[0][items][0][price_data][recurring][interval]=year
            phases[0][items][0][price_data][recurring][interval_count]=1
            phases[0][items][0][price_data][unit_amount_decimal]=1.10
            phases[0][items][0][quantity]=40
            phases[0][proration_behavior]=none
            phases[0][trial_end]=1769904000
            phases[1][end_date]=1830297600
            phases[1][items][0][discounts]=
            phases[1][items][0][price]=price_1
            phases[1][trial]=false
            start_date=1767225600
            """.ReplaceLineEndings("\n"),
            transport.Sent.Single().Parameters);
    }

    [Fact]
    public async Task An_update_takes_now_in_place_of_a_time()
    {
        var transport = new FakeTransport().Answer("""{"id":"sub_sched_1","object":"subscription_schedule"}""");

        await transport.Client().V1.SubscriptionSchedules.UpdateAsync("sub_sched_1", new SubscriptionScheduleUpdateOptions
        {
            Phases = [new() { StartDate = Start, EndDate = SubscriptionSchedulePhaseEndDate.Now }],
        });

        Assert.Equal("phases[0][end_date]=now\nphases[0][start_date]=1767225600", transport.Sent.Single().Parameters);
        Assert.Equal("/v1/subscription_schedules/sub_sched_1", transport.Sent.Single().Uri.AbsolutePath);
    }

    [Fact]
    public async Task Null_clears_a_clearable_parameter_and_leaves_out_any_other()
    {
        var transport = new FakeTransport().Answer("""{"id":"in_1","object":"invoice"}""");

        // custom_fields is clearable, description of an invoice is not.
        await transport.Client().V1.Invoices.CreateAsync(new InvoiceCreateOptions { Customer = "cus_1", CustomFields = null, Description = null });

        Assert.Equal("custom_fields=\ncustomer=cus_1", transport.Sent.Single().Parameters);
    }

    [Fact]
    public async Task An_empty_list_is_sent_as_an_empty_value()
    {
        var transport = new FakeTransport().Answer("""{"id":"in_1","object":"invoice"}""");

        await transport.Client().V1.Invoices.UpdateAsync("in_1", new InvoiceUpdateOptions { DefaultTaxRates = [] });

        Assert.Equal("default_tax_rates=", transport.Sent.Single().Parameters);
    }

    [Fact]
    public async Task A_list_carries_its_range_filter_before_paging_and_expansion_in_the_query()
    {
        var transport = new FakeTransport().Answer("""{"object":"list","data":[],"has_more":false}""");

        await transport.Client().V1.Invoices.ListAsync(new InvoiceListOptions
        {
            Created = new DateRangeOptions { GreaterThanOrEqual = Start, LessThan = Start.AddDays(1) },
            Status = "open",
            Limit = 100,
            Expand = ["data.discounts"],
        });

        var sent = transport.Sent.Single();
        Assert.Equal("GET", sent.Method);
        Assert.Null(sent.Body);
        Assert.Equal(
            "created[gte]=1767225600\ncreated[lt]=1767312000\nstatus=open\nlimit=100\nexpand[0]=data.discounts",
            sent.Parameters);
    }

    [Fact]
    public async Task An_exact_time_filter_needs_no_range()
    {
        var transport = new FakeTransport().Answer("""{"object":"list","data":[],"has_more":false}""");

        await transport.Client().V1.Invoices.ListAsync(new InvoiceListOptions { DueDate = Start });

        Assert.Equal("due_date=1767225600", transport.Sent.Single().Parameters);
    }

    [Fact]
    public async Task Extra_parameters_keep_their_own_nesting()
    {
        var transport = new FakeTransport().Answer(FakeTransport.Customer);
        var options = new CustomerCreateOptions { Name = "A & B" };
        options.AddExtraParam("cash_balance[settings][reconciliation_mode]", "manual");

        await transport.Client().V1.Customers.CreateAsync(options);

        Assert.Equal("name=A & B\ncash_balance[settings][reconciliation_mode]=manual", transport.Sent.Single().Parameters);
        Assert.Contains("name=A+%26+B", transport.Sent.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_tier_is_open()
    {
        var transport = new FakeTransport().Answer("""{"id":"price_1","object":"price"}""");

        await transport.Client().V1.Prices.CreateAsync(new PriceCreateOptions
        {
            Tiers = [new() { UpTo = 50, UnitAmountDecimal = 1200.5m }, new() { UpTo = PriceTierUpTo.Inf, UnitAmount = 950 }],
        });

        Assert.Equal(
            "tiers[0][unit_amount_decimal]=1200.5\ntiers[0][up_to]=50\ntiers[1][unit_amount]=950\ntiers[1][up_to]=inf",
            transport.Sent.Single().Parameters);
    }

    [Fact]
    public async Task Ids_are_escaped_in_the_path()
    {
        var transport = new FakeTransport().Answer("""{"id":"c","object":"coupon"}""");

        await transport.Client().V1.Coupons.GetAsync("10/25 OFF");

        Assert.Equal("/v1/coupons/10%2F25+OFF", transport.Sent.Single().Uri.AbsolutePath);
    }

    [Fact]
    public async Task A_test_clock_lives_in_its_own_namespace()
    {
        var transport = new FakeTransport().Answer("""{"id":"clock_1","object":"test_helpers.test_clock","frozen_time":1767225600,"status":"ready"}""");

        TestClock clock = await transport.Client().V1.TestHelpers.TestClocks.AdvanceAsync("clock_1", new TestClockAdvanceOptions { FrozenTime = Start });

        Assert.Equal(Start, clock.FrozenTime);
        Assert.Equal("/v1/test_helpers/test_clocks/clock_1/advance", transport.Sent.Single().Uri.AbsolutePath);
        Assert.Equal("frozen_time=1767225600", transport.Sent.Single().Parameters);
    }

    private static SubscriptionSchedulePhaseItemPriceDataOptions Price(decimal unitAmount) => new()
    {
        Currency = "usd",
        Product = "prod_1",
        Recurring = new() { Interval = "year", IntervalCount = 1 },
        UnitAmountDecimal = unitAmount,
    };
}
