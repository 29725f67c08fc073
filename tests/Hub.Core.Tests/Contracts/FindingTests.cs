using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

/// <summary>Each reason to refuse a new contract: code, record, field, value, and what the message must say.</summary>
public sealed class FindingTests
{
    private const string Line1 = "00k000000000001AAA";
    private const string Line2 = "00k000000000002AAA";

    [Fact]
    public void Contract_start_and_term_missing() => Only(
        Deals.New().With(("Hub_Contract_Start__c", null), ("Hub_Term_Months__c", null)).Line("SEAT", 1, 100m),
        ("contract-start-missing", "Opportunity", Deals.OpportunityId, "Hub_Contract_Start__c", null),
        ("term-missing", "Opportunity", Deals.OpportunityId, "Hub_Term_Months__c", null));

    // 15 October 2026 + 12 months − 1 day is 14 October 2027.
    [Fact]
    public void Term_contradiction() => Says(
        Only(Annual().With(("Hub_Contract_End__c", "2027-10-15")), ("term-contradiction", "Opportunity", Deals.OpportunityId, "Hub_Contract_End__c", "2027-10-15")),
        "2026-10-15", "12", "2027-10-14", "2027-10-15");

    [Fact]
    public void Amount_contradiction() => Says(
        Only(Annual().With(("Amount", 11999.5m)), ("amount-contradiction", "Opportunity", Deals.OpportunityId, "Amount", "11999.5")),
        "USD 11999.50", "USD 12000.00", "USD -0.50");

    // 40 × 300.00 less 10 % is 10 800.00, not 10 900.00; the amount, whose input is contradicted, is not checked.
    [Fact]
    public void Line_total_contradiction() => Says(
        Only(
            Deals.New().With(("Amount", 10900m)).Line("SEAT", 40, 300m, ("Discount", 10), ("TotalPrice", 10900.00m)),
            ("line-total-contradiction", "OpportunityLineItem", Line1, "TotalPrice", "10900.00")),
        "SEAT", "USD 10900.00", "USD 10800.00");

    // 3 × 33.335 = 100.005: Salesforce shows 100.01. The yearly amount itself cannot be billed, the total is right.
    [Fact]
    public void A_total_that_Salesforce_rounded_is_no_contradiction() => Only(
        Deals.New().With(("Amount", 100.01m)).Line("SEAT", 3, 33.335m, ("TotalPrice", 100.01m)),
        ("amount-not-representable", "OpportunityLineItem", Line1, "UnitPrice", "33.335"));

    [Theory]
    [InlineData("Net 33")]
    [InlineData("net 30")]
    [InlineData(null)]
    public void Payment_terms_unknown(string? terms) => Says(
        Only(Annual().With(("Hub_Payment_Terms__c", terms)), ("payment-terms-unknown", "Opportunity", Deals.OpportunityId, "Hub_Payment_Terms__c", terms)),
        terms ?? "empty", "Due on receipt", "Net 90");

    // Stripe takes 20 items in a phase. 21 lines at once are refused; 20, and 20 more that follow them half a year later, are not.
    [Fact]
    public void Too_many_items_at_the_same_time()
    {
        Deals full = Deals.New();
        Deals following = Deals.New().With(("Hub_Billing_Frequency__c", "Semiannual"));
        for (int number = 1; number <= 21; number++)
        {
            full.Line($"P{number}", 1, 100m);
        }

        for (int number = 1; number <= 20; number++)
        {
            following.Line($"A{number}", 1, 100m, ("Hub_Line_End__c", "2027-04-14")).Line($"B{number}", 1, 100m, ("Hub_Line_Start__c", "2027-04-15"));
        }

        Says(Only(full, ("too-many-items", "OpportunityLineItem", "00k000000000021AAA", "Product2Id", "01t000000000P21AAA")), "21", "20");
        Assert.Equal(2, following.Planned().Schedule!.Phases.Length);
    }

    // A plain invoice takes more lines than the first invoice of a subscription.
    [Fact]
    public void Too_many_one_time_lines_on_the_first_invoice_of_a_subscription()
    {
        Deals alone = Deals.New();
        Deals with = Deals.New().Line("SEAT", 1, 100m);
        for (int number = 1; number <= 21; number++)
        {
            alone.OneTime($"P{number}", 1, 10m);
            with.OneTime($"P{number}", 1, 10m);
        }

        Says(Only(with, ("too-many-items", "OpportunityLineItem", "00k000000000022AAA", "Product2Id", "01t000000000P21AAA")), "21 one-time", "20");
        Assert.Equal(21000, alone.Planned().Total.MinorUnits);
    }

    [Fact]
    public void A_tax_rate_that_Stripe_would_refuse() => Says(
        Assert.Single(Annual().Account(("Hub_Tax_Rate_Id__c", "txr_9")).Findings(billing: BillingSnapshot.Empty with { TaxRateRefused = true }), problem =>
            problem is { Code: "value-invalid", Object: "Account", RecordId: Deals.AccountId, Field: "Hub_Tax_Rate_Id__c", Value: "txr_9" }),
        "txr_9");

    [Fact]
    public void Billing_email_missing_on_the_contact() => Only(
        Annual().Contact(("Email", null)), ("billing-email-missing", "Contact", "003000000000001AAA", "Email", null));

    [Fact]
    public void Billing_contact_missing_on_the_opportunity() => Only(
        Annual().With(("Hub_Billing_Contact__c", null)),
        ("billing-email-missing", "Opportunity", Deals.OpportunityId, "Hub_Billing_Contact__c", null));

    [Fact]
    public void Product_inactive_and_unmapped_once_for_both_of_its_lines() => Says(
        Only(
            Deals.New().Line("SEAT", 1, 100m).Line("SEAT", 2, 90m).OneTime("SETUP", 1, 5m)
                .Product("SEAT", ("IsActive", false)).Product("SETUP", ("Hub_Stripe_Product_Id__c", null)),
            ("product-inactive", "Product2", "01t00000000SEATAAA", "IsActive", "false"),
            ("product-unmapped", "Product2", "01t0000000SETUPAAA", "Hub_Stripe_Product_Id__c", null)),
        "SEAT");

    [Fact]
    public void Price_basis_and_price_missing() => Says(
        Only(
            Deals.New().Line("SEAT", 1, null, ("Hub_Price_Basis__c", null)),
            ("line-price-missing", "OpportunityLineItem", Line1, "UnitPrice", null),
            ("price-basis-missing", "OpportunityLineItem", Line1, "Hub_Price_Basis__c", null)),
        "SEAT");

    // 3 × KWD 7.255 = 21.765 = 21765 fils, but the last digit must be 0. 3 × 7.25 = 21.75 and 3 × 7.26 = 21.78 work; thirds cannot be typed.
    [Fact]
    public void Amount_not_representable_in_dinars()
    {
        Problem found = Only(
            Deals.New().With(("CurrencyIsoCode", "KWD"), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 3, 7.255m, ("Hub_Price_Basis__c", "Month")),
            ("amount-not-representable", "OpportunityLineItem", Line1, "UnitPrice", "7.255"));
        Says(found, "SEAT", "3 × KWD 7.255", "21765", "KWD 7.250", "KWD 7.260");
    }

    // JPY 1 000 a year billed monthly is 83.33 yen; 996 and 1 008 a year are 83 and 84.
    [Fact]
    public void Amount_not_representable_in_yen() => Says(
        Only(
            Deals.New().With(("CurrencyIsoCode", "JPY"), ("Hub_Billing_Frequency__c", "Monthly")).Line("SEAT", 1, 1000m),
            ("amount-not-representable", "OpportunityLineItem", Line1, "UnitPrice", "1000")),
        "83.333333", "JPY 996", "JPY 1008");

    [Fact]
    public void Quantity_not_whole() => Says(
        Only(Deals.New().Line("SEAT", 2.5m, 100m), ("quantity-not-whole", "OpportunityLineItem", Line1, "Quantity", "2.5")), "SEAT", "2.5");

    [Fact]
    public void Two_products_on_one_meter_charge_the_same_usage_twice() => Says(
        Only(
            Annual().Usage("API", 0.01m).Usage("DATA", 0.02m, ("Hub_Line_Start__c", "2027-04-15")).Product("DATA", ("Hub_Meter_Id__c", "mtr_API")),
            ("meter-shared", "Product2", "01t00000000DATAAAA", "Hub_Meter_Id__c", "mtr_API")),
        "API", "DATA", "2027-04-15", "2027-10-14");

    [Fact]
    public void One_product_sold_by_usage_twice_on_the_same_days_charges_its_usage_twice() => Says(
        Only(
            Annual().Usage("API", 0.01m).Usage("API", 0.02m),
            ("meter-shared", "OpportunityLineItem", "00k000000000003AAA", "Hub_Line_Start__c", null)),
        "API", "mtr_API", "2026-10-15", "2027-10-14");

    [Fact]
    public void Usage_lines_of_one_product_on_other_days_overlap_and_no_more_is_said() => Only(
        Annual().Usage("API", 0.01m).Usage("API", 0.02m, ("Hub_Line_Start__c", "2027-04-15")),
        ("line-overlap", "OpportunityLineItem", "00k000000000003AAA", "Hub_Line_Start__c", "2027-04-15"));

    [Theory]
    [InlineData("API", "mtr_API")]
    [InlineData("DATA", "mtr_API")]
    public void Usage_lines_that_follow_one_another_share_a_meter(string next, string meter) => Assert.Equal(
        3,
        Annual().Usage("API", 0.01m, ("Hub_Line_End__c", "2027-04-14")).Usage(next, 0.02m, ("Hub_Line_Start__c", "2027-04-15"))
            .Usage("CALLS", 0.01m).Product(next, ("Hub_Meter_Id__c", meter)).Planned().Schedule!.Phases.SelectMany(phase => phase.Items).Where(item => item.Usage)
            .DistinctBy(item => item.LineId).Count());

    [Fact]
    public void Line_gap_between_segments_of_a_product() => Says(
        Only(
            Deals.New().With(("Hub_Term_Months__c", 24))
                .Line("SEAT", 1, 100m, ("Hub_Line_End__c", "2027-10-14"))
                .Line("SEAT", 2, 100m, ("Hub_Line_Start__c", "2027-11-15")),
            ("line-gap", "OpportunityLineItem", Line2, "Hub_Line_Start__c", "2027-11-15")),
        "SEAT", "2027-10-15", "2027-11-14");

    [Fact]
    public void Days_of_the_contract_that_nothing_bills_are_a_gap() => Says(
        Only(
            Deals.New().With(("Hub_Term_Months__c", 24))
                .Line("SEAT", 1, 100m, ("Hub_Line_End__c", "2027-10-14"))
                .Line("EXTRA", 1, 100m, ("Hub_Line_End__c", "2027-12-14")),
            ("line-gap", "OpportunityLineItem", Line2, "Hub_Line_Start__c", null)),
        "2027-12-15", "2028-10-14");

    [Fact]
    public void Line_overlap() => Says(
        Only(
            Deals.New()
                .Line("SEAT", 10, 100m, ("Hub_Line_End__c", "2027-04-14"))
                .Line("SEAT", 15, 100m, ("Hub_Line_Start__c", "2027-03-15")),
            ("line-overlap", "OpportunityLineItem", Line2, "Hub_Line_Start__c", "2027-03-15")),
        "SEAT", "2027-03-15", "2027-04-14", "10", "15");

    // The lines state their own days, so neither the missing start nor the missing term stands in the way of comparing them.
    [Fact]
    public void Lines_that_state_their_days_are_compared_even_where_the_contracts_are_missing()
    {
        Only(
            Deals.New().With(("Hub_Contract_Start__c", null))
                .Line("SEAT", 3, 100m, ("Hub_Line_Start__c", "2026-10-15"), ("Hub_Line_End__c", "2027-02-14"))
                .Line("SEAT", 4, 100m, ("Hub_Line_Start__c", "2027-01-15"), ("Hub_Line_End__c", "2027-10-14")),
            ("contract-start-missing", "Opportunity", Deals.OpportunityId, "Hub_Contract_Start__c", null),
            ("line-overlap", "OpportunityLineItem", Line2, "Hub_Line_Start__c", "2027-01-15"));
        Only(
            Deals.New().With(("Hub_Term_Months__c", null))
                .Line("SEAT", 3, 100m, ("Hub_Line_End__c", "2027-01-14"))
                .Line("SEAT", 4, 100m, ("Hub_Line_Start__c", "2027-02-15")),
            ("term-missing", "Opportunity", Deals.OpportunityId, "Hub_Term_Months__c", null),
            ("line-gap", "OpportunityLineItem", Line2, "Hub_Line_Start__c", "2027-02-15"));
    }

    // Whether the first line overlaps the second depends on the contract's last day, which is a finding itself.
    [Fact]
    public void Lines_that_end_with_a_contract_whose_end_is_missing_are_not_compared() => Only(
        Deals.New().With(("Hub_Term_Months__c", null))
            .Line("SEAT", 3, 100m)
            .Line("SEAT", 4, 100m, ("Hub_Line_Start__c", "2027-02-15"), ("Hub_Line_End__c", "2027-10-14")),
        ("term-missing", "Opportunity", Deals.OpportunityId, "Hub_Term_Months__c", null));

    // 3 × 33.333333333333 is 99.999999999999, which is 9999.9999999999 cents and not 10000.
    [Fact]
    public void An_amount_that_is_almost_whole_is_not_shown_as_whole() => Says(
        Only(
            Deals.New().Line("SEAT", 3, 33.333333333333m),
            ("amount-not-representable", "OpportunityLineItem", Line1, "UnitPrice", "33.333333333333")),
        "9999.9999999999 minor units", "33.33", "33.34");

    [Fact]
    public void Two_lines_of_one_product_with_the_same_days_run_side_by_side() =>
        Assert.Equal(2, Deals.New().Line("SEAT", 1, 100m).Line("SEAT", 2, 90m).Planned().Schedule!.Phases[0].Items.Length);

    [Fact]
    public void Line_outside_contract() => Says(
        Only(
            Deals.New().Line("SEAT", 1, 100m, ("Hub_Line_Start__c", "2026-10-01"), ("Hub_Line_End__c", "2027-10-31")),
            ("line-outside-contract", "OpportunityLineItem", Line1, "Hub_Line_Start__c", "2026-10-01"),
            ("line-outside-contract", "OpportunityLineItem", Line1, "Hub_Line_End__c", "2027-10-31")),
        "2026-10-01", "2026-10-15", "2027-10-14");

    [Fact]
    public void Currency_mixed() => Says(
        Only(
            Deals.New().Line("SEAT", 1, 100m, ("CurrencyIsoCode", "USD")).Entry(("CurrencyIsoCode", "EUR")),
            ("currency-mixed", "OpportunityLineItem", Line1, "CurrencyIsoCode", "USD")),
        "USD", "EUR");

    [Fact]
    public void Customer_currency_conflict()
    {
        var billing = new BillingSnapshot(new("cus_9", "eur"), [new("sub_7", "eur", Deals.Date("2027-03-01"), null)], null);
        Problem found = Assert.Single(Annual().Findings(billing: billing));

        Assert.Equal(("customer-currency-conflict", "CurrencyIsoCode", "USD"), (found.Code, found.Field, found.Value));
        Says(found, "USD", "EUR", "sub_7", "2027-03-01");
        Assert.Contains("Sell in EUR", found.Fix, StringComparison.Ordinal);
        Assert.Contains("separate Stripe customer", found.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_customer_whose_subscriptions_run_in_the_deals_currency_has_no_conflict() =>
        Annual().Planned(billing: new(new("cus_9", "eur"), [new("sub_7", "usd", null, null)], null));

    // Eleven monthly steps are eleven phases.
    [Fact]
    public void Too_many_phases()
    {
        Problem found = Only(
            Steps(11), ("too-many-phases", "OpportunityLineItem", "00k000000000011AAA", "Hub_Line_Start__c", "2027-09-01"));
        Says(found, "11", "10");
        Assert.Contains("quarterly", found.Fix, StringComparison.Ordinal);
        Assert.Contains("rolling phases", found.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_phases_are_fine_and_more_with_rolling_phases()
    {
        Assert.Equal(10, Steps(10).Planned().Schedule!.Phases.Length);
        Assert.Equal(11, Steps(11).Planned(options: new() { RollingPhases = true }).Schedule!.Phases.Length);
    }

    // 2 July to 1 October 2026 are 91 days.
    [Fact]
    public void Backdated_too_far() => Says(
        Only(Annual().With(("Hub_Contract_Start__c", "2026-07-02")), ("backdated-too-far", "Opportunity", Deals.OpportunityId, "Hub_Contract_Start__c", "2026-07-02")),
        "91", "90");

    [Fact]
    public void Ninety_days_back_are_allowed() => Annual().With(("Hub_Contract_Start__c", "2026-07-03")).Planned();

    [Fact]
    public void Intervals_that_are_no_multiples_are_refused() => Says(
        Only(
            Deals.New().With(("Hub_Term_Months__c", 10))
                .Line("SEAT", 1, 10m, ("Hub_Price_Basis__c", "Month"), ("Hub_Billing_Frequency__c", "Quarterly"))
                .Line("PLATFORM", 1, 1000m, ("Hub_Price_Basis__c", "Term"), ("Hub_Billing_Frequency__c", "Upfront")),
            ("interval-unsupported", "OpportunityLineItem", Line2, "Hub_Billing_Frequency__c", "Upfront")),
        "10 months", "3 months");

    [Fact]
    public void Upfront_over_36_months_is_refused() => Says(
        Only(
            Annual().With(("Hub_Term_Months__c", 37), ("Hub_Billing_Frequency__c", "Upfront")),
            ("interval-unsupported", "OpportunityLineItem", Line1, "Hub_Billing_Frequency__c", null)),
        "37", "36");

    [Fact]
    public void Value_too_long() => Says(
        Only(
            Annual().With(("Hub_PO_Number__c", new string('7', 141))).Account(("Name", new string('A', 151))),
            ("value-too-long", "Opportunity", Deals.OpportunityId, "Hub_PO_Number__c", new string('7', 141)),
            ("value-too-long", "Account", Deals.AccountId, "Name", new string('A', 151))),
        "141", "140");

    [Fact]
    public void An_amendment_of_a_contract_that_is_not_known() => Only(
        Annual().With(("Hub_Deal_Type__c", "Upsell"), ("Hub_Amends_Contract__c", "800000000000001AAA")),
        ("contract-unknown", "Opportunity", Deals.OpportunityId, "Hub_Amends_Contract__c", "800000000000001AAA"));

    [Fact]
    public void Unreadable_values_are_named() => Only(
        Annual().With(("Hub_Contract_Start__c", "15.10.2026")).Line("ADDON", 0, -5m),
        ("value-invalid", "Opportunity", Deals.OpportunityId, "Hub_Contract_Start__c", "15.10.2026"),
        ("value-invalid", "OpportunityLineItem", Line2, "Quantity", "0"),
        ("value-invalid", "OpportunityLineItem", Line2, "UnitPrice", "-5"));

    [Fact]
    public void Everything_wrong_is_found_in_one_pass()
    {
        string[] codes =
        [
            .. Deals.New()
                .With(("Hub_Payment_Terms__c", "Net 33"), ("Hub_Contract_Start__c", "2026-01-01"), ("Amount", 1m), ("Hub_PO_Number__c", new string('7', 200)))
                .Contact(("Email", null))
                .Product("SEAT", ("IsActive", false), ("Hub_Stripe_Product_Id__c", null))
                .Line("SEAT", 1.5m, 100m)
                .Line("ADDON", 1, 5m, ("Hub_Line_Start__c", "2025-01-01"))
                .Findings().Select(problem => problem.Code).Order(StringComparer.Ordinal),
        ];

        Assert.Equal(
            [
                "amount-contradiction", "backdated-too-far", "billing-email-missing", "line-outside-contract", "payment-terms-unknown", "product-inactive",
                "product-unmapped", "quantity-not-whole", "value-too-long",
            ],
            codes);
    }

    private static Deals Annual() => Deals.New().Line("SEAT", 40, 300m);

    private static Deals Steps(int count)
    {
        Deals deal = Deals.New().With(("Hub_Contract_Start__c", "2026-11-01"), ("Hub_Term_Months__c", count), ("Hub_Billing_Frequency__c", "Monthly"));
        for (int step = 0; step < count; step++)
        {
            NodaTime.LocalDate start = Deals.Date("2026-11-01").PlusMonths(step);
            deal.Line(
                "SEAT", step + 1, 10m, ("Hub_Price_Basis__c", "Month"),
                ("Hub_Line_Start__c", start.ToString("uuuu-MM-dd", null)), ("Hub_Line_End__c", start.PlusMonths(1).PlusDays(-1).ToString("uuuu-MM-dd", null)));
        }

        return deal;
    }

    /// <summary>Exactly these findings; returns the first.</summary>
    private static Problem Only(Deals deal, params (string Code, string Object, string RecordId, string Field, string? Value)[] expected)
    {
        var found = deal.Findings();
        Assert.Equal(expected, found.Select(problem => (problem.Code, problem.Object, problem.RecordId, problem.Field, problem.Value)));
        Assert.All(found, problem => Assert.NotEmpty(problem.Fix));
        return found[0];
    }

    private static void Says(Problem problem, params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, problem.Message + " " + problem.Fix, StringComparison.Ordinal));
}
