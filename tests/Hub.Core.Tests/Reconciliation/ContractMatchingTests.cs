using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.Money;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

/// <summary>Every expectation is worked out from the standard contract of <see cref="TestBooks"/>.</summary>
public class ContractMatchingTests
{
    private const string Opportunity = TestBooks.Opportunity;

    [Fact]
    public void Two_books_that_agree_give_no_row_and_equal_totals()
    {
        ContractVerdict verdict = Match(TestBooks.Standard());

        Assert.Empty(verdict.Rows);
        Assert.True(verdict.Compared && verdict.FootOk);
        Assert.Equal((150_000L, 150_000L, "usd"), (verdict.Expected, verdict.Billed, verdict.Currency));
    }

    // 1 -------------------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_won_contract_that_nothing_bills_is_missing()
    {
        // Three due periods of 500.00; nine more to come.
        ContractVerdict verdict = Match(TestBooks.Standard() with { Subscriptions = [], Invoices = [] });

        Assert.Equal(("MISSING_IN_BILLING", Opportunity, -150_000L, -450_000L), TestBooks.Only(verdict));
        Assert.Equal((150_000L, 0L), (verdict.Expected, verdict.Billed));
        Assert.Equal(Severity.High, verdict.Rows[0].Severity);
    }

    [Theory]
    [InlineData("2027-03-14", 0)] // 14 + 1 is not before the 15th
    [InlineData("2027-03-13", 1)]
    public void Inside_the_sla_a_new_contract_may_still_be_without_billing(string closed, int rows) => Assert.Equal(
        rows, Match(TestBooks.Standard() with { Sold = TestBooks.Sold(deal => deal["CloseDate"] = closed), Subscriptions = [], Invoices = [] }).Rows.Length);

    [Fact]
    public void A_contract_worth_nothing_needs_no_billing() => Assert.Empty(
        Match(TestBooks.Standard() with { Sold = TestBooks.Sold(null, TestBooks.Line(price: 0)), Subscriptions = [], Invoices = [] }).Rows);

    [Fact]
    public void A_missing_contract_that_cannot_be_read_says_why()
    {
        ContractVerdict verdict = Match(TestBooks.Standard() with { Sold = TestBooks.Sold(deal => deal["Hub_Term_Months__c"] = null), Subscriptions = [], Invoices = [] });

        Assert.Equal(("MISSING_IN_BILLING", Opportunity, 0L, 0L), TestBooks.Only(verdict));
        Assert.Equal(Severity.Medium, verdict.Rows[0].Severity);
        Assert.EndsWith("cannot be told: the contract has no term.", verdict.Rows[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_test_object_does_not_count()
    {
        ContractBooks books = TestBooks.Standard();

        Assert.Equal("MISSING_IN_BILLING", TestBooks.Only(Match(books with
        {
            Subscriptions = [books.Subscriptions[0] with { Livemode = false }],
            Invoices = [.. books.Invoices.Select(invoice => invoice with { Livemode = false })],
        })).Kind);
    }

    [Fact]
    public void A_run_over_test_objects_ignores_the_live_ones()
    {
        ContractVerdict verdict = ContractMatching.Match(TestBooks.Standard(), TestBooks.Terms(options: new ReconciliationOptions { Livemode = false }));

        Assert.Equal("MISSING_IN_BILLING", TestBooks.Only(verdict).Kind);
    }

    [Fact]
    public void A_schedule_that_has_not_started_links_the_contract()
    {
        ContractBooks books = Future() with { Subscriptions = [Pending("not_started")] };

        Assert.Empty(Match(books).Rows);
    }

    // 2 -------------------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_live_subscription_without_opportunity_is_an_orphan()
    {
        // Three invoices of 500.00 less a credit of 20.00; one period of 500.00 at risk. No contract, so no total.
        ContractVerdict verdict = Match(TestBooks.Standard() with { Sold = null, CreditNotes = [TestBooks.CreditNote("in_2027-01-01", 2_000)] });

        Assert.Equal(("ORPHAN_SUBSCRIPTION", "sub_1", 148_000L, 50_000L), TestBooks.Only(verdict));
        Assert.Null(verdict.Rows[0].Contract);
        Assert.Equal(Severity.High, verdict.Rows[0].Severity);
        Assert.False(verdict.Compared);
    }

    [Fact]
    public void An_orphan_that_bills_nothing_is_low()
    {
        ContractBooks books = TestBooks.Standard() with { Sold = null, Invoices = [], Subscriptions = [TestBooks.Subscription(items: TestBooks.Item(unit: 0))] };

        Assert.Equal(Severity.Low, Assert.Single(Match(books).Rows).Severity);
    }

    [Fact]
    public void A_canceled_subscription_without_opportunity_is_history() =>
        Assert.Empty(Match(TestBooks.Standard() with { Sold = null, Subscriptions = [TestBooks.Subscription() with { Status = "canceled" }] }).Rows);

    // 6 -------------------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_second_live_subscription_is_a_duplicate_and_nothing_else_is_said_of_it()
    {
        // The extra one bills 7 seats at 50.00: 350.00 invoiced once, 350.00 at risk. It starts later, so the first one stays.
        ContractBooks books = TestBooks.Standard();
        ContractVerdict verdict = Match(books with
        {
            Subscriptions = [.. books.Subscriptions, TestBooks.Subscription("sub_2", items: TestBooks.Item(quantity: 7)) with { StartDate = TestBooks.At(2027, 2, 1) }],
            Invoices = [.. books.Invoices, TestBooks.Invoice(2, TestBooks.LineOn(new LocalDate(2027, 2, 1), quantity: 7)) with { Id = "in_x", SubscriptionId = "sub_2" }],
        });

        Assert.Equal(("DUPLICATE_SUBSCRIPTION", "sub_2", 35_000L, 35_000L), TestBooks.Only(verdict));
        Assert.Equal((150_000L, 185_000L), (verdict.Expected, verdict.Billed));
    }

    [Fact]
    public void Of_two_live_subscriptions_the_one_salesforce_points_to_stays()
    {
        ContractBooks books = TestBooks.Standard() with { Sold = TestBooks.Sold(deal => deal["Hub_Stripe_Subscription_Id__c"] = "sub_1") };
        BilledSubscription earlier = TestBooks.Subscription("sub_0") with { StartDate = TestBooks.At(2026, 12, 1) };

        Assert.Equal(("DUPLICATE_SUBSCRIPTION", "sub_0", 0L, 50_000L), TestBooks.Only(Match(books with { Subscriptions = [earlier, .. books.Subscriptions] })));
    }

    // 7 -------------------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_reopened_opportunity_whose_subscription_goes_on_is_reversed()
    {
        // Lost on February 10th: January and February stand, March (500.00) was billed after it, one more period is at risk.
        SoldContract lost = TestBooks.Sold(deal => (deal["IsWon"], deal["LastStageChangeDate"]) = (false, "2027-02-10T12:00:00.000+0000"));
        ContractVerdict verdict = Match(TestBooks.Standard() with { Sold = lost });

        Assert.Equal(("WON_REVERSED", "sub_1", 50_000L, 50_000L), TestBooks.Only(verdict));
        Assert.Equal((100_000L, 150_000L), (verdict.Expected, verdict.Billed));
        Assert.Equal(Severity.High, verdict.Rows[0].Severity);
    }

    [Fact]
    public void A_deleted_opportunity_is_reversed_on_the_day_it_was_deleted()
    {
        // Deleted on January 20th; its stage never changed after December. February and March were billed since.
        SoldContract deleted = TestBooks.Sold(deal => (deal["IsDeleted"], deal["SystemModstamp"]) = (true, "2027-01-20T12:00:00.000+0000"));

        Assert.Equal(("WON_REVERSED", "sub_1", 100_000L, 50_000L), TestBooks.Only(Match(TestBooks.Standard() with { Sold = deleted })));
    }

    [Fact]
    public void A_lost_opportunity_whose_subscription_has_ended_needs_nothing() => Assert.Empty(Match(TestBooks.Standard() with
    {
        Sold = TestBooks.Sold(deal => deal["IsWon"] = false),
        Subscriptions = [TestBooks.Subscription() with { Status = "canceled" }],
    }).Rows);

    // 8 -------------------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_subscription_canceled_within_the_term_leaves_due_and_remaining_periods_unbilled()
    {
        // Canceled in February: January and February are invoiced, March is due without invoice, nine periods remain.
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions = [TestBooks.Subscription() with { Status = "canceled", EndedAt = TestBooks.At(2027, 2, 20), CancelAt = null }],
            Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2)],
        };

        ContractVerdict verdict = Match(books);

        Assert.Equal(("CANCELLED_WON", Opportunity, -50_000L, -450_000L), TestBooks.Only(verdict));
        Assert.Contains("canceled since 2027-02-20", verdict.Rows[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subscription_that_ended_with_its_term_is_no_cancellation()
    {
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions = [TestBooks.Subscription() with { Status = "canceled" }],
            Invoices = [.. Enumerable.Range(1, 12).Select(month => TestBooks.Invoice(month))],
        };

        Assert.Empty(Match(books, new LocalDate(2028, 1, 1)).Rows);
    }

    [Fact]
    public void A_schedule_canceled_before_it_started_is_a_cancellation()
    {
        // Starts 2027-06-01; nothing is due, all twelve periods are lost.
        Assert.Equal(("CANCELLED_WON", Opportunity, 0L, -600_000L), TestBooks.Only(Match(Future() with { Subscriptions = [Pending("canceled")] })));
    }

    // 16 ------------------------------------------------------------------------------------------------------------------------------------
    [Theory]
    [InlineData(2028, 3, 1, 100_000)] // two periods too long
    [InlineData(2027, 10, 1, -150_000)] // three too short
    [InlineData(2028, 2, 15, 50_000)] // one whole period and a half
    public void A_subscription_that_ends_on_another_day_is_off_by_whole_periods(int year, int month, int day, long atRisk)
    {
        ContractBooks books = TestBooks.Standard() with { Subscriptions = [TestBooks.Subscription() with { CancelAt = TestBooks.At(year, month, day) }] };

        Assert.Equal(("TERM_MISMATCH", Opportunity, 0L, atRisk), TestBooks.Only(Match(books)));
    }

    [Fact]
    public void A_subscription_without_end_puts_one_period_at_risk() => Assert.Equal(
        ("TERM_MISMATCH", Opportunity, 0L, 50_000L),
        TestBooks.Only(Match(TestBooks.Standard() with { Subscriptions = [TestBooks.Subscription() with { CancelAt = null }] })));

    [Fact]
    public void One_day_of_difference_is_within_the_tolerance() =>
        Assert.Empty(Match(TestBooks.Standard() with { Subscriptions = [TestBooks.Subscription() with { CancelAt = TestBooks.At(2028, 1, 2) }] }).Rows);

    [Fact]
    public void The_end_of_a_schedule_that_cancels_is_an_end() => Assert.Empty(Match(TestBooks.Standard() with
    {
        Subscriptions = [TestBooks.Subscription() with { CancelAt = null, ScheduleId = "sub_sched_1", ScheduleEnd = TestBooks.At(2028, 1, 1) }],
    }).Rows);

    [Fact]
    public void An_auto_renewing_contract_needs_no_end() => Assert.Empty(Match(TestBooks.Standard() with
    {
        Sold = TestBooks.Sold(deal => deal["Hub_Auto_Renew__c"] = true),
        Subscriptions = [TestBooks.Subscription() with { CancelAt = null }],
    }).Rows);

    // 17 ------------------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_quantity_edited_in_stripe_counts_on_what_was_billed_and_what_remains()
    {
        // 8 instead of 10 seats since February: −2 × 50.00 in two periods, and in nine more.
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions = [TestBooks.Subscription(items: TestBooks.Item(quantity: 8))],
            Invoices = [TestBooks.Invoice(1), Month(2, 8, 5_000), Month(3, 8, 5_000)],
        };

        ContractVerdict verdict = Match(books);

        Assert.Equal(("QUANTITY_MISMATCH", $"{Opportunity}/SEAT", -20_000L, -90_000L), TestBooks.Only(verdict));
        Assert.Equal(
            "8 of SEAT are billed; sold were 10, at USD 50.00 per unit. It shows in 2 periods, from 2027-02-01 to 2027-03-01.", verdict.Rows[0].Why);
        Assert.Equal((150_000L, 130_000L), (verdict.Expected, verdict.Billed));
    }

    [Fact]
    public void Two_lines_of_one_product_and_price_may_be_one_item()
    {
        SoldContract two = TestBooks.Sold(null, TestBooks.Line(quantity: 4), TestBooks.Line(quantity: 6));

        Assert.Empty(Match(TestBooks.Standard() with { Sold = two }).Rows);
    }

    // 18 ------------------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_wrong_price_counts_at_the_billed_quantity()
    {
        // 10 × (52.00 − 50.00) = 20.00 in one invoiced period; the subscription itself is right again.
        ContractBooks books = TestBooks.Standard() with { Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), Month(3, 10, 5_200)] };

        ContractVerdict verdict = Match(books);

        Assert.Equal(("PRICE_MISMATCH", $"{Opportunity}/SEAT", 2_000L, 0L), TestBooks.Only(verdict));
        Assert.StartsWith("SEAT is billed at USD 52.00 per unit; sold were USD 50.00.", verdict.Rows[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantity_price_and_discount_telescope()
    {
        // Sold 10 × 50.00 at 0 %: 500.00. Billed 8 × 60.00 at 25 %: 360.00.
        // Quantity 8 × 50 − 10 × 50 = −100; price 8 × 60 − 8 × 50 = +80; discount 360 − 480 = −120; together −140.
        ContractBooks books = TestBooks.Standard() with
        {
            Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), TestBooks.Invoice(3, TestBooks.LineOn(new LocalDate(2027, 3, 1), "SEAT", 8, 6_000, 25))],
        };

        ContractVerdict verdict = Match(books);

        Assert.True(verdict.FootOk);
        Assert.Equal(
            [("DISCOUNT_MISMATCH", -12_000L), ("PRICE_MISMATCH", 8_000L), ("QUANTITY_MISMATCH", -10_000L)],
            verdict.Rows.Select(row => (row.Kind, row.Realised)).Order());
    }

    // 20, 33, 34 ----------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_product_that_was_sold_and_not_billed_is_a_missing_line()
    {
        // DATA at 20.00 a month is on neither the three invoices nor the subscription.
        SoldContract two = TestBooks.Sold(null, TestBooks.Line(), TestBooks.Line("DATA", 1, 20));

        Assert.Equal(("LINE_MISSING", $"{Opportunity}/DATA", -6_000L, -18_000L), TestBooks.Only(Match(TestBooks.Standard() with { Sold = two })));
    }

    [Fact]
    public void A_product_that_was_billed_and_not_sold_is_an_extra_line_under_stripes_name()
    {
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions = [TestBooks.Subscription(items: [TestBooks.Item(), TestBooks.Item("GIFT", 1, 700)])],
            Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), TestBooks.Invoice(3, TestBooks.LineOn(new LocalDate(2027, 3, 1)), TestBooks.LineOn(new LocalDate(2027, 3, 1), "GIFT", 1, 700))],
        };

        Assert.Equal(("LINE_EXTRA", $"{Opportunity}/prod_GIFT", 700L, 6_300L), TestBooks.Only(Match(books)));
    }

    [Theory]
    [InlineData(1, "ROUNDING", Severity.Info)]
    [InlineData(2, "AMOUNT_UNEXPLAINED", Severity.Medium)]
    public void A_rest_of_one_minor_unit_per_line_is_rounding(long rest, string kind, Severity severity)
    {
        InvoiceLine line = TestBooks.LineOn(new LocalDate(2027, 3, 1));
        ContractBooks books = TestBooks.Standard() with
        {
            Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), TestBooks.Invoice(3, line with { Amount = line.Amount + rest })],
        };

        ContractVerdict verdict = Match(books);

        Assert.Equal((kind, $"{Opportunity}/SEAT", rest, 0L), TestBooks.Only(verdict));
        Assert.Equal(severity, verdict.Rows[0].Severity);
    }

    // 27, 28, 29 ----------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_due_period_without_invoice_is_unbilled()
    {
        ContractBooks books = TestBooks.Standard() with { Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(3)] };

        Assert.Equal(("UNBILLED_PERIOD", $"{Opportunity}/2027-02-01", -50_000L, 0L), TestBooks.Only(Match(books)));
    }

    [Theory]
    [InlineData(2, 0)] // March 1st and 2 days of grace: due on the 3rd
    [InlineData(3, 1)]
    public void A_period_is_due_when_the_billing_grace_has_passed(int day, int rows) => Assert.Equal(
        rows, Match(TestBooks.Standard() with { Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2)] }, new LocalDate(2027, 3, day)).Rows.Length);

    [Theory]
    [InlineData(4, 0)] // drafted on the 1st, 3 days of grace: over on the 5th
    [InlineData(5, 1)]
    public void A_draft_may_wait_for_its_grace(int day, int rows)
    {
        ContractBooks books = TestBooks.Standard() with { Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), TestBooks.Invoice(3) with { Status = InvoiceStatus.Draft }] };

        ContractVerdict verdict = Match(books, new LocalDate(2027, 3, day));

        Assert.Equal(rows, verdict.Rows.Length);
        Assert.All(verdict.Rows, row => Assert.Equal(("DRAFT_STUCK", "in_2027-03-01", -50_000L), (row.Kind, row.Key, row.Realised)));
        Assert.True(verdict.FootOk);
    }

    [Fact]
    public void A_voided_invoice_that_nothing_replaces_is_not_rebilled()
    {
        ContractBooks books = TestBooks.Standard() with { Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2) with { Status = InvoiceStatus.Void }, TestBooks.Invoice(3)] };

        Assert.Equal(("VOID_NOT_REBILLED", "in_2027-02-01", -50_000L, 0L), TestBooks.Only(Match(books)));
    }

    [Fact]
    public void A_catch_up_invoice_bills_each_period_by_its_line()
    {
        LocalDate[] months = [new(2027, 1, 1), new(2027, 2, 1), new(2027, 3, 1)];
        Invoice catchUp = TestBooks.InvoiceOn(new LocalDate(2027, 3, 5), [.. months.Select(month => TestBooks.LineOn(month))]);

        Assert.Empty(Match(TestBooks.Standard() with { Invoices = [catchUp] }).Rows);
    }

    // 30, 31, 23, 35 ------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void The_later_of_two_invoices_for_a_period_is_the_duplicate()
    {
        // The second March invoice of 500.00 was credited by 100.00.
        ContractBooks books = TestBooks.Standard();
        Invoice second = TestBooks.Invoice(3) with { Id = "in_again", Created = TestBooks.At(2027, 3, 9) };

        ContractVerdict verdict = Match(books with { Invoices = [second, .. books.Invoices], CreditNotes = [TestBooks.CreditNote("in_again", 10_000)] });

        Assert.Equal(("DUPLICATE_INVOICE", "in_again", 40_000L, 0L), TestBooks.Only(verdict));
    }

    [Fact]
    public void A_period_after_the_end_is_billed_after_end_and_the_missing_end_is_not_said_again()
    {
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions = [TestBooks.Subscription() with { CancelAt = null }],
            Invoices = [.. Enumerable.Range(1, 12).Select(month => TestBooks.Invoice(month)), TestBooks.InvoiceOn(new LocalDate(2028, 1, 1))],
        };

        Assert.Equal(("BILLED_AFTER_END", "in_2028-01-01", 50_000L, 50_000L), TestBooks.Only(Match(books, new LocalDate(2028, 1, 10))));
    }

    [Fact]
    public void Proration_lines_without_amendment_are_left_over()
    {
        InvoiceLine proration = TestBooks.LineOn(new LocalDate(2027, 2, 15), quantity: 1, unit: 1_250) with { Proration = true };
        ContractBooks books = TestBooks.Standard() with { Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), TestBooks.Invoice(3, TestBooks.LineOn(new LocalDate(2027, 3, 1)), proration)] };

        Assert.Equal(("PRORATION_LEFTOVER", "in_2027-03-01", 1_250L, 0L), TestBooks.Only(Match(books)));
    }

    [Fact]
    public void A_credit_note_without_adjustment_is_unmatched_and_one_with_it_is_a_concession()
    {
        ContractBooks books = TestBooks.Standard();

        Assert.Equal(
            ("CREDIT_NOTE_UNMATCHED", "cn_1", -2_000L, 0L),
            TestBooks.Only(Match(books with { CreditNotes = [TestBooks.CreditNote("in_2027-01-01", 2_000)] })));
        ContractVerdict agreed = Match(books with { CreditNotes = [TestBooks.CreditNote("in_2027-01-01", 2_000, "adj_1")] });
        Assert.Empty(agreed.Rows);
        Assert.Equal((148_000L, 148_000L, true), (agreed.Expected, agreed.Billed, agreed.FootOk));
    }

    // 12, 13, 14, 15 ------------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_billed_contract_that_cannot_be_read_takes_no_part_in_the_totals()
    {
        ContractVerdict verdict = Match(TestBooks.Standard() with { Sold = TestBooks.Sold(deal => deal["Hub_Contract_Start__c"] = null) });

        Assert.Equal(("INVALID_SOURCE", Opportunity, 0L, 0L), TestBooks.Only(verdict));
        Assert.False(verdict.Compared);
    }

    [Fact]
    public void Another_currency_stops_the_comparison_of_amounts()
    {
        // Without a rate the euros billed count as nothing: 1,500.00 are due in dollars.
        ContractBooks books = TestBooks.Standard();
        ContractVerdict verdict = Match(books with
        {
            Subscriptions = [books.Subscriptions[0] with { Currency = "eur" }],
            Invoices = [.. books.Invoices.Select(invoice => invoice with { Currency = Currency.Parse("eur") })],
        });

        Assert.Equal(("CURRENCY_MISMATCH", Opportunity, -150_000L, 0L), TestBooks.Only(verdict));
    }

    [Fact]
    public void Another_rhythm_stops_the_comparison_of_periods()
    {
        // Billed 1,500.00 a quarter in advance. On April 15th 3,000.00 are invoiced and 2,000.00 are due; a year comes to the same.
        // On March 15th 1,500.00 stand against 1,500.00: a difference of nothing is no row.
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions = [TestBooks.Subscription(items: TestBooks.Item(unit: 15_000, months: 3))],
            Invoices = [Month(1, 10, 15_000), Month(4, 10, 15_000)],
        };

        Assert.Equal(("FREQUENCY_MISMATCH", Opportunity, 100_000L, 0L), TestBooks.Only(Match(books, new LocalDate(2027, 4, 15))));
        Assert.Empty(Match(books with { Invoices = [Month(1, 10, 15_000)] }).Rows);
    }

    [Fact]
    public void A_late_start_is_one_row_and_later_checks_count_from_stripes_anchor()
    {
        // Starts on January 11th: 10 of January's 31 days, −500.00 × 10 / 31 = −161.29. The invoices follow the anchor and agree.
        // The last month is then short of the contract's end, which is no whole period.
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions = [TestBooks.Subscription() with { StartDate = TestBooks.At(2027, 1, 11) }],
            Invoices = [.. Enumerable.Range(1, 3).Select(month => TestBooks.InvoiceOn(new LocalDate(2027, month, 11)))],
        };

        Assert.Equal(("START_DATE_MISMATCH", Opportunity, 0L, -16_129L), TestBooks.Only(Match(books)));
    }

    // shapes of contracts ------------------------------------------------------------------------------------------------------------------
    [Fact]
    public void A_one_time_deal_is_a_single_invoice_without_subscription()
    {
        SoldContract once = TestBooks.Sold(deal => (deal["Hub_Contract_Start__c"], deal["Hub_Term_Months__c"]) = (null, null), TestBooks.Line("SETUP", 1, 450, "Once", "OneTime"));
        Invoice invoice = TestBooks.InvoiceOn(new LocalDate(2026, 12, 30), TestBooks.LineOn(new LocalDate(2026, 12, 30), "SETUP", 1, 45_000)) with { SubscriptionId = null };

        Assert.Empty(Match(TestBooks.Standard() with { Sold = once, Subscriptions = [], Invoices = [invoice] }).Rows);
        Assert.Equal(
            ("MISSING_IN_BILLING", Opportunity, -45_000L, 0L),
            TestBooks.Only(Match(TestBooks.Standard() with { Sold = once, Subscriptions = [], Invoices = [] })));
    }

    [Fact]
    public void A_one_time_line_beside_recurring_ones_belongs_to_the_first_period_whatever_its_service_dates()
    {
        SoldContract sold = TestBooks.Sold(null, TestBooks.Line(), TestBooks.Line("SETUP", 1, 450, "Once", "OneTime"));
        Invoice first = TestBooks.Invoice(1, TestBooks.LineOn(new LocalDate(2027, 1, 1)), TestBooks.LineOn(new LocalDate(2027, 1, 20), "SETUP", 1, 45_000));

        Assert.Empty(Match(TestBooks.Standard() with { Sold = sold, Invoices = [first, TestBooks.Invoice(2), TestBooks.Invoice(3)] }).Rows);
    }

    [Fact]
    public void A_ramp_that_stripes_phases_follow_puts_nothing_at_risk()
    {
        (SoldContract sold, ImmutableArray<BilledPhase> phases) = Ramp(20);
        ContractBooks books = TestBooks.Standard() with { Sold = sold, Subscriptions = [Scheduled(phases)] };

        Assert.Empty(Match(books).Rows);
    }

    [Fact]
    public void A_ramp_step_missing_in_stripes_phases_is_at_risk()
    {
        // From July 20 seats were sold; the second phase bills 15: −5 × 50.00 in six periods.
        (SoldContract sold, ImmutableArray<BilledPhase> phases) = Ramp(15);
        ContractBooks books = TestBooks.Standard() with { Sold = sold, Subscriptions = [Scheduled(phases)] };

        Assert.Equal(("QUANTITY_MISMATCH", $"{Opportunity}/SEAT", 0L, -150_000L), TestBooks.Only(Match(books)));
    }

    [Fact]
    public void Where_the_phases_were_not_read_a_coming_ramp_step_is_not_held_against_the_present_items()
    {
        (SoldContract sold, _) = Ramp(20);

        Assert.Empty(Match(TestBooks.Standard() with { Sold = sold, Subscriptions = [Scheduled([])] }).Rows);
    }

    [Fact]
    public void Metered_usage_is_left_out_on_both_sides()
    {
        SoldContract sold = TestBooks.Sold(null, TestBooks.Line(), TestBooks.Line("CALLS", 0, 0.02m, "Month", "Usage"));
        Invoice march = TestBooks.Invoice(3, TestBooks.LineOn(new LocalDate(2027, 3, 1)), TestBooks.LineOn(new LocalDate(2027, 2, 1), "CALLS", 40_000, 2));

        ContractVerdict verdict = Match(TestBooks.Standard() with { Sold = sold, Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), march] });

        Assert.Empty(verdict.Rows);
        Assert.Equal(150_000, verdict.Billed);
    }

    [Fact]
    public void Free_months_before_the_first_billed_period_put_nothing_at_risk()
    {
        // Two free months from June 1st; only the setup fee is owed on the first day.
        SoldContract sold = TestBooks.Sold(
            deal => (deal["Hub_Contract_Start__c"], deal["Hub_Free_Months__c"]) = ("2027-06-01", 2),
            TestBooks.Line(), TestBooks.Line("SETUP", 1, 450, "Once", "OneTime"));

        Assert.Empty(Match(Future() with { Sold = sold, Subscriptions = [Pending("not_started")] }).Rows);
    }

    [Fact]
    public void Tiered_lines_are_left_out_on_both_sides()
    {
        SoldContract sold = TestBooks.Sold(null, TestBooks.Line(), TestBooks.Line("DATA", 60, 11.8m, change: line => line["Hub_Price_Tiers__c"] = "1-50: 12.00; 51+: 10.80"));
        ContractBooks books = TestBooks.Standard() with
        {
            Sold = sold,
            Subscriptions = [TestBooks.Subscription(items: [TestBooks.Item(), TestBooks.Item("DATA", 60, 0) with { UnitAmount = null }])],
            Invoices = [.. Enumerable.Range(1, 3).Select(month => TestBooks.Invoice(month, TestBooks.LineOn(new LocalDate(2027, month, 1)), TestBooks.LineOn(new LocalDate(2027, month, 1), "DATA", 60, 1_180)))],
        };

        Assert.Empty(Match(books).Rows);
    }

    [Fact]
    public void An_amendment_is_not_compared_as_a_contract_of_its_own() =>
        Assert.Empty(Match(TestBooks.Standard() with { Sold = TestBooks.Sold(deal => deal["Type"] = "Upsell"), Subscriptions = [], Invoices = [] }).Rows);

    [Fact]
    public void Dates_are_compared_in_the_billing_zone()
    {
        // Midnight UTC is the evening before in New York; the tolerance of a day covers it.
        var terms = new MatchTerms(TestBooks.Today, DateTimeZoneProviders.Tzdb["America/New_York"], new ReconciliationOptions());

        Assert.Empty(ContractMatching.Match(TestBooks.Standard(), terms).Rows);
    }

    private static ContractBooks Future() => TestBooks.Standard() with
    {
        Sold = TestBooks.Sold(deal => deal["Hub_Contract_Start__c"] = "2027-06-01"),
        Subscriptions = [],
        Invoices = [],
    };

    private static BilledSubscription Pending(string status) => new BilledSchedule(
        "sub_sched_1", status, true, "cus_1", null, Opportunity, "usd", TestBooks.At(2027, 6, 1), TestBooks.At(2028, 6, 1), true,
        [new BilledPhase(TestBooks.At(2027, 6, 1), TestBooks.At(2028, 6, 1), [TestBooks.Item()])]).AsSubscription();

    private static (SoldContract Sold, ImmutableArray<BilledPhase> Phases) Ramp(int billedLater) => (
        TestBooks.Sold(
            null,
            TestBooks.Line(change: line => line["Hub_Line_End__c"] = "2027-06-30"),
            TestBooks.Line(quantity: 20, change: line => line["Hub_Line_Start__c"] = "2027-07-01")),
        [
            new BilledPhase(TestBooks.At(2027, 1, 1), TestBooks.At(2027, 7, 1), [TestBooks.Item()]),
            new BilledPhase(TestBooks.At(2027, 7, 1), TestBooks.At(2028, 1, 1), [TestBooks.Item(quantity: billedLater)]),
        ]);

    private static BilledSubscription Scheduled(ImmutableArray<BilledPhase> phases) =>
        TestBooks.Subscription() with { ScheduleId = "sub_sched_1", Phases = phases };

    private static Invoice Month(int month, decimal quantity, decimal unit) =>
        TestBooks.Invoice(month, TestBooks.LineOn(new LocalDate(2027, month, 1), "SEAT", quantity, unit));

    private static ContractVerdict Match(ContractBooks books, LocalDate? asOf = null) => ContractMatching.Match(books, TestBooks.Terms(asOf));
}
