using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using Hub.Core.Money;
using Hub.Core.Reconciliation;
using NodaTime;

namespace Hub.Core.Tests.Reconciliation;

/// <summary>Small books of less usual shapes; each expectation is worked out in the test's own text from the standard contract of <see cref="TestBooks"/>.</summary>
public class MatchingRulesTests
{
    private const string Opportunity = TestBooks.Opportunity;

    [Fact]
    public void A_ramp_billed_by_its_phases_puts_nothing_at_risk_and_a_wrong_future_phase_does()
    {
        // January to June 10 seats, July to December 20. The phase of July carries 18: 6 × −2 × 50.00 = −600.00 at risk.
        SoldContract ramp = TestBooks.Sold(
            null,
            TestBooks.Line(change: line => line["Hub_Line_End__c"] = "2027-06-30"),
            TestBooks.Line(quantity: 20, change: line => line["Hub_Line_Start__c"] = "2027-07-01"));
        ContractBooks books = TestBooks.Standard() with { Sold = ramp, Subscriptions = [Ramp(20)] };

        Assert.Empty(Match(books).Rows);
        Assert.Equal(
            ("QUANTITY_MISMATCH", $"{Opportunity}/SEAT", 0L, -60_000L), TestBooks.Only(Match(books with { Subscriptions = [Ramp(18)] })));
    }

    [Fact]
    public void A_backdated_contract_that_lacks_one_period_of_its_catch_up_is_unbilled_for_that_one()
    {
        // Closed on March 10th for a start on January 1st; the catch-up invoice of March 11th has lines for January and March only.
        SoldContract late = TestBooks.Sold(deal => deal["CloseDate"] = "2027-03-10");
        Invoice catchUp = TestBooks.InvoiceOn(
            new LocalDate(2027, 3, 11), TestBooks.LineOn(new LocalDate(2027, 1, 1)), TestBooks.LineOn(new LocalDate(2027, 3, 1)));

        ContractVerdict verdict = Match(TestBooks.Standard() with { Sold = late, Invoices = [catchUp] });

        Assert.Equal(("UNBILLED_PERIOD", $"{Opportunity}/2027-02-01", -50_000L, 0L), TestBooks.Only(verdict));
        Assert.Equal((150_000L, 100_000L), (verdict.Expected, verdict.Billed));
        Assert.Equal("M", verdict.Rows[0].Auto);
        Assert.Equal(Severity.Medium, verdict.Rows[0].Severity);
    }

    [Fact]
    public void One_time_lines_only_are_one_invoice_without_subscription_or_term()
    {
        // SETUP 2 × 750.00 = 1,500.00. A term of 0 months says nothing about a deal without recurring lines.
        SoldContract once = TestBooks.Sold(
            deal => deal["Hub_Term_Months__c"] = 0.0, TestBooks.Line("SETUP", 2, 750, "Once", "OneTime"));
        Invoice invoice = TestBooks.InvoiceOn(new LocalDate(2026, 12, 29), TestBooks.LineOn(new LocalDate(2026, 12, 29), "SETUP", 2, 75_000)) with { SubscriptionId = null };
        ContractBooks books = TestBooks.Standard() with { Sold = once, Subscriptions = [], Invoices = [invoice] };

        Assert.Empty(Match(books).Rows);
        Assert.Equal(("MISSING_IN_BILLING", Opportunity, -150_000L, 0L), TestBooks.Only(Match(books with { Invoices = [] })));
        Assert.Equal(
            ("VOID_NOT_REBILLED", invoice.Id, -150_000L, 0L), TestBooks.Only(Match(books with { Invoices = [invoice with { Status = InvoiceStatus.Void }] })));
    }

    [Fact]
    public void Three_decimal_prices_are_read_as_multiples_of_ten()
    {
        // KWD 7.255 is 7255, read as 7260 (half away). Billed 10 × 7.260 = 72.600 agrees; 10 × 7.250 is −0.100 a period, nine periods remain.
        SoldContract kwd = TestBooks.Sold(deal => deal["CurrencyIsoCode"] = "KWD", TestBooks.Line(price: 7.255m));

        Assert.Empty(Match(Kwd(kwd, 7_260)).Rows);
        ContractVerdict verdict = Match(Kwd(kwd, 7_250));
        Assert.Equal(("PRICE_MISMATCH", $"{Opportunity}/SEAT", -300L, -900L), TestBooks.Only(verdict));
        Assert.Equal("kwd", verdict.Rows[0].Currency);
    }

    [Fact]
    public void Severity_counts_major_units_whatever_the_digits()
    {
        // JPY 50 and KWD 50.000 are medium as USD 50.00 is, one minor unit less is low.
        Assert.Equal([5_000, 5_000, 5_000, 4_999], new[] { Impact(-5_000, "usd"), Impact(50, "jpy"), Impact(50_000, "kwd"), Impact(4_999, "usd") });
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void The_date_tolerance_of_a_billed_period_includes_its_bound(int days, int rows)
    {
        // A line that starts one day after the period bills it. Two days after, the period is unbilled and the line unexplained.
        Invoice shifted = TestBooks.InvoiceOn(new LocalDate(2027, 3, 1), TestBooks.LineOn(new LocalDate(2027, 3, 1).PlusDays(days)));
        ContractVerdict verdict = Match(TestBooks.Standard() with { Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), shifted] });
        Assert.Equal(rows * 2, verdict.Rows.Length);
        Assert.True(verdict.FootOk);
    }

    [Fact]
    public void Whole_periods_of_a_wrong_end_are_counted_item_by_item()
    {
        // 10 SEAT at 50.00 a month and one DATA at 240.00 a year; three months too short lose 3 × 500.00 and no whole year.
        SoldContract sold = TestBooks.Sold(
            null, TestBooks.Line(), TestBooks.Line("DATA", 1, 240, "Year", change: line => line["Hub_Billing_Frequency__c"] = "Annual"));
        LocalDate january = new(2027, 1, 1);
        ContractBooks books = TestBooks.Standard() with
        {
            Sold = sold,
            Subscriptions = [TestBooks.Subscription(items: [TestBooks.Item(), TestBooks.Item("DATA", 1, 24_000, 12)]) with { CancelAt = TestBooks.At(2027, 10, 1) }],
            Invoices = [TestBooks.Invoice(1, TestBooks.LineOn(january), TestBooks.LineOn(january, "DATA", 1, 24_000)), TestBooks.Invoice(2), TestBooks.Invoice(3)],
        };

        Assert.Equal(("TERM_MISMATCH", Opportunity, 0L, -150_000L), TestBooks.Only(Match(books)));
    }

    [Fact]
    public void Another_rhythm_does_not_hide_a_missing_end()
    {
        // Sold 500.00 a month, billed 10 × 160.00 = 1,600.00 a quarter without end: 100.00 more than the three due months, 400.00 more a year.
        // One period of the present items, 1,600.00, is at risk for the missing end.
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions = [TestBooks.Subscription(items: TestBooks.Item(unit: 16_000, months: 3)) with { CancelAt = null }],
            Invoices = [TestBooks.Invoice(1, TestBooks.LineOn(new LocalDate(2027, 1, 1), unit: 16_000))],
        };

        ContractVerdict verdict = Match(books);

        Assert.Equal(
            [("FREQUENCY_MISMATCH", 10_000L, 40_000L), ("TERM_MISMATCH", 0L, 160_000L)],
            verdict.Rows.Select(row => (row.Kind, row.Realised, row.AtRisk)).Order());
        Assert.True(verdict.FootOk);
    }

    [Fact]
    public void A_concession_lowers_what_a_reversed_contract_is_expected_to_bill()
    {
        // Lost on February 10th. Billed 1,500.00, of which 500.00 (March) lie after it; an agreed credit of 20.00 on January is nobody's mistake.
        SoldContract lost = TestBooks.Sold(deal => (deal["IsWon"], deal["LastStageChangeDate"]) = (false, "2027-02-10T12:00:00.000+0000"));
        ContractVerdict verdict = Match(TestBooks.Standard() with { Sold = lost, CreditNotes = [TestBooks.CreditNote("in_2027-01-01", 2_000, "adj_1")] });

        Assert.Equal(("WON_REVERSED", "sub_1", 50_000L, 50_000L), TestBooks.Only(verdict));
        Assert.Equal((98_000L, 148_000L), (verdict.Expected, verdict.Billed));
    }

    [Fact]
    public void A_concession_lowers_what_a_contract_in_the_wrong_currency_is_expected_to_bill()
    {
        // Sold in USD; March was billed in EUR. 1,000.00 of 1,500.00 in USD: −500.00, whatever was agreed about January.
        ContractBooks books = TestBooks.Standard() with
        {
            Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), TestBooks.Invoice(3) with { Currency = Currency.Parse("EUR") }],
            CreditNotes = [TestBooks.CreditNote("in_2027-01-01", 2_000, "adj_1")],
        };

        Assert.Equal(("CURRENCY_MISMATCH", Opportunity, -50_000L, 0L), TestBooks.Only(Match(books)));
    }

    [Fact]
    public void A_reopened_deal_that_is_won_again_is_compared_as_ever()
    {
        SoldContract again = TestBooks.Sold(deal => deal["LastStageChangeDate"] = "2027-03-01T12:00:00.000+0000");

        Assert.Empty(Match(TestBooks.Standard() with { Sold = again }).Rows);
    }

    [Fact]
    public void A_prepaid_contract_that_is_canceled_after_everything_was_invoiced_owes_nothing()
    {
        // 12 × 500.00 in one invoice on January 1st; no period is left, and a difference of nothing is no row.
        SoldContract upfront = TestBooks.Sold(deal => deal["Hub_Billing_Frequency__c"] = "Upfront");
        ContractBooks books = TestBooks.Standard() with
        {
            Sold = upfront,
            Subscriptions = [TestBooks.Subscription(items: TestBooks.Item(unit: 60_000, months: 12)) with { Status = "canceled", EndedAt = TestBooks.At(2027, 2, 20) }],
            Invoices = [TestBooks.Invoice(1, TestBooks.LineOn(new LocalDate(2027, 1, 1), unit: 60_000))],
        };

        Assert.Empty(Match(books).Rows);
    }

    [Fact]
    public void A_subscription_that_replaced_a_canceled_one_goes_on_with_its_periods()
    {
        // sub_0 billed January and February and was canceled; sub_1 bills from March 1st until the contract's end.
        ContractBooks books = TestBooks.Standard() with
        {
            Subscriptions =
            [
                TestBooks.Subscription("sub_0") with { Status = "canceled", EndedAt = TestBooks.At(2027, 3, 1) },
                TestBooks.Subscription() with { StartDate = TestBooks.At(2027, 3, 1) },
            ],
            Invoices = [TestBooks.Invoice(1) with { SubscriptionId = "sub_0" }, TestBooks.Invoice(2) with { SubscriptionId = "sub_0" }, TestBooks.Invoice(3)],
        };

        Assert.Empty(Match(books).Rows);
    }

    [Fact]
    public void A_canceled_subscription_that_started_on_a_wrong_day_moves_nothing()
    {
        // sub_0 started a month early, billed 500.00 for December and was canceled; sub_1 starts with the contract. December is no period of it.
        Invoice stray = TestBooks.InvoiceOn(new LocalDate(2026, 12, 1)) with { SubscriptionId = "sub_0" };
        ContractBooks books = TestBooks.Standard();

        ContractVerdict verdict = Match(books with
        {
            Subscriptions = [TestBooks.Subscription("sub_0") with { Status = "canceled", StartDate = TestBooks.At(2026, 12, 1) }, .. books.Subscriptions],
            Invoices = [stray, .. books.Invoices],
        });

        Assert.Equal(("AMOUNT_UNEXPLAINED", $"{Opportunity}/SEAT", 50_000L, 0L), TestBooks.Only(verdict));
    }

    [Fact]
    public void A_draft_beside_a_void_invoice_of_the_same_period_waits_for_its_own_grace()
    {
        // March was voided and drafted again on the 13th; its grace ends with the 16th.
        Invoice voided = TestBooks.Invoice(3) with { Status = InvoiceStatus.Void };
        Invoice draft = TestBooks.Invoice(3) with { Id = "in_draft", Status = InvoiceStatus.Draft, Created = TestBooks.At(2027, 3, 13), EffectiveAt = null };
        ContractBooks books = TestBooks.Standard() with { Invoices = [TestBooks.Invoice(1), TestBooks.Invoice(2), voided, draft] };

        Assert.Empty(Match(books, new LocalDate(2027, 3, 16)).Rows);
        Assert.Equal(("DRAFT_STUCK", "in_draft", -50_000L, 0L), TestBooks.Only(Match(books, new LocalDate(2027, 3, 17))));
    }

    [Fact]
    public void An_auto_renewing_contract_goes_on_at_its_last_prices()
    {
        // Twelve months to 2027-12-31, renewing. On 2028-02-15 fourteen periods of 500.00 are due and invoiced; ten of the second year remain.
        ContractBooks books = Renewing(14);
        LocalDate asOf = new(2028, 2, 15);

        ContractVerdict verdict = Match(books, asOf);
        Assert.Empty(verdict.Rows);
        Assert.Equal((700_000L, 700_000L), (verdict.Expected, verdict.Billed));

        Assert.Equal(("UNBILLED_PERIOD", $"{Opportunity}/2028-02-01", -50_000L, 0L), TestBooks.Only(Match(Renewing(13), asOf)));
        Assert.Equal(
            ("QUANTITY_MISMATCH", $"{Opportunity}/SEAT", 0L, -100_000L),
            TestBooks.Only(Match(books with { Subscriptions = [TestBooks.Subscription(items: TestBooks.Item(quantity: 8)) with { CancelAt = null }] }, asOf)));
    }

    [Fact]
    public void An_auto_renewing_contract_that_was_not_renewed_ends_with_its_term()
    {
        ContractBooks books = Renewing(12) with { Subscriptions = [TestBooks.Subscription() with { Status = "canceled", EndedAt = TestBooks.At(2028, 1, 1) }] };

        Assert.Empty(Match(books, new LocalDate(2028, 2, 15)).Rows);
    }

    [Fact]
    public void Two_extra_subscriptions_are_a_row_each_and_the_foot_holds()
    {
        // Kept: the earliest start, then the id. sub_2 billed 70.00, sub_3 nothing yet.
        ContractBooks books = TestBooks.Standard();
        ContractVerdict verdict = Match(books with
        {
            Subscriptions = [TestBooks.Subscription("sub_3"), .. books.Subscriptions, TestBooks.Subscription("sub_2", items: TestBooks.Item(quantity: 1, unit: 7_000))],
            Invoices = [.. books.Invoices, TestBooks.Invoice(2, TestBooks.LineOn(new LocalDate(2027, 2, 1), quantity: 1, unit: 7_000)) with { Id = "in_x", SubscriptionId = "sub_2" }],
        });

        Assert.Equal(
            [("DUPLICATE_SUBSCRIPTION", "sub_2", 7_000L, 7_000L), ("DUPLICATE_SUBSCRIPTION", "sub_3", 0L, 50_000L)],
            verdict.Rows.Select(row => (row.Kind, row.Key, row.Realised, row.AtRisk)).Order());
        Assert.All(verdict.Rows, row => Assert.Equal((Severity.High, "P", Opportunity), (row.Severity, row.Auto, row.Contract)));
        Assert.True(verdict.FootOk);
    }

    [Fact]
    public void Objects_of_the_other_mode_neither_duplicate_nor_credit_nor_bill()
    {
        ContractBooks books = TestBooks.Standard();

        Assert.Empty(Match(books with
        {
            Subscriptions = [.. books.Subscriptions, TestBooks.Subscription("sub_test") with { Livemode = false }],
            Invoices = [.. books.Invoices, TestBooks.Invoice(3) with { Id = "in_test", Livemode = false, SubscriptionId = "sub_test" }],
            CreditNotes = [TestBooks.CreditNote("in_test", 5_000)],
        }).Rows);
    }

    private static ContractBooks Renewing(int months) => TestBooks.Standard() with
    {
        Sold = TestBooks.Sold(deal => deal["Hub_Auto_Renew__c"] = true),
        Subscriptions = [TestBooks.Subscription() with { CancelAt = null }],
        Invoices = [.. Enumerable.Range(0, months).Select(month => TestBooks.InvoiceOn(new LocalDate(2027, 1, 1).PlusMonths(month)))],
    };

    private static BilledSubscription Ramp(decimal second) => TestBooks.Subscription() with
    {
        ScheduleId = "sub_sched_1",
        CancelAt = null,
        ScheduleEnd = TestBooks.At(2028, 1, 1),
        Phases =
        [
            new BilledPhase(TestBooks.At(2027, 1, 1), TestBooks.At(2027, 7, 1), [TestBooks.Item()]),
            new BilledPhase(TestBooks.At(2027, 7, 1), TestBooks.At(2028, 1, 1), [TestBooks.Item(quantity: second)]),
        ],
    };

    private static ContractBooks Kwd(SoldContract sold, decimal unit) => TestBooks.Standard() with
    {
        Sold = sold,
        Subscriptions = [TestBooks.Subscription(items: TestBooks.Item(unit: unit)) with { Currency = "kwd" }],
        Invoices =
        [
            .. Enumerable.Range(1, 3).Select(month => TestBooks.Invoice(month, TestBooks.LineOn(new LocalDate(2027, month, 1), unit: unit)) with { Currency = Currency.Parse("KWD") }),
        ],
    };

    private static long Impact(long realised, string currency) => DiscrepancyRows.Impact(realised, 0, currency);

    private static ContractVerdict Match(ContractBooks books, LocalDate? asOf = null) => ContractMatching.Match(books, TestBooks.Terms(asOf));
}
