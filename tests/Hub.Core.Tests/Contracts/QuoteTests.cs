using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

/// <summary>The lines that were sold beside those of the synced quote.</summary>
public sealed class QuoteTests
{
    private const string Line1 = "00k000000000001AAA";
    private const string Line2 = "00k000000000002AAA";

    private static Deals Sold => Deals.New()
        .Line("SEAT", 40, 300m, ("Discount", 10m)).Line("SEAT", 5, 300m).OneTime("SETUP", 1, 450m, ("ServiceDate", "2026-10-15"));

    [Fact]
    public void Lines_that_are_those_of_the_synced_quote_are_billed_in_whatever_order_they_stand()
    {
        Deals deal = Sold.Quoted("SETUP", 1.00m, 450.00m).Quoted("SEAT", 5, 300m, ("Discount", 0)).Quoted("SEAT", 40, 300m, ("Discount", 10.0m), ("ServiceDate", null));

        Assert.Equal("Q-7", deal.Planned().QuoteNumber);
    }

    [Fact]
    public void A_quote_leaves_the_version_of_what_is_billed_alone() => Assert.Equal(
        Sold.Planned().Version, Sold.Quoted("SETUP", 1, 450m).Quoted("SEAT", 5, 300m).Quoted("SEAT", 40, 300m, ("Discount", 10)).Planned().Version);

    [Fact]
    public void A_deal_without_a_synced_quote_has_no_quote_number() => Assert.Null(Sold.Planned().QuoteNumber);

    // Every value that differs is told, of the line that agrees best with the quoted one.
    [Fact]
    public void Every_value_that_differs_from_the_synced_quote_is_a_finding()
    {
        var found = Sold
            .Quoted("SEAT", 5, 290m)
            .Quoted("SEAT", 42, 300m, ("Discount", 12.5m))
            .Quoted("SETUP", 1, 450m, ("ServiceDate", "2026-10-16"))
            .Findings();

        Assert.Equal(
            [
                (Line2, "UnitPrice", "300", "Product SEAT: the opportunity's line has sales price USD 300.00, but the synced quote Q-7 has USD 290.00."),
                (Line1, "Quantity", "40", "Product SEAT: the opportunity's line has quantity 40, but the synced quote Q-7 has 42."),
                (Line1, "Discount", "10", "Product SEAT: the opportunity's line has discount 10 %, but the synced quote Q-7 has 12.5 %."),
                ("00k000000000003AAA", "ServiceDate", "2026-10-15", "Product SETUP: the opportunity's line has service date 2026-10-15, but the synced quote Q-7 has 2026-10-16."),
            ],
            found.Select(problem => (problem.RecordId, problem.Field, problem.Value!, problem.Message)));
        Assert.All(found, problem => Assert.Equal(("quote-contradiction", "OpportunityLineItem"), (problem.Code, problem.Object)));
    }

    [Fact]
    public void Lines_that_only_one_side_has_are_findings()
    {
        var found = Sold.Quoted("SEAT", 40, 300m, ("Discount", 10)).Quoted("SUPPORT", 2, 99.5m, ("Discount", 5)).Quoted("SETUP", 1, 450m).Findings();

        Assert.Equal(
            [
                ("OpportunityLineItem", Line2, "Product2Id", "01t00000000SEATAAA", "The opportunity has a line of product SEAT (5 at USD 300.00) that the synced quote Q-7 does not have."),
                ("Opportunity", Deals.OpportunityId, "SyncedQuoteId", Deals.QuoteId, "The synced quote Q-7 has a line of product SUPPORT (2 at USD 99.50 less 5 %) that the opportunity does not have."),
            ],
            found.Select(problem => (problem.Object, problem.RecordId, problem.Field, problem.Value!, problem.Message)));
    }

    [Fact]
    public void A_service_date_that_only_the_quote_states_is_a_difference() => Assert.Contains(
        "has service date none, but the synced quote Q-7 has 2026-11-01",
        Assert.Single(Deals.New().Line("SEAT", 1, 100m).Quoted("SEAT", 1, 100m, ("ServiceDate", "2026-11-01")).Findings()).Message, StringComparison.Ordinal);

    // A missing price is one finding, not two; what a usage line demands as quantity is ignored.
    [Fact]
    public void A_value_that_is_a_problem_already_is_not_compared() => Assert.Equal(
        ["line-price-missing"],
        Deals.New().Line("SEAT", 1, null).Usage("API", 0.01m).Quoted("SEAT", 1, 100m).Quoted("API", 3, 0.01m).Findings().Select(problem => problem.Code));

    [Fact]
    public void A_product_is_known_by_its_price_book_entry_too() => Assert.Equal(
        "Q-7",
        Deals.New().Line("SEAT", 1, 100m).Entry(("Product2Id", "01t00000000SEATAAA"))
            .Quoted("SEAT", 1, 100m, ("Product2Id", null), ("PricebookEntryId", "01u000000000001AAA")).Planned().QuoteNumber);

    [Fact]
    public void A_synced_quote_that_cannot_be_read_is_a_finding_and_one_that_was_not_exported_is_none()
    {
        DealSnapshot deal = Deals.New().Line("SEAT", 1, 100m).With(("SyncedQuoteId", Deals.QuoteId)).Snapshot();

        Problem problem = Assert.Single(Assert.IsType<PlanOutcome.Rejected>(Plan(deal)).Problems);
        Assert.Equal(("quote-contradiction", "SyncedQuoteId", Deals.QuoteId), (problem.Code, problem.Field, problem.Value));
        Assert.Null(Assert.IsType<PlanOutcome.Planned>(Plan(deal with { NotExported = ["Quote"] })).Plan.QuoteNumber);
    }

    [Fact]
    public void A_quote_of_which_no_lines_were_exported_gives_its_number_alone()
    {
        DealSnapshot deal = Deals.New().Line("SEAT", 1, 100m).Quoted("SEAT", 2, 100m).Snapshot();

        Assert.IsType<PlanOutcome.Rejected>(Plan(deal));
        Assert.Equal("Q-7", Assert.IsType<PlanOutcome.Planned>(Plan(deal with { NotExported = ["QuoteLineItem"] })).Plan.QuoteNumber);
    }

    // The contract keeps the number of the quote it was sold with; the amendment's own quote is compared with the amendment's lines.
    [Fact]
    public void An_amendment_is_compared_with_its_own_quote_and_keeps_the_contracts_number()
    {
        (Deals, string) sold = (Deals.New().Line("SEAT", 10, 1200m).Quoted("SEAT", 10, 1200m), "2026-10-01");
        Deals Upsell(int quoted) => Deals.Amending("Upsell", "2026-12-15").Line("SEAT", 5, 1200m).Quoted("SEAT", quoted, 1200m);

        Assert.Equal("Q-7", Deals.Planned(sold, (Upsell(5), "2026-12-01")).QuoteNumber);
        Assert.Equal("quote-contradiction", Assert.Single(Deals.Findings(sold, (Upsell(4), "2026-12-01"))).Code);
        Assert.Equal(["contract-unknown", "quote-contradiction"], Upsell(4).Findings("2026-12-01").Select(problem => problem.Code));
    }

    [Fact]
    public void A_change_of_the_quote_is_a_change_of_the_deal()
    {
        DealSnapshot quoted = Deals.New().Line("SEAT", 1, 100m).Quoted("SEAT", 1, 100m).Snapshot();
        DealSnapshot changed = Deals.New().Line("SEAT", 1, 100m).Quoted("SEAT", 2, 100m).Snapshot();

        Assert.NotEqual(DealHash.Of(quoted), DealHash.Of(changed));
        Assert.NotEqual(DealHash.Of(quoted), DealHash.Of(quoted with { Quote = null }));
    }

    private static PlanOutcome Plan(DealSnapshot deal) => ContractPlanning.Plan(deal, BillingSnapshot.Empty, Deals.Date("2026-10-01"), new());
}
