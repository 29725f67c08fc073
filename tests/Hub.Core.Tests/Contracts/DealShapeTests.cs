using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

/// <summary>Every sold shape of a new contract with dates and amounts worked out by hand.</summary>
public sealed class DealShapeTests
{
    // 40 × 300.00 less 10 % shown = 10 800.00; setup 450.00 on the first invoice; due 20 days after 15 October is 4 November.
    [Fact]
    public void Annual_prepaid_with_a_shown_discount_and_a_setup_fee()
    {
        BillingPlan plan = Deals.New()
            .Line("SEAT", 40, 300.00m, ("Discount", 10), ("Hub_Show_Discount__c", true))
            .OneTime("SETUP", 1, 450.00m)
            .Planned();

        Assert.Equal(["2026-10-15..2027-10-15: 40 SEAT @30000/year -10% + 1 SETUP @45000"], Deals.Phases(plan));
        Assert.Equal(["2026-10-15 1125000 due 2026-11-04: SETUP 45000, SEAT 1080000"], Deals.Invoices(plan));
        Assert.Equal(EndBehavior.Cancel, plan.Schedule!.EndBehavior);
        Assert.Equal(1125000, plan.Total.MinorUnits);
        Assert.Equal(20, plan.Schedule.DaysUntilDue);
    }

    // Netted: 300.00 less 10 % is 270.00 a seat, without coupon.
    [Fact]
    public void A_discount_that_is_not_shown_lowers_the_price()
    {
        BillingPlan plan = Deals.New().Line("SEAT", 40, 300.00m, ("Discount", 10)).Planned();

        Assert.Equal(["2026-10-15..2027-10-15: 40 SEAT @27000/year"], Deals.Phases(plan));
        Assert.Equal(["2026-10-15 1080000 due 2026-11-04: SEAT 1080000"], Deals.Invoices(plan));
    }

    // 120.00 a year billed monthly is 10.00 a month: twelve invoices of 50.00, always on the 31st or the month's last day.
    [Fact]
    public void Monthly_from_the_31st_bills_on_the_last_day_of_short_months()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Contract_Start__c", "2027-01-31"), ("Hub_Billing_Frequency__c", "Monthly"), ("Hub_Payment_Terms__c", "Due on receipt"))
            .Line("SEAT", 5, 120.00m)
            .Planned();

        Assert.Equal(["2027-01-31..2028-01-31: 5 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal(
            ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30", "2027-07-31", "2027-08-31", "2027-09-30", "2027-10-31", "2027-11-30", "2027-12-31"],
            plan.Invoices.Select(invoice => invoice.Date.ToString("uuuu-MM-dd", null)));
        Assert.All(plan.Invoices, invoice => Assert.Equal(5000, invoice.Amount.MinorUnits));
        Assert.All(plan.Invoices, invoice => Assert.Equal(invoice.Date, invoice.Due));
    }

    // 29 February 2028, annual, 24 months: the second year starts on 28 February 2029 and ends on 27 February 2030.
    [Fact]
    public void A_leap_day_start_bills_on_28_February_in_other_years()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Contract_Start__c", "2028-02-29"), ("Hub_Term_Months__c", 24), ("Hub_Contract_End__c", "2030-02-27"))
            .Line("SEAT", 1, 100.00m)
            .Planned();

        Assert.Equal(["2028-02-29..2030-02-28: 1 SEAT @10000/year"], Deals.Phases(plan));
        Assert.Equal(["2028-02-29 10000 due 2028-03-20: SEAT 10000", "2029-02-28 10000 due 2029-03-20: SEAT 10000"], Deals.Invoices(plan));
    }

    // Ramp 10, 20, 30 seats at 600.00 a year: 6 000, 12 000, 18 000.
    [Fact]
    public void A_three_year_ramp_is_one_phase_per_step()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Contract_Start__c", "2026-11-01"), ("Hub_Term_Months__c", 36))
            .Line("SEAT", 10, 600.00m, ("Hub_Line_Start__c", "2026-11-01"), ("Hub_Line_End__c", "2027-10-31"))
            .Line("SEAT", 20, 600.00m, ("Hub_Line_Start__c", "2027-11-01"), ("Hub_Line_End__c", "2028-10-31"))
            .Line("SEAT", 30, 600.00m, ("Hub_Line_Start__c", "2028-11-01"), ("Hub_Line_End__c", "2029-10-31"))
            .Planned();

        Assert.Equal(
            [
                "2026-11-01..2027-11-01: 10 SEAT @60000/year",
                "2027-11-01..2028-11-01: 20 SEAT @60000/year",
                "2028-11-01..2029-11-01: 30 SEAT @60000/year",
            ],
            Deals.Phases(plan));
        Assert.Equal([600000, 1200000, 1800000], plan.Invoices.Select(invoice => invoice.Amount.MinorUnits));
        Assert.Empty(plan.Adjustments);
    }

    // Two steps with the same quantity and price are one phase.
    [Fact]
    public void Neighbours_of_equal_content_are_one_phase()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Term_Months__c", 24))
            .Line("SEAT", 10, 600.00m, ("Hub_Line_End__c", "2027-10-14"))
            .Line("SEAT", 10, 600.00m, ("Hub_Line_Start__c", "2027-10-15"))
            .Planned();

        Assert.Equal(["2026-10-15..2028-10-15: 10 SEAT @60000/year"], Deals.Phases(plan));
    }

    // Start 1 August, processed on 1 October: the August and September periods began before, October's begins on the day; one invoice, three lines.
    [Fact]
    public void A_backdated_start_bills_the_missed_periods_at_once_one_line_each()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Contract_Start__c", "2026-08-01"), ("Hub_Term_Months__c", 4), ("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 2, 10.00m, ("Hub_Price_Basis__c", "Month"))
            .OneTime("SETUP", 1, 5.00m)
            .Planned();

        Assert.Equal(
            ["2026-10-01 6500 due 2026-10-21: SETUP 500, SEAT 2000, SEAT 2000, SEAT 2000", "2026-11-01 2000 due 2026-11-21: SEAT 2000"],
            Deals.Invoices(plan));
        Assert.Equal(["2026-08-01..2026-12-01: 2 SEAT @1000/month + 1 SETUP @500"], Deals.Phases(plan));
    }

    // One-time lines only: one plain invoice on the processing date.
    [Fact]
    public void A_one_time_deal_is_a_plain_invoice_on_the_processing_date()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Contract_Start__c", null), ("Hub_Term_Months__c", null), ("Hub_Billing_Frequency__c", null), ("Hub_PO_Number__c", "PO-7"))
            .OneTime("TRAINING", 2.5m, 800.00m)
            .Planned("2026-10-02");

        Assert.Null(plan.Schedule);
        Assert.Equal(["2026-10-02 200000 due 2026-10-22: TRAINING 200000"], Deals.Invoices(plan));
        Assert.Equal(new CustomField("PO number", "PO-7"), Assert.Single(plan.StandaloneInvoice!.CustomFields));
        Assert.Equal(Deals.Date("2026-10-02"), plan.StandaloneInvoice.Date);
    }

    [Theory]
    [InlineData("JPY", 3000, 10, 30000)] // no decimals: 10 × ¥3 000
    [InlineData("KWD", 7.250, 10, 72500)] // thousandths: 10 × 7.250 dinars
    [InlineData("ISK", 1500, 2, 300000)] // sent ×100: 2 × 1 500 crowns
    public void Amounts_are_in_the_currencys_minor_unit(string currency, double price, int quantity, long expected)
    {
        BillingPlan plan = Deals.New().With(("CurrencyIsoCode", currency)).Line("SEAT", quantity, (decimal)price).Planned();

        Assert.Equal(expected, Assert.Single(plan.Invoices).Amount.MinorUnits);
    }

    // 18 months annual at 1 200.00: a year, then a stub of 6 months at half the price, a phase of its own.
    [Theory]
    [InlineData("Month")]
    [InlineData("None")]
    public void A_term_that_is_no_whole_number_of_years_ends_with_a_stub_by_months(string policy)
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Term_Months__c", 18), ("Hub_Proration_Policy__c", policy))
            .Line("SEAT", 1, 1200.00m)
            .Planned();

        Assert.Equal(
            ["2026-10-15..2027-10-15: 1 SEAT @120000/year", "2027-10-15..2028-04-15: 1 SEAT @60000/6month"], Deals.Phases(plan));
        Assert.Equal(
            ["2026-10-15 120000 due 2026-11-04: SEAT 120000", "2027-10-15 60000 due 2027-11-04: SEAT 60000"], Deals.Invoices(plan));
    }

    // By days: 15 October 2027 to 15 April 2028 are 183 days of 366 (the year holds 29 February 2028): exactly half again; with 17 months
    // 15 October 2027 to 15 March 2028 are 152 of 366 days: 1 200.00 × 152 / 366 = 498.36 (498.3606…).
    [Fact]
    public void A_stub_by_days_counts_the_days_of_the_full_period()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Term_Months__c", 17), ("Hub_Proration_Policy__c", "Day"))
            .Line("SEAT", 1, 1200.00m)
            .Planned();

        Assert.Equal("2027-10-15..2028-03-15: 1 SEAT @49836.065573770492/5month", Deals.Phases(plan)[1]);
        Assert.Equal(49836, plan.Invoices[1].Amount.MinorUnits);
    }

    // Ends on 31 December 2027, no whole months after 15 October: 78 of 366 days of the second year; 1 200.00 × 78 / 366 = 255.74.
    [Fact]
    public void A_stub_that_is_not_whole_months_goes_by_days_under_every_policy()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Term_Months__c", null), ("Hub_Contract_End__c", "2027-12-31"))
            .Line("SEAT", 1, 1200.00m)
            .Planned();

        Assert.Equal("2027-10-15..2028-01-01: 1 SEAT @25573.770491803279/78day", Deals.Phases(plan)[1]);
        Assert.Equal(25574, plan.Invoices[1].Amount.MinorUnits);
    }

    // Whole term upfront: 24 months at 50.00 a month = 1 200.00, an interval of two years; 18 months stay months.
    [Theory]
    [InlineData(24, "1 SEAT @120000/2year")]
    [InlineData(18, "1 SEAT @90000/18month")]
    public void Upfront_is_one_period_of_the_whole_term(int term, string item)
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Term_Months__c", term), ("Hub_Billing_Frequency__c", "Upfront"))
            .Line("SEAT", 1, 50.00m, ("Hub_Price_Basis__c", "Month"))
            .Planned();

        Assert.EndsWith(item, Assert.Single(Deals.Phases(plan)), StringComparison.Ordinal);
        Assert.Single(plan.Invoices);
    }

    // Price per whole term 3 600.00 over 36 months, billed quarterly: 12 × 300.00.
    [Fact]
    public void A_price_for_the_whole_term_is_spread_over_its_periods()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Term_Months__c", 36), ("Hub_Billing_Frequency__c", "Quarterly"))
            .Line("SEAT", 1, 3600.00m, ("Hub_Price_Basis__c", "Term"))
            .Planned();

        Assert.Equal(12, plan.Invoices.Length);
        Assert.All(plan.Invoices, invoice => Assert.Equal(30000, invoice.Amount.MinorUnits));
    }

    // Platform annually, seats monthly: on 15 October both on one invoice, then seats alone.
    [Fact]
    public void Mixed_frequencies_share_the_invoice_of_a_common_day()
    {
        BillingPlan plan = Deals.New()
            .Line("PLATFORM", 1, 1200.00m)
            .Line("SEAT", 1, 10.00m, ("Hub_Price_Basis__c", "Month"), ("Hub_Billing_Frequency__c", "Monthly"))
            .Planned();

        Assert.Equal(12, plan.Invoices.Length);
        Assert.Equal("2026-10-15 121000 due 2026-11-04: PLATFORM 120000, SEAT 1000", Deals.Invoices(plan)[0]);
        Assert.Equal(121000 + (11 * 1000), plan.Total.MinorUnits);
    }

    // Two of twelve months free: a trial phase, ten invoices from 15 December on; the setup fee is on the first invoice of all.
    [Fact]
    public void Free_months_are_a_trial_phase_inside_the_term()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Free_Months__c", 2), ("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 1, 10.00m, ("Hub_Price_Basis__c", "Month"))
            .OneTime("SETUP", 1, 5.00m)
            .Planned();

        Assert.Equal(
            ["2026-10-15..2026-12-15 free: 1 SEAT @1000/month + 1 SETUP @500", "2026-12-15..2027-10-15: 1 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal("2026-10-15 500 due 2026-11-04: SETUP 500", Deals.Invoices(plan)[0]);
        Assert.Equal(10, plan.Invoices.Count(invoice => invoice.Amount.MinorUnits == 1000));
        Assert.Equal("2026-12-15 1000 due 2027-01-04: SEAT 1000", Deals.Invoices(plan)[1]);
    }

    // A number field with a default holds 0 where nothing was agreed.
    [Fact]
    public void No_free_months_and_no_months_of_no_discount_may_be_written_as_0()
    {
        BillingPlan plan = Deals.New().With(("Hub_Free_Months__c", 0)).Line("SEAT", 40, 300.00m, ("Discount", 0), ("Hub_Discount_Months__c", 0)).Planned();

        Assert.Equal(["2026-10-15..2027-10-15: 40 SEAT @30000/year"], Deals.Phases(plan));
    }

    // Free to 15 January, the second product from 15 November: two free phases, and Stripe takes no trial that outlasts its phase.
    [Fact]
    public void A_line_that_begins_in_the_free_months_splits_them_and_each_part_is_free_to_its_own_end()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Free_Months__c", 3), ("Hub_Term_Months__c", 6), ("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 1, 10.00m, ("Hub_Price_Basis__c", "Month"))
            .Line("EXTRA", 1, 5.00m, ("Hub_Price_Basis__c", "Month"), ("Hub_Line_Start__c", "2026-11-15"))
            .Planned();

        Assert.Equal(
            [Deals.Date("2026-11-15"), Deals.Date("2027-01-15"), null],
            plan.Schedule!.Phases.Select(phase => phase.TrialEnd));
        Assert.Equal([Deals.Date("2026-11-15"), Deals.Date("2027-01-15"), Deals.Date("2027-04-15")], plan.Schedule.Phases.Select(phase => phase.End));
        Assert.Equal("2027-01-15 1500 due 2027-02-04: SEAT 1000, EXTRA 500", Deals.Invoices(plan)[0]);
        Assert.Equal(3, plan.Invoices.Length);
    }

    // The year of SEAT is paid on 15 October; a cycle that restarts on 15 April would bill it a second time.
    [Theory]
    [InlineData("Hub_Line_Start__c", "2027-04-15")]
    [InlineData("Hub_Line_End__c", "2027-04-14")]
    public void A_monthly_line_that_begins_or_ends_within_a_paid_year_does_not_restart_the_cycle(string field, string day)
    {
        BillingPlan plan = Deals.New()
            .Line("SEAT", 1, 1200.00m)
            .Line("EXTRA", 1, 10.00m, ("Hub_Price_Basis__c", "Month"), ("Hub_Billing_Frequency__c", "Monthly"), (field, day))
            .Planned();

        Assert.Equal([false, false], plan.Schedule!.Phases.Select(phase => phase.NewCycle));
        Assert.Equal(126000, plan.Total.MinorUnits);
    }

    // On 15 October 2027 the year ends: the stub of two months begins there, and so does a month of EXTRA.
    [Fact]
    public void A_stub_restarts_the_cycle_where_every_item_begins_a_period()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Term_Months__c", 14))
            .Line("SEAT", 1, 1200.00m)
            .Line("EXTRA", 1, 10.00m, ("Hub_Price_Basis__c", "Month"), ("Hub_Billing_Frequency__c", "Monthly"))
            .Planned();

        Assert.Equal([false, true], plan.Schedule!.Phases.Select(phase => phase.NewCycle));
    }

    // After a year the stub of three months is as long as the quarters next to it, but it is another price than the year's.
    [Fact]
    public void A_stub_as_long_as_another_items_period_restarts_the_cycle_too()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Term_Months__c", 15))
            .Line("SEAT", 1, 1200.00m)
            .Line("EXTRA", 1, 10.00m, ("Hub_Price_Basis__c", "Month"), ("Hub_Billing_Frequency__c", "Quarterly"))
            .Planned();

        Assert.Equal([false, true], plan.Schedule!.Phases.Select(phase => phase.NewCycle));
    }

    // 50 % for three of twelve months, shown: three invoices of 5.00, nine of 10.00, and a phase of its own.
    [Fact]
    public void A_limited_discount_ends_with_its_phase()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 1, 10.00m, ("Hub_Price_Basis__c", "Month"), ("Discount", 50), ("Hub_Show_Discount__c", true), ("Hub_Discount_Months__c", 3))
            .Planned();

        Assert.Equal(["2026-10-15..2027-01-15: 1 SEAT @1000/month -50%", "2027-01-15..2027-10-15: 1 SEAT @1000/month"], Deals.Phases(plan));
        Assert.Equal((3 * 500) + (9 * 1000), plan.Total.MinorUnits);
    }

    // Ten more seats from 15 January, three months into the year: 10 × 120.00 × 9 / 12 = 900.00 on an invoice of its own.
    [Fact]
    public void More_seats_inside_a_billing_period_are_billed_at_once_for_the_rest_of_it()
    {
        BillingPlan plan = Deals.New()
            .Line("SEAT", 10, 120.00m, ("Hub_Line_End__c", "2027-01-14"))
            .Line("SEAT", 20, 120.00m, ("Hub_Line_Start__c", "2027-01-15"))
            .Planned();

        Assert.Equal(
            ["2026-10-15 120000 due 2026-11-04: SEAT 120000", "2027-01-15 90000 due 2027-02-04: SEAT 90000"], Deals.Invoices(plan));
        Assert.Equal(Deals.Date("2027-01-15"), Assert.Single(plan.Adjustments).Effective);
    }

    // Fewer seats from 15 January by days: 10 × 120.00 × 273 / 365 = 897.53 (897.5342…), given back as a negative invoice without due date.
    [Theory]
    [InlineData("Balance", false)]
    [InlineData("CreditNote", true)]
    public void Fewer_seats_inside_a_billing_period_are_credited(string policy, bool creditNote)
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Proration_Policy__c", "Day"), ("Hub_Credit_Policy__c", policy))
            .Line("SEAT", 20, 120.00m, ("Hub_Line_End__c", "2027-01-14"))
            .Line("SEAT", 10, 120.00m, ("Hub_Line_Start__c", "2027-01-15"))
            .Planned();

        Assert.Equal("2027-01-15 -89753 due -: SEAT -89753", Deals.Invoices(plan)[1]);
        Assert.Equal(creditNote, plan.Invoices[1].CreditNote);
    }

    [Theory]
    [InlineData("Hub_Credit_Policy__c", "None", 20, 10)]
    [InlineData("Hub_Proration_Policy__c", "None", 10, 20)]
    public void Policy_None_bills_and_credits_nothing_before_the_next_billing_date(string field, string policy, int before, int after)
    {
        BillingPlan plan = Deals.New()
            .With((field, policy))
            .Line("SEAT", before, 120.00m, ("Hub_Line_End__c", "2027-01-14"))
            .Line("SEAT", after, 120.00m, ("Hub_Line_Start__c", "2027-01-15"))
            .Planned();

        Assert.Single(plan.Invoices);
    }

    // Graduated, 60 units a month: 50 × 12.00 + 10 × 11.00 = 710.00; by volume 60 × 11.00 = 660.00.
    [Theory]
    [InlineData("Graduated", 71000)]
    [InlineData("Volume", 66000)]
    public void Tiers_price_the_sold_quantity(string mode, long expected)
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Billing_Frequency__c", "Monthly"), ("Hub_Term_Months__c", 1))
            .Line("API", 60, 11.50m, ("Hub_Price_Basis__c", "Month"), ("Hub_Tiers_Mode__c", mode), ("Hub_Price_Tiers__c", "1-50: 12.00; 51-200: 11.00; 201+: 9.50"))
            .Planned();

        PhaseItem item = Assert.Single(Assert.Single(plan.Schedule!.Phases).Items);
        Assert.Null(item.UnitAmount);
        Assert.Equal([new Tier(50, 1200), new Tier(200, 1100), new Tier(null, 950)], item.Tiers!.Tiers.AsEnumerable());
        Assert.Equal(expected, plan.Total.MinorUnits);
    }

    // Usage of October to November is billed on 15 November with the next fee; the last one alone on the end date. 40 000 × 0.0025 = 100.00.
    [Fact]
    public void Usage_is_billed_in_arrears_and_once_more_on_the_end_date()
    {
        Deals deal = Deals.New()
            .With(("Hub_Billing_Frequency__c", "Monthly"), ("Hub_Term_Months__c", 2))
            .Line("SEAT", 1, 10.00m, ("Hub_Price_Basis__c", "Month"))
            .Usage("CALLS", 0.0025m);
        BillingSnapshot billing = BillingSnapshot.Empty with { Usage = [new("00k000000000002AAA", new(2026, 11), 40000)] };

        BillingPlan plan = deal.Planned(billing: billing);

        Assert.Equal(["2026-10-15..2026-12-15: 1 SEAT @1000/month, metered CALLS @0.25/month"], Deals.Phases(plan));
        Assert.Equal(
            ["2026-10-15 1000 due 2026-11-04: SEAT 1000", "2026-11-15 1000 due 2026-12-05: SEAT 1000, CALLS ?", "2026-12-15 10000 due 2027-01-04: CALLS 10000"],
            Deals.Invoices(plan));
    }

    // 20 % on 100.00 and on 50.00, per line: 20.00 + 10.00; a rate inside the price adds nothing.
    [Theory]
    [InlineData(false, 18000)]
    [InlineData(true, 15000)]
    public void A_fixed_tax_rate_is_added_per_line_unless_the_price_contains_it(bool inclusive, long expected)
    {
        BillingPlan plan = Deals.New()
            .Account(("Hub_Tax_Rate_Id__c", "txr_1"))
            .Line("SEAT", 1, 100.00m)
            .OneTime("SETUP", 1, 50.00m)
            .Planned(billing: BillingSnapshot.Empty with { TaxRate = new("txr_1", 20, inclusive) });

        PlannedInvoice invoice = Assert.Single(plan.Invoices);
        Assert.Equal(expected, invoice.Amount.MinorUnits);
        Assert.Equal([5000L, 10000L], invoice.Lines.Select(line => line.Amount!.Value.MinorUnits));
        Assert.Equal("txr_1", plan.Schedule!.TaxRateId);
    }

    [Fact]
    public void A_contract_that_renews_by_itself_is_released_at_its_end() =>
        Assert.Equal(EndBehavior.Release, Deals.New().With(("Hub_Auto_Renew__c", true)).Line("SEAT", 1, 100.00m).Planned().Schedule!.EndBehavior);

    // No term at all: 24 monthly invoices are shown.
    [Fact]
    public void An_evergreen_contract_shows_two_years_of_invoices()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Auto_Renew__c", true), ("Hub_Term_Months__c", null), ("Hub_Billing_Frequency__c", "Monthly"))
            .Line("SEAT", 1, 10.00m, ("Hub_Price_Basis__c", "Month"))
            .Planned();

        Assert.Equal(24, plan.Invoices.Length);
        Assert.Equal(Deals.Date("2028-09-15"), plan.Invoices[^1].Date);
        Assert.Equal(EndBehavior.Release, plan.Schedule!.EndBehavior);
    }

    // The Contract's dates win over the opportunity's.
    [Fact]
    public void A_linked_contract_gives_start_and_term()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Contract_Start__c", "2026-12-01"), ("ContractId", "800000000000001AAA"))
            .Contract(("StartDate", "2026-11-01"), ("ContractTerm", 24), ("EndDate", "2028-10-31"))
            .Line("SEAT", 1, 100.00m)
            .Planned();

        Assert.Equal(["2026-11-01..2028-11-01: 1 SEAT @10000/year"], Deals.Phases(plan));
    }

    [Fact]
    public void A_saved_payment_method_is_charged_without_due_date()
    {
        BillingPlan plan = Deals.New()
            .With(("Hub_Collection_Method__c", "charge_automatically"), ("Hub_Payment_Terms__c", null), ("Hub_Billing_Contact__c", null))
            .Line("SEAT", 1, 100.00m)
            .Planned();

        Assert.Null(Assert.Single(plan.Invoices).Due);
        Assert.Null(plan.Schedule!.DaysUntilDue);
        Assert.Equal(CollectionMethod.ChargeAutomatically, plan.Schedule.CollectionMethod);
    }

    // 100.00 a year billed monthly to 30 seats: 30 × 8.333… = 250.00 exactly, so it can be billed.
    [Fact]
    public void A_unit_price_may_have_any_decimals_as_long_as_the_line_comes_out_whole()
    {
        BillingPlan plan = Deals.New().With(("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 30, 100.00m).Planned();

        Assert.Equal(["2026-10-15..2027-10-15: 30 SEAT @833.333333333333/month"], Deals.Phases(plan));
        Assert.All(plan.Invoices, invoice => Assert.Equal(25000, invoice.Amount.MinorUnits));
    }

    [Fact]
    public void A_hold_comes_before_everything_else() =>
        Assert.IsType<PlanOutcome.Held>(Deals.New().With(("Hub_Hold_Billing__c", true), ("Hub_Payment_Terms__c", null)).Plan());
}
