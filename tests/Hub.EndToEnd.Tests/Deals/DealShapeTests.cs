using System.Text.Json;

namespace Hub.EndToEnd.Tests.Deals;

/// <summary>What the plan says, the invoices that the sandbox issues say too, to the minor unit and the day; and both say what was worked out by hand.</summary>
public sealed class DealShapeTests(SoldDeals sold) : IClassFixture<SoldDeals>
{
    public static TheoryData<string> Deals => [.. SoldDeals.Names];

    [Theory]
    [MemberData(nameof(Deals))]
    public void The_plan_says_what_was_worked_out_by_hand(string deal) =>
        Assert.Equal(sold[deal].Sale.Expected.Order(StringComparer.Ordinal), sold[deal].Planned);

    [Theory]
    [MemberData(nameof(Deals))]
    public void Stripe_issues_what_the_plan_says(string deal)
    {
        Played played = sold[deal];
        Assert.All(played.Amendments.Prepend(played.Opportunity), opportunity => Assert.True(
            opportunity.GetProperty("Hub_Sync_Status__c").GetString() == "Billing active",
            $"{opportunity.GetProperty("Hub_Sync_Message__c")}\n{sold.Log(played.Sale)}"));
        Assert.Equal(played.Sale.Issues ?? played.Planned, played.Issued);
    }

    [Theory]
    [InlineData("without an end", "2030-03-20")]
    [InlineData("a year that renews itself", "2029-03-20")]
    public void A_contract_that_goes_on_is_billed_after_the_plan_too(string deal, string day) =>
        Assert.Contains(sold[deal].Invoices, invoice => DateTimeOffset.FromUnixTimeSeconds(invoice.GetProperty("created").GetInt64())
            .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) == day);

    [Fact]
    public void The_purchase_order_stands_on_every_invoice() => Assert.All(
        sold["a purchase order"].Invoices,
        invoice => Assert.Equal("PO-4711", invoice.GetProperty("custom_fields")[0].GetProperty("value").GetString()));

    [Fact]
    public void The_synced_quotes_number_stands_in_the_metadata_of_every_invoice() => Assert.All(
        sold["a synced quote"].Invoices,
        invoice => Assert.Equal("00000041", invoice.GetProperty("parent").GetProperty("subscription_details").GetProperty("metadata").GetProperty("sf_quote_number").GetString()));

    [Fact]
    public void A_saved_payment_method_pays_every_invoice() => Assert.All(
        sold["a saved payment method"].Invoices, invoice => Assert.Equal("paid", invoice.GetProperty("status").GetString()));

    [Fact]
    public void The_parent_account_is_the_customer()
    {
        Played played = sold["billed to the parent account"];

        Assert.Equal("billed to the parent account, group", played.Customer.GetProperty("name").GetString());
        Assert.Equal(played.Sale.Payer, played.Customer.GetProperty("metadata").GetProperty("sf_account_id").GetString());
        Assert.NotEqual(played.Sale.Payer, played.Opportunity.GetProperty("AccountId").GetString());
    }

    [Fact]
    public void Tax_id_exemption_and_language_reach_the_customer()
    {
        Played played = sold["a tax id and reverse charge"];
        JsonElement taxId = played.Invoices[0].GetProperty("customer_tax_ids")[0];

        Assert.Equal(("eu_vat", "DE123456789"), (taxId.GetProperty("type").GetString(), taxId.GetProperty("value").GetString()));
        Assert.Equal("reverse", played.Customer.GetProperty("tax_exempt").GetString());
        Assert.Equal("de", played.Customer.GetProperty("preferred_locales")[0].GetString());
    }
}
