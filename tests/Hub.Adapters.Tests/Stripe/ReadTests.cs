using System.Net;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.Reconciliation;
using Hub.Core.StripeEvents;
using Hub.Stripe;
using NodaTime;
using Invoice = Hub.Core.Invoices.Invoice;

namespace Hub.Adapters.Tests.Stripe;

public sealed class ReadTests
{
    private const string Missing = """{"error":{"type":"invalid_request_error","code":"resource_missing"}}""";
    private const string Coupon = """{"id":"hub-10-percent-off","object":"coupon","percent_off":10.0,"duration":"forever"}""";

    // 2026-10-15 = 1792022400, 2026-11-04 = 1793750400, 2027-10-15 = 1823558400.
    private const string OpenInvoice =
        """
        {"id":"in_1","object":"invoice","number":"A-1","customer":"cus_1","customer_email":"billing@acme.example","customer_name":"Acme","status":"open",
         "collection_method":"send_invoice","livemode":false,"currency":"usd","total":1080000,"total_excluding_tax":1080000,"amount_due":1080000,
         "amount_paid":80000,"amount_remaining":1000000,"created":1792022400,"due_date":1793750400,"effective_at":null,
         "status_transitions":{"finalized_at":1792026000},"hosted_invoice_url":"https://pay.example/in_1","metadata":{},
         "parent":{"type":"subscription_details","subscription_details":{"subscription":"sub_1","metadata":{"sf_opportunity_id":"006000000000001AAA"}}},
         "payments":{"object":"list","data":[
           {"id":"inpay_1","status":"paid","amount_requested":80000,"payment":{"type":"payment_intent","payment_intent":{"id":"pi_1","object":"payment_intent","status":"succeeded"}}},
           {"id":"inpay_2","status":"open","amount_requested":250000,"payment":{"type":"payment_intent","payment_intent":{"id":"pi_2","object":"payment_intent","status":"processing"}}}]},
         "lines":{"object":"list","has_more":false,"data":[
           {"id":"il_1","object":"line_item","amount":1200000,"quantity":40,"period":{"start":1792022400,"end":1823558400},
            "discount_amounts":[{"amount":120000,"discount":"di_1"}],
            "discounts":[{"id":"di_1","object":"discount","source":{"type":"coupon","coupon":"hub-10-percent-off"}}],
            "parent":{"type":"subscription_item_details","subscription_item_details":{"subscription":"sub_1","subscription_item":"si_1","proration":false}},
            "pricing":{"type":"price_details","unit_amount_decimal":"30000","price_details":{"price":"price_1","product":"prod_seat"}}}]}}
        """;

    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task An_invoice_is_read_with_lines_discounts_payments_in_flight_and_open_disputes()
    {
        Script script = new Script()
            .Then(OpenInvoice)
            .Then("""{"object":"list","has_more":false,"data":[{"id":"dp_1","status":"needs_response","amount":50000},{"id":"dp_2","status":"won","amount":30000}]}""")
            .Then(Coupon);

        Invoice invoice = (await Invoices(script).Find("in_1", Ct))!;

        Assert.Equal("006000000000001AAA", invoice.OpportunityId);
        Assert.Equal("sub_1", invoice.SubscriptionId);
        Assert.Equal(InvoiceStatus.Open, invoice.Status);
        Assert.True(invoice.SentToCustomer);
        Assert.Equal((1080000, 1080000, 80000, 1000000), (invoice.Total, invoice.Net, invoice.AmountPaid, invoice.AmountRemaining));
        Assert.Equal((250000, 50000), (invoice.Processing, invoice.Disputed));
        Assert.Equal(Instant.FromUtc(2026, 11, 4, 0, 0), invoice.DueAt);
        Assert.Equal(Instant.FromUtc(2026, 10, 15, 1, 0), invoice.FinalizedAt);
        InvoiceLine line = Assert.Single(invoice.Lines);
        Assert.Equal(("prod_seat", 40m, 30000m, 1200000L, 120000L), (line.ProductId, line.Quantity, line.UnitAmount, line.Amount, line.Discount));
        Assert.Equal([10m], line.PercentOff.AsEnumerable());
        Assert.Equal(Instant.FromUtc(2027, 10, 15, 0, 0), line.PeriodEnd);
        Assert.Equal(
            "GET /v1/invoices/in_1?expand[0]=lines.data.discounts&expand[1]=payments.data.payment.payment_intent", script.Calls[0].Request);
    }

    [Fact]
    public async Task An_invoice_that_does_not_exist_is_null() =>
        Assert.Null(await Invoices(new Script().Then(HttpStatusCode.NotFound, Missing)).Find("in_9", Ct));

    [Fact]
    public async Task Open_receivables_are_the_open_invoices_that_are_sent_page_by_page()
    {
        Script script = new Script()
            .Then("""{"object":"list","has_more":true,"data":[{"id":"in_2","status":"open","currency":"jpy","total":5,"collection_method":"send_invoice","created":1792022400}]}""")
            .Then("""{"object":"list","has_more":false,"data":[{"id":"in_1","status":"open","currency":"usd","total":7,"collection_method":"send_invoice","created":1792022400,"metadata":{"sf_opportunity_id":"x"}}]}""");

        List<Invoice> open = await All(Invoices(script).OpenReceivables(Ct));

        Assert.Equal(["in_2", "in_1"], open.Select(invoice => invoice.Id));
        Assert.Equal("x", open[1].OpportunityId);
        Assert.Equal(5, open[0].Net);
        Assert.Equal("GET /v1/invoices?collection_method=send_invoice&status=open&limit=100&expand[0]=data.lines.data.discounts", script.Calls[0].Request);
        Assert.EndsWith("&starting_after=in_2&expand[0]=data.lines.data.discounts", script.Calls[1].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_beyond_the_first_few_are_fetched()
    {
        const string Line = """{"id":"il_ID","amount":1,"quantity":1,"period":{"start":1792022400,"end":1823558400}}""";
        Script script = new Script()
            .Then("""{"object":"list","has_more":false,"data":[{"id":"in_1","status":"draft","currency":"usd","created":1,"lines":{"has_more":true,"data":[LINE]}}]}""".Replace("LINE", Line, StringComparison.Ordinal))
            .Then($$"""{"object":"list","has_more":false,"data":[{{Line.Replace("ID", "1", StringComparison.Ordinal)}},{{Line.Replace("ID", "2", StringComparison.Ordinal)}}]}""");

        Invoice invoice = Assert.Single(await All(Book(script).Invoices(Ct)));

        Assert.Equal(["il_1", "il_2"], invoice.Lines.Select(line => line.Id));
        Assert.StartsWith("GET /v1/invoices/in_1/lines?limit=100", script.Calls[1].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_billed_subscription_tells_account_items_discounts_and_the_end_of_its_schedule()
    {
        Script script = new Script()
            .Then(
                """
                {"object":"list","has_more":false,"data":[{"id":"sub_sched_1","end_behavior":"cancel","subscription":"sub_1","phases":[{"start_date":1792022400,"end_date":1823558400,
                 "items":[{"quantity":40,"price":{"id":"price_1","object":"price","product":"prod_seat","unit_amount_decimal":"30000","recurring":{"interval":"year","interval_count":1}}}]}]}]}
                """)
            .Then(
                """
                {"object":"list","has_more":false,"data":[{"id":"sub_1","status":"active","livemode":true,"currency":"usd","start_date":1792022400,
                 "customer":{"id":"cus_1","object":"customer","metadata":{"sf_account_id":"001000000000001AAA"}},"metadata":{"sf_opportunity_id":"006000000000001AAA"},
                 "collection_method":"send_invoice","days_until_due":20,"cancel_at":null,
                 "schedule":"sub_sched_1",
                 "items":{"has_more":false,"data":[{"id":"si_1","quantity":40,"price":{"id":"price_1","product":"prod_seat","unit_amount_decimal":"30000","recurring":{"interval":"year","interval_count":1,"usage_type":"licensed"}},
                   "discounts":[{"id":"di_1","end":1823558400,"source":{"coupon":"hub-10-percent-off"}}]}]}}]}
                """)
            .Then(Coupon);

        BilledSubscription subscription = Assert.Single(await All(Book(script).Subscriptions(Ct)));

        Assert.Equal(("cus_1", "001000000000001AAA", "006000000000001AAA"), (subscription.CustomerId, subscription.AccountId, subscription.OpportunityId));
        Assert.Equal(Instant.FromUtc(2027, 10, 15, 0, 0), subscription.ScheduleEnd);
        Assert.Equal((20, true), (subscription.DaysUntilDue, subscription.SentToCustomer));
        BilledItem item = Assert.Single(subscription.Items);
        Assert.Equal(("prod_seat", 40m, 30000m, new BillingInterval(IntervalUnit.Year, 1)), (item.ProductId, item.Quantity, item.UnitAmount, item.Interval));
        Assert.Equal([10m], item.PercentOff.AsEnumerable());
        Assert.Equal(Instant.FromUtc(2027, 10, 15, 0, 0), item.DiscountEnds);
        Assert.Equal(30000m, Assert.Single(Assert.Single(subscription.Phases).Items).UnitAmount);
        Assert.StartsWith("GET /v1/subscriptions?status=all&", script.Calls[1].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_that_arose_between_the_two_walks_is_read_by_itself()
    {
        Script script = new Script()
            .Then("""{"object":"list","has_more":false,"data":[]}""")
            .Then("""{"object":"list","has_more":false,"data":[{"id":"sub_1","status":"active","currency":"usd","start_date":1792022400,"customer":"cus_1","schedule":"sub_sched_9","items":{"data":[]}}]}""")
            .Then("""{"id":"sub_sched_9","end_behavior":"release","metadata":{"hub_phases_until":"2027-10-15"},"phases":[{"start_date":1792022400,"end_date":1823558400,"items":[]}]}""");

        BilledSubscription subscription = Assert.Single(await All(Book(script).Subscriptions(Ct)));

        Assert.Null(subscription.ScheduleEnd);
        Assert.Equal(new LocalDate(2027, 10, 15), subscription.PhasesUntil);
        Assert.Equal(Instant.FromUtc(2027, 10, 15, 0, 0), Assert.Single(subscription.Phases).End);
    }

    [Fact]
    public async Task Pending_schedules_leave_out_those_that_have_or_had_a_subscription()
    {
        Script script = new Script().Then(
            """
            {"object":"list","has_more":false,"data":[
             {"id":"sub_sched_1","status":"active","subscription":"sub_1","customer":"cus_1","phases":[]},
             {"id":"sub_sched_2","status":"released","released_subscription":"sub_2","customer":"cus_1","phases":[]},
             {"id":"sub_sched_3","status":"not_started","customer":{"id":"cus_1","object":"customer","metadata":{"sf_account_id":"001000000000001AAA"}},"end_behavior":"cancel","metadata":{},
              "phases":[{"currency":"usd","start_date":1792022400,"end_date":1823558400,"items":[{"quantity":2,"price":{"id":"price_1","object":"price","product":"prod_seat","unit_amount_decimal":"12.5","recurring":{"interval":"month","interval_count":3}}}]}]}]}
            """);

        BilledSchedule schedule = Assert.Single(await All(Book(script).PendingSchedules(Ct)));

        Assert.Equal(("sub_sched_3", "usd", true, "001000000000001AAA"), (schedule.Id, schedule.Currency, schedule.EndsByCanceling, schedule.AccountId));
        Assert.Equal((Instant.FromUtc(2026, 10, 15, 0, 0), Instant.FromUtc(2027, 10, 15, 0, 0)), (schedule.Start, schedule.End));
        Assert.Equal((12.5m, new BillingInterval(IntervalUnit.Month, 3)), (schedule.Phases[0].Items[0].UnitAmount, schedule.Phases[0].Items[0].Interval));
    }

    [Fact]
    public async Task Credit_notes_are_read_net()
    {
        Script script = new Script().Then(
            """{"object":"list","has_more":false,"data":[{"id":"cn_1","invoice":"in_1","customer":"cus_1","currency":"usd","total":120,"total_excluding_tax":100,"status":"issued","created":1792022400,"metadata":{"hub_adjustment_id":"a"}}]}""");

        Assert.Equal(
            new BilledCreditNote("cn_1", "in_1", "cus_1", "usd", 100, "issued", "a", Instant.FromUtc(2026, 10, 15, 0, 0)),
            Assert.Single(await All(Book(script).CreditNotes(Ct))));
    }

    [Fact]
    public async Task A_released_schedule_still_names_its_subscription()
    {
        Script script = new Script().Then("""{"id":"sub_sched_1","status":"released","released_subscription":"sub_1","metadata":{"sf_opportunity_id":"006000000000001AAA"}}""");

        Assert.Equal(
            new SubscriptionFacts("sub_sched_1", "sub_1", "006000000000001AAA", "released"),
            await new StripeSubscriptions(Adapter.Api(script)).FindSchedule("sub_sched_1", Ct));
    }

    [Fact]
    public async Task A_subscription_that_is_gone_is_null() =>
        Assert.Null(await new StripeSubscriptions(Adapter.Api(new Script().Then(HttpStatusCode.NotFound, Missing))).FindSubscription("sub_9", Ct));

    [Fact]
    public async Task An_account_nobody_knows_has_an_empty_snapshot()
    {
        var script = new Script();

        Assert.Equal(BillingSnapshot.Empty, await Billing(script).Read(Plans.Opportunity, Plans.Account, null, Ct));
        Assert.Empty(script.Calls);
    }

    [Fact]
    public async Task A_snapshot_shows_running_billing_and_the_contract_of_the_opportunity()
    {
        Script script = new Script()
            .Then("""{"id":"cus_1","object":"customer","currency":"usd"}""")
            .Then(
                """
                {"object":"list","has_more":false,"data":[
                 {"id":"sub_sched_2","status":"not_started","end_behavior":"release","metadata":{"sf_opportunity_id":"other"},"phases":[{"currency":"eur","start_date":1823558400,"end_date":1855180800}]},
                 {"id":"sub_sched_1","status":"active","end_behavior":"cancel","subscription":"sub_1","metadata":{"sf_opportunity_id":"006000000000001AAA","hub_contract_version":"v1"},"phases":[{"currency":"usd","start_date":1792022400,"end_date":1823558400}]}]}
                """)
            .Then(
                """
                {"object":"list","has_more":false,"data":[
                 {"id":"sub_1","status":"active","currency":"usd","schedule":"sub_sched_1","metadata":{"sf_opportunity_id":"006000000000001AAA"}},
                 {"id":"sub_0","status":"canceled","currency":"usd","ended_at":1792022400,"metadata":{}}]}
                """);

        BillingSnapshot snapshot = await Billing(script).Read(Plans.Opportunity, Plans.Account, "cus_1", Ct);

        Assert.Equal(new BilledCustomer("cus_1", "usd"), snapshot.Customer);
        Assert.Equal(
            [new RunningBilling("sub_1", "usd", new LocalDate(2027, 10, 15), "006000000000001AAA"), new RunningBilling("sub_sched_2", "eur", null, "other")],
            snapshot.Running.AsEnumerable());
        Assert.Equal(new BilledContract("sub_sched_1", "sub_1", null, "active", "v1", null), snapshot.Contract! with { Schedule = null });
    }

    [Fact]
    public async Task The_schedule_of_a_contract_is_read_with_what_it_holds()
    {
        Script script = new Script()
            .Then("""{"id":"cus_1","object":"customer","currency":"usd"}""")
            .Then(
                """
                {"object":"list","has_more":false,"data":[{"id":"sub_sched_1","status":"not_started","end_behavior":"cancel","metadata":{"sf_opportunity_id":"006000000000001AAA","hub_contract_version":"v1"},
                 "default_settings":{"collection_method":"send_invoice","invoice_settings":{"days_until_due":30}},
                 "phases":[{"currency":"usd","start_date":1792022400,"end_date":1823558400,"trial_end":1794700800,"invoice_settings":{"days_until_due":14},"discounts":[{"coupon":"welcome"}],
                  "add_invoice_items":[{"quantity":2,"price":"price_3","discounts":[{"coupon":"hub-10-percent-off"}]}],
                  "items":[
                  {"quantity":41,"price":{"id":"price_1","object":"price","product":"prod_seat","currency":"usd","billing_scheme":"per_unit","unit_amount_decimal":"30000","recurring":{"interval":"year","interval_count":1}},
                   "discounts":[{"coupon":"hub-12_5-percent-off"}]},
                  {"price":{"id":"price_2","object":"price","product":"prod_call","currency":"usd","billing_scheme":"tiered","recurring":{"interval":"month","interval_count":3}},
                   "discounts":[{"coupon":"welcome"}]}]}]}]}
                """)
            .Then("""{"object":"list","has_more":false,"data":[]}""")
            .Then(
                """
                {"id":"price_2","object":"price","product":"prod_call","currency":"usd","billing_scheme":"tiered","recurring":{"interval":"month","interval_count":3},
                 "tiers":[{"up_to":10,"unit_amount_decimal":"5"},{"up_to":null,"unit_amount_decimal":"3.5"}]}
                """)
            .Then("""{"id":"welcome","object":"coupon","amount_off":100,"currency":"usd","duration":"forever"}""")
            .Then("""{"id":"price_3","object":"price","product":"prod_setup","currency":"usd","billing_scheme":"per_unit","unit_amount_decimal":"12500"}""");

        HeldSchedule held = (await Billing(script).Read(Plans.Opportunity, Plans.Account, "cus_1", Ct)).Contract!.Schedule!;

        Assert.Equal("GET /v1/subscription_schedules?customer=cus_1&limit=100&expand[0]=data.phases.items.price", script.Calls[1].Request);
        Assert.Equal("cancel", held.EndBehavior);
        HeldPhase phase = Assert.Single(held.Phases);
        Assert.Equal((Plans.Start, Plans.Start.PlusYears(1)), (phase.Start, phase.End));
        Assert.Equal(("send_invoice", 14L, new LocalDate(2026, 11, 15), true), (phase.CollectionMethod, phase.NetDays, phase.PaidFrom, phase.Discounted));
        Assert.Equal([new HeldOneTime("prod_setup", 25000m, 10m)], phase.OneTime!.Value.AsEnumerable());
        Assert.Equal((41m, 12.5m), (phase.Items[0].Quantity, phase.Items[0].PercentOff));
        Assert.Equal(("prod_seat", "usd", Plans.Yearly, 30000m), (phase.Items[0].Price!.ProductId, phase.Items[0].Price!.Currency, phase.Items[0].Price!.Interval, phase.Items[0].Price!.UnitAmount));
        Assert.Equal((null, null, 100L), (phase.Items[1].Quantity, phase.Items[1].PercentOff, phase.Items[1].AmountOff));
        Assert.Equal([new HeldTier(10, 5m), new HeldTier(null, 3.5m)], phase.Items[1].Price!.Tiers.AsEnumerable());
    }

    // Only the percentage and then the amount, both for as long as the item, is what the Hub would have sent.
    [Theory]
    [InlineData("hub-10-percent-off hub-80000-usd-off", "10", 80000L)]
    [InlineData("hub-80000-usd-off", null, 80000L)]
    [InlineData("hub-80000-usd-off hub-10-percent-off", "0", null)]
    [InlineData("hub-80000-usd-off hub-100-usd-off", "0", null)]
    [InlineData("hub-80000-eur-off", "0", null)]
    [InlineData("welcome", "0", null)]
    public async Task The_order_of_an_items_discounts_matters(string coupons, string? percent, long? amount)
    {
        string discounts = string.Join(',', coupons.Split(' ').Select(coupon => $$"""{"coupon":"{{coupon}}"}"""));
        Script script = new Script()
            .Then("""{"id":"cus_1","object":"customer","currency":"usd"}""")
            .Then(
                $$$"""
                {"object":"list","has_more":false,"data":[{"id":"sub_sched_1","status":"active","end_behavior":"cancel","metadata":{"sf_opportunity_id":"006000000000001AAA","hub_contract_version":"v1"},
                 "phases":[{"currency":"usd","start_date":1792022400,"end_date":1823558400,"items":[
                  {"quantity":40,"price":{"id":"price_1","object":"price","product":"prod_seat","currency":"usd","billing_scheme":"per_unit","unit_amount_decimal":"30000","recurring":{"interval":"year","interval_count":1}},
                   "discounts":[{{{discounts}}}]}]}]}]}
                """)
            .Then("""{"object":"list","has_more":false,"data":[]}""")
            .Then("""{"id":"welcome","object":"coupon","amount_off":80000,"currency":"usd","duration":"repeating","duration_in_months":3}""");

        HeldItem item = (await Billing(script).Read(Plans.Opportunity, Plans.Account, "cus_1", Ct)).Contract!.Schedule!.Phases[0].Items[0];

        Assert.Equal((percent, amount), (item.PercentOff?.ToString("0", null), item.AmountOff));
    }

    [Fact]
    public async Task Billed_items_and_phases_tell_the_amounts_off_them()
    {
        const string price = """{"id":"price_1","object":"price","product":"prod_seat","unit_amount_decimal":"30000","recurring":{"interval":"year","interval_count":1}}""";
        Script script = new Script()
            .Then(
                $$$"""
                {"object":"list","has_more":false,"data":[{"id":"sub_sched_1","end_behavior":"cancel","subscription":"sub_1","phases":[{"start_date":1792022400,"end_date":1823558400,
                 "items":[{"quantity":40,"price":{{{price}}},"discounts":[{"coupon":"hub-10-percent-off"},{"coupon":"hub-80000-usd-off"}]}]}]}]}
                """)
            .Then(Coupon)
            .Then("""{"id":"hub-80000-usd-off","object":"coupon","amount_off":80000,"currency":"usd","duration":"forever"}""")
            .Then(
                $$$"""
                {"object":"list","has_more":false,"data":[{"id":"sub_1","status":"active","currency":"usd","start_date":1792022400,"customer":{"id":"cus_1","object":"customer"},
                 "collection_method":"send_invoice","schedule":"sub_sched_1",
                 "items":{"has_more":false,"data":[{"id":"si_1","quantity":40,"price":{{{price}}},"discounts":[{"id":"di_1","source":{"coupon":"hub-80000-usd-off"}}]}]}}]}
                """);

        BilledSubscription subscription = Assert.Single(await All(Book(script).Subscriptions(Ct)));

        Assert.Equal(80_000, Assert.Single(subscription.Items).AmountOff);
        BilledItem phased = Assert.Single(Assert.Single(subscription.Phases).Items);
        Assert.Equal(80_000, phased.AmountOff);
        Assert.Equal([10m], phased.PercentOff.AsEnumerable());
    }

    // 15.00 off, then 10 % of what is left: the amount is worth 13.50 behind the percentage.
    [Fact]
    public async Task An_amount_off_counts_as_what_the_percentages_behind_it_leave_of_it()
    {
        Script script = new Script()
            .Then(OpenInvoice.Replace("\"discounts\":[", "\"discounts\":[{\"id\":\"di_2\",\"object\":\"discount\",\"source\":{\"type\":\"coupon\",\"coupon\":\"hub-1500-usd-off\"}},", StringComparison.Ordinal))
            .Then("""{"object":"list","has_more":false,"data":[]}""")
            .Then("""{"id":"hub-1500-usd-off","object":"coupon","amount_off":1500,"currency":"usd","duration":"forever"}""")
            .Then(Coupon);

        InvoiceLine line = Assert.Single((await Invoices(script).Find("in_1", Ct))!.Lines);

        Assert.Equal([10m], line.PercentOff.AsEnumerable());
        Assert.Equal(1350, line.AmountOff);
    }

    // A schedule with phases of its own is somebody else's; a bare one is what an interrupted attempt left.
    [Theory]
    [InlineData("null", "", "2027-09-15")]
    [InlineData("\"sub_sched_2\"", "", "2027-08-15")]
    [InlineData("\"sub_sched_2\"", ",{\"start_date\":1820966400,\"end_date\":1823558400,\"items\":[]}", null)]
    [InlineData("\"sub_sched_9\"", "", null)]
    public async Task A_contract_whose_schedule_ran_out_of_phases_tells_what_goes_on(string attached, string morePhases, string? start)
    {
        // 2027-08-15 = 1818288000, 2027-09-15 = 1820966400.
        Script script = new Script()
            .Then("""{"id":"cus_1","object":"customer","currency":"usd"}""")
            .Then(
                $$$"""
                {"object":"list","has_more":false,"data":[
                 {"id":"sub_sched_2","status":"active","subscription":"sub_1","metadata":{},"phases":[{"start_date":1818288000,"end_date":1820966400,"items":[]}{{{morePhases}}}]},
                 {"id":"sub_sched_1","status":"released","end_behavior":"release","released_at":1818288000,"released_subscription":"sub_1","phases":[],
                  "metadata":{"sf_opportunity_id":"006000000000001AAA","hub_contract_version":"v1","hub_phases_until":"2027-08-15","hub_phases_from":"2027-01-20"}}]}
                """)
            .Then(
                $$$"""
                {"object":"list","has_more":false,"data":[{"id":"sub_1","status":"active","currency":"usd","schedule":{{{attached}}},
                 "items":{"data":[{"id":"si_1","current_period_start":1820966400}]},"metadata":{"sf_opportunity_id":"006000000000001AAA"}}]}
                """);

        BilledContract contract = (await Billing(script).Read(Plans.Opportunity, Plans.Account, "cus_1", Ct)).Contract!;

        Assert.Equal((new LocalDate(2027, 8, 15), new LocalDate(2027, 1, 20)), (contract.Schedule!.PhasesUntil, contract.Schedule.PhasesFrom));
        Assert.Equal(
            start is null ? null : new ReleasedSubscription("sub_1", new LocalDate(2027, 8, 15), NodaTime.Text.LocalDatePattern.Iso.Parse(start).Value), contract.Released);
    }

    [Fact]
    public async Task Of_two_schedules_of_a_contract_the_one_that_runs_counts()
    {
        Script script = new Script()
            .Then("""{"id":"cus_1","object":"customer","currency":"usd"}""")
            .Then(
                """
                {"object":"list","has_more":false,"data":[
                 {"id":"sub_sched_1","status":"released","released_at":1818288000,"released_subscription":"sub_1","metadata":{"sf_opportunity_id":"006000000000001AAA"},"phases":[]},
                 {"id":"sub_sched_2","status":"active","subscription":"sub_1","metadata":{"sf_opportunity_id":"006000000000001AAA"},"phases":[]}]}
                """)
            .Then("""{"object":"list","has_more":false,"data":[]}""");

        Assert.Equal("sub_sched_2", (await Billing(script).Read(Plans.Opportunity, Plans.Account, "cus_1", Ct)).Contract!.ScheduleId);
    }

    [Fact]
    public async Task A_canceled_contract_tells_when_it_ended()
    {
        Script script = new Script()
            .Then("""{"id":"cus_1","object":"customer"}""")
            .Then("""{"object":"list","has_more":false,"data":[{"id":"sub_sched_1","status":"canceled","canceled_at":1793750400,"metadata":{"sf_opportunity_id":"006000000000001AAA"},"phases":[]}]}""")
            .Then("""{"object":"list","has_more":false,"data":[]}""");

        BillingSnapshot snapshot = await Billing(script).Read(Plans.Opportunity, Plans.Account, "cus_1", Ct);

        Assert.Equal(new LocalDate(2026, 11, 4), snapshot.Contract!.EndedOn);
    }

    [Fact]
    public async Task A_standalone_invoice_is_the_contract_of_a_one_time_deal()
    {
        Script script = new Script()
            .Then("""{"id":"cus_1","object":"customer"}""")
            .Then("""{"object":"list","has_more":false,"data":[]}""")
            .Then("""{"object":"list","has_more":false,"data":[]}""")
            .Then("""{"object":"list","has_more":false,"data":[{"id":"in_1","status":"open","metadata":{"sf_opportunity_id":"006000000000001AAA","hub_contract_version":"v1"}}]}""");

        BillingSnapshot snapshot = await Billing(script).Read(Plans.Opportunity, Plans.Account, "cus_1", Ct);

        Assert.Equal(new BilledContract(null, null, "in_1", "open", "v1", null), snapshot.Contract);
    }

    [Fact]
    public async Task A_deleted_stored_customer_gives_way_to_the_Hubs_own_record()
    {
        var effects = new FakeEffects(new Fuse());
        await effects.Claim("customers.create:001000000000001AAA", "{}", Instant.MinValue, Ct);
        await effects.Complete("customers.create:001000000000001AAA", "cus_2", Instant.MinValue, Ct);
        Script script = new Script()
            .Then("""{"id":"cus_1","object":"customer","deleted":true}""")
            .Then("""{"id":"cus_2","object":"customer"}""");
        for (int list = 0; list < 3; list++)
        {
            script.Then("""{"object":"list","has_more":false,"data":[]}""");
        }

        BillingSnapshot snapshot = await Adapter.Billing(script, effects).Read(Plans.Opportunity, Plans.Account, "cus_1", Ct);

        Assert.Equal("cus_2", snapshot.Customer!.Id);
    }

    [Theory]
    [InlineData(null, """{"id":"cus_2","object":"customer","deleted":true}""")]
    [InlineData("cus_2", """{"id":"cus_2","object":"customer","deleted":true}""")]
    public async Task A_customer_that_was_deleted_in_Stripe_is_missing_and_not_unknown(string? stored, string answer)
    {
        var effects = new FakeEffects(new Fuse());
        await effects.Claim("customers.create:001000000000001AAA", "{}", Instant.MinValue, Ct);
        await effects.Complete("customers.create:001000000000001AAA", "cus_2", Instant.MinValue, Ct);
        Script script = new Script().Then(answer).Then(answer);

        BillingSnapshot snapshot = await Adapter.Billing(script, effects).Read(Plans.Opportunity, Plans.Account, stored, Ct);

        Assert.Equal((null, "cus_2"), (snapshot.Customer, snapshot.MissingCustomer));
    }

    [Fact]
    public async Task A_stored_customer_that_Stripe_never_had_is_missing()
    {
        BillingSnapshot snapshot = await Billing(new Script().Then(HttpStatusCode.NotFound, Missing)).Read(Plans.Opportunity, Plans.Account, "cus_9", Ct);

        Assert.Equal((null, "cus_9"), (snapshot.Customer, snapshot.MissingCustomer));
    }

    [Fact]
    public async Task A_customer_of_an_interrupted_claim_is_found_by_its_address()
    {
        var effects = new FakeEffects(new Fuse());
        await effects.Claim(
            "customers.create:001000000000001AAA", """{"email":"a@b.example","metadata":{"sf_account_id":"001000000000001AAA"}}""", Instant.FromUtc(2026, 10, 1, 0, 0), Ct);
        Script script = new Script()
            .Then("""{"object":"list","has_more":false,"data":[{"id":"cus_8","metadata":{}},{"id":"cus_3","metadata":{"sf_account_id":"001000000000001AAA"}}]}""")
            .Then("""{"id":"cus_3","object":"customer"}""");
        for (int list = 0; list < 3; list++)
        {
            script.Then("""{"object":"list","has_more":false,"data":[]}""");
        }

        BillingSnapshot snapshot = await Adapter.Billing(script, effects).Read(Plans.Opportunity, Plans.Account, null, Ct);

        Assert.Equal("cus_3", snapshot.Customer!.Id);
        Assert.Equal("GET /v1/customers?email=a@b.example&limit=100", script.Calls[0].Request);
    }

    private static StripeBilling Billing(Script script) => Adapter.Billing(script, new FakeEffects(new Fuse()));

    private static StripeInvoices Invoices(Script script)
    {
        StripeApi api = Adapter.Api(script);
        return new StripeInvoices(api, new InvoiceReader(api, new CouponValues(api)));
    }

    private static StripeBilledBook Book(Script script)
    {
        StripeApi api = Adapter.Api(script);
        var coupons = new CouponValues(api);
        return new StripeBilledBook(api, new InvoiceReader(api, coupons), coupons);
    }

    private static async Task<List<T>> All<T>(IAsyncEnumerable<T> source)
    {
        List<T> items = [];
        await foreach (T item in source)
        {
            items.Add(item);
        }

        return items;
    }
}
