using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Salesforce;
using Microsoft.Extensions.DependencyInjection;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class DealTests
{
    private readonly FakeOrg _org = new();
    private static readonly string Account = Ids.Of("001", 1);
    private static readonly string Contact = Ids.Of("003", 1);
    private static readonly string Contract = Ids.Of("800", 1);
    private static readonly string Product = Ids.Of("01t", 1);
    private static readonly string Entry = Ids.Of("01u", 1);

    public DealTests() => _org.OnQuery = OneDeal;

    [Fact]
    public async Task One_deal_with_all_its_records_costs_two_calls()
    {
        using ServiceProvider hub = _org.Connect();

        DealSnapshot deal = Assert.Single(await GetDeals(hub, Ids.Opportunity(1)));

        Assert.Equal("Acme renewal", deal.Opportunity.Text("Name"));
        Assert.Equal([Ids.Line(1), Ids.Line(2)], deal.Lines.Select(line => line.Id));
        Assert.Equal("Acme", deal.Account!.Text("Name"));
        Assert.Equal("ap@acme.example", Assert.Single(deal.Contacts).Text("Email"));
        Assert.Equal("PRO", Assert.Single(deal.Products).Text("ProductCode"));
        Assert.Equal(12.5m, Assert.Single(deal.PricebookEntries).Fields["UnitPrice"].GetDecimal());
        Assert.Equal("2026-01-01", deal.Contract!.Text("StartDate"));
        Assert.Equal(2, _org.Data.Count(call => !call.Path.Contains("describe", StringComparison.Ordinal)));
    }

    // Quotes come with the opportunities and the lines; what a quote alone sells is read with the other products.
    [Fact]
    public async Task The_synced_quote_comes_with_the_deal_in_the_same_two_calls()
    {
        _org.OnQuery = Quoted;
        using ServiceProvider hub = _org.Connect(WithQuotes);

        DealSnapshot deal = Assert.Single(await GetDeals(hub, Ids.Opportunity(1)));

        Assert.Equal("00000041", deal.Quote!.Number);
        Assert.Equal([Ids.Of("0QL", 1), Ids.Of("0QL", 2)], deal.Quote.Lines.Select(line => line.Id));
        Assert.Equal(12m, deal.Quote.Lines[0].Fields["Quantity"].GetDecimal());
        Assert.Equal(["PRO", "ADD"], deal.Products.Select(product => product.Text("ProductCode")));
        Assert.Equal(2, _org.Data.Count(call => !call.Path.Contains("describe", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Only_the_synced_quote_of_each_opportunity_is_asked_for()
    {
        List<string> asked = [];
        _org.OnQuery = (soql, all) =>
        {
            asked.Add(soql);
            return Quoted(soql, all);
        };
        using ServiceProvider hub = _org.Connect(WithQuotes);

        await GetDeals(hub, Ids.Opportunity(1), Ids.Opportunity(2));

        string ids = $"('{Ids.Opportunity(1)}','{Ids.Opportunity(2)}')";
        Assert.Contains($"SELECT Id,SystemModstamp,OpportunityId,QuoteNumber,IsDeleted FROM Quote WHERE OpportunityId IN {ids} AND IsSyncing = true ORDER BY Id", asked);
        Assert.Contains(
            "SELECT Id,SystemModstamp,QuoteId,Product2Id,PricebookEntryId,Quantity,UnitPrice,Discount,ServiceDate,IsDeleted FROM QuoteLineItem "
                + $"WHERE Quote.OpportunityId IN {ids} AND Quote.IsSyncing = true ORDER BY Id",
            asked);
        Assert.Contains(",SyncedQuoteId", asked.Single(soql => From(soql) == "Opportunity"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_setting_no_query_names_a_quote()
    {
        List<string> asked = [];
        _org.OnQuery = (soql, all) =>
        {
            asked.Add(soql);
            return OneDeal(soql, all);
        };
        using ServiceProvider hub = _org.Connect();

        Assert.Null(Assert.Single(await GetDeals(hub, Ids.Opportunity(1))).Quote);
        Assert.DoesNotContain(asked, soql => soql.Contains("Quote", StringComparison.Ordinal));
    }

    // Between the parts of a call the sync may have moved on: then the deal says which quote is missing, and nothing is taken for it.
    [Fact]
    public async Task Another_quote_than_the_one_the_opportunity_names_is_not_taken_for_it()
    {
        _org.OnQuery = (soql, all) => From(soql) == "Quote" ? Answer.Page(new { Id = Ids.Of("0Q0", 9), OpportunityId = Ids.Opportunity(1), QuoteNumber = "00000049" }) : Quoted(soql, all);
        using ServiceProvider hub = _org.Connect(WithQuotes);

        DealSnapshot deal = Assert.Single(await GetDeals(hub, Ids.Opportunity(1)));

        Assert.Null(deal.Quote);
        Assert.Equal(Ids.Of("0Q0", 1), deal.Opportunity.Text("SyncedQuoteId"));
        Assert.Empty(deal.NotExported);
    }

    [Fact]
    public async Task An_org_without_quotes_refuses_the_reading_of_deals_where_the_setting_says_it_has_them()
    {
        _org.OnQuery = (soql, all) => soql.Contains("SyncedQuoteId", StringComparison.Ordinal)
            ? Answer.Error(400, "INVALID_FIELD", "No such column 'SyncedQuoteId' on entity 'Opportunity'.")
            : Quoted(soql, all);
        using ServiceProvider hub = _org.Connect(WithQuotes);

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => GetDeals(hub, Ids.Opportunity(1)));

        Assert.Equal((SalesforceFailure.Configuration, "INVALID_FIELD"), (error.Failure, error.Code));
    }

    [Fact]
    public async Task An_account_that_is_billed_to_its_parent_costs_one_call_more_and_the_parent_pays()
    {
        string parent = Ids.Of("001", 2);
        _org.OnQuery = (soql, all) => From(soql) != "Account" ? OneDeal(soql, all)
            : soql.Contains(parent, StringComparison.Ordinal) ? Answer.Page(new { Id = parent, Name = "Group" })
            : Answer.Page(new { Id = Account, Name = "Acme", ParentId = parent, Hub_Bill_Parent__c = true });
        using ServiceProvider hub = _org.Connect();

        DealSnapshot deal = Assert.Single(await GetDeals(hub, Ids.Opportunity(1)));

        Assert.Equal((parent, "Group"), (deal.Opportunity.Text("AccountId"), deal.Account!.Text("Name")));
        Assert.Equal(3, _org.Data.Count(call => !call.Path.Contains("describe", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Deals_come_in_the_order_asked_for_and_missing_ones_are_left_out()
    {
        _org.OnQuery = (soql, _) => From(soql) == "Opportunity"
            ? Answer.Page(new { Id = Ids.Opportunity(1) }, new { Id = Ids.Opportunity(2) })
            : Answer.Page();
        using ServiceProvider hub = _org.Connect();

        ImmutableArray<DealSnapshot> deals = await GetDeals(hub, Ids.Opportunity(2), Ids.Opportunity(3), Ids.Opportunity(1), Ids.Opportunity(2));

        Assert.Equal([Ids.Opportunity(2), Ids.Opportunity(1)], deals.Select(deal => deal.Opportunity.Id));
    }

    [Fact]
    public async Task Records_a_deal_names_but_nobody_may_see_are_missing_not_wrong()
    {
        _org.OnQuery = (soql, all) => From(soql) is "Account" or "Contact" or "Contract" or "Product2" ? Answer.Page() : OneDeal(soql, all);
        using ServiceProvider hub = _org.Connect();

        DealSnapshot deal = Assert.Single(await GetDeals(hub, Ids.Opportunity(1)));

        Assert.Null(deal.Account);
        Assert.Null(deal.Contract);
        Assert.Empty(deal.Contacts);
        Assert.Empty(deal.Products);
        Assert.Equal(2, deal.Lines.Length);
    }

    [Fact]
    public async Task Part_of_a_composite_that_fails_is_asked_again_alone()
    {
        int failures = 1;
        _org.OnQuery = (soql, all) => From(soql) == "OpportunityLineItem" && failures-- > 0 ? Answer.Error(503, "SERVER_UNAVAILABLE") : OneDeal(soql, all);
        using ServiceProvider hub = _org.Connect();

        DealSnapshot deal = Assert.Single(await GetDeals(hub, Ids.Opportunity(1)));

        Assert.Equal(2, deal.Lines.Length);
        Assert.Single(_org.Data, call => call.Path.EndsWith("/query", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_beyond_the_first_page_are_followed_inside_a_composite_too()
    {
        _org.OnQuery = (soql, all) => From(soql) == "OpportunityLineItem"
            ? Answer.PageThen("/services/data/v67.0/query/0r8000000000001-2000", new { Id = Ids.Line(1), OpportunityId = Ids.Opportunity(1) })
            : OneDeal(soql, all);
        _org.Intercept = call => call.Path.EndsWith("-2000", StringComparison.Ordinal)
            ? new(200, $$"""{"records":[{"Id":"{{Ids.Line(2)}}","OpportunityId":"{{Ids.Opportunity(1)}}"}]}""")
            : null;
        using ServiceProvider hub = _org.Connect();

        Assert.Equal(2, Assert.Single(await GetDeals(hub, Ids.Opportunity(1))).Lines.Length);
    }

    [Fact]
    public async Task Id_lists_are_cut_at_two_hundred()
    {
        List<int> lengths = [];
        _org.OnQuery = (soql, _) =>
        {
            lengths.Add(soql.Split("'006").Length - 1);
            return Answer.Page();
        };
        using ServiceProvider hub = _org.Connect();

        await GetDeals(hub, [.. Enumerable.Range(1, 201).Select(Ids.Opportunity)]);

        Assert.Equal([1, 1, 200, 200], lengths.Order());
    }

    [Fact]
    public async Task Org_with_one_currency_has_the_field_dropped_and_the_setting_filled_in()
    {
        Describe("CurrencyIsoCode");
        _org.OnQuery = (soql, all) => soql.Contains("CurrencyIsoCode", StringComparison.Ordinal)
            ? Answer.Error(400, "INVALID_FIELD", "No such column 'CurrencyIsoCode' on entity 'Opportunity'")
            : OneDeal(soql, all);
        using ServiceProvider hub = _org.Connect(settings => settings["Salesforce:DefaultCurrency"] = "eur");

        DealSnapshot deal = Assert.Single(await GetDeals(hub, Ids.Opportunity(1)));

        Assert.Equal("EUR", deal.Opportunity.Text("CurrencyIsoCode"));
        Assert.All(deal.Lines, line => Assert.Equal("EUR", line.Text("CurrencyIsoCode")));
        Assert.All(deal.PricebookEntries, entry => Assert.Equal("EUR", entry.Text("CurrencyIsoCode")));
        Assert.False(deal.Account!.Fields.ContainsKey("CurrencyIsoCode"));
    }

    [Fact]
    public async Task Org_with_one_currency_needs_the_setting()
    {
        Describe("CurrencyIsoCode");
        using ServiceProvider hub = _org.Connect(settings => settings.Remove("Salesforce:DefaultCurrency"));

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => GetDeals(hub, Ids.Opportunity(1)));

        Assert.Equal(SalesforceFailure.Configuration, error.Failure);
        Assert.Contains("Salesforce:DefaultCurrency", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Currency_of_the_record_wins_over_the_setting()
    {
        _org.OnQuery = (soql, _) => From(soql) == "Opportunity" ? Answer.Page(new { Id = Ids.Opportunity(1), CurrencyIsoCode = "KWD" }) : Answer.Page();
        using ServiceProvider hub = _org.Connect();

        Assert.Equal("KWD", Assert.Single(await GetDeals(hub, Ids.Opportunity(1))).Opportunity.Text("CurrencyIsoCode"));
    }

    [Fact]
    public async Task Describe_is_read_once_a_day()
    {
        Describe("CurrencyIsoCode");
        using ServiceProvider hub = _org.Connect();

        await GetDeals(hub, Ids.Opportunity(1));
        int first = Described();
        await GetDeals(hub, Ids.Opportunity(1));
        int second = Described();
        _org.Time.Advance(TimeSpan.FromHours(25));
        await GetDeals(hub, Ids.Opportunity(1));

        Assert.Equal((7, 7, 14), (first, second, Described()));
    }

    [Fact]
    public async Task Optional_field_an_org_lacks_is_learnt_from_the_refusal_where_describe_tells_nothing()
    {
        _org.OnQuery = (soql, all) => soql.Contains("Hub_Free_Months__c", StringComparison.Ordinal)
            ? Answer.Error(400, "INVALID_FIELD", "\nHub_Free_Months__c\n^\nERROR at Row:1:Column:9\nNo such column 'Hub_Free_Months__c' on entity 'Opportunity'.")
            : OneDeal(soql, all);
        using ServiceProvider hub = _org.Connect();

        Assert.Equal("Acme renewal", Assert.Single(await GetDeals(hub, Ids.Opportunity(1))).Opportunity.Text("Name"));
    }

    [Fact]
    public async Task Required_field_an_org_lacks_is_a_configuration_error_and_never_reads_as_empty()
    {
        Describe("Hub_Payment_Terms__c");
        _org.OnQuery = (soql, all) => soql.Contains("Hub_Payment_Terms__c", StringComparison.Ordinal)
            ? Answer.Error(400, "INVALID_FIELD", "No such column 'Hub_Payment_Terms__c' on entity 'Opportunity'.")
            : OneDeal(soql, all);
        using ServiceProvider hub = _org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => GetDeals(hub, Ids.Opportunity(1)));

        Assert.Equal((SalesforceFailure.Configuration, "INVALID_FIELD"), (error.Failure, error.Code));
        Assert.Contains("Hub_Payment_Terms__c", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_without_records_is_transient()
    {
        _org.OnQuery = (_, _) => new(200, """{"unexpected":true}""");
        using ServiceProvider hub = _org.Connect();

        SalesforceException error = await Assert.ThrowsAsync<SalesforceException>(() => GetDeals(hub, Ids.Opportunity(1)));

        Assert.Equal(SalesforceFailure.Transient, error.Failure);
    }

    [Fact]
    public void Every_required_field_is_asked_for() => Assert.All(
        [false, true], quotes => Assert.All(RecordFields.Of(quotes).Required, entry => Assert.Empty(entry.Value.Except(RecordFields.Of(quotes).Wanted[entry.Key]))));

    internal static string From(string soql) => soql.Split(" FROM ")[1].Split(' ')[0];

    private static Answer OneDeal(string soql, bool all) => From(soql) switch
    {
        "Opportunity" => Answer.Page(new { attributes = new { type = "Opportunity" }, Id = Ids.Opportunity(1), Name = "Acme renewal", AccountId = Account, ContractId = Contract, Hub_Billing_Contact__c = Contact }),
        "OpportunityLineItem" => Answer.Page(
            new { Id = Ids.Line(1), OpportunityId = Ids.Opportunity(1), Product2Id = Product, PricebookEntryId = Entry, Quantity = 5.0m },
            new { Id = Ids.Line(2), OpportunityId = Ids.Opportunity(1), Product2Id = Product, PricebookEntryId = Entry, Quantity = 1.0m }),
        "Account" => Answer.Page(new { Id = Account, Name = "Acme" }),
        "Contact" => Answer.Page(new { Id = Contact, Email = "ap@acme.example" }),
        "Contract" => Answer.Page(new { Id = Contract, StartDate = "2026-01-01" }),
        "Product2" => Answer.Page(new { Id = Product, ProductCode = "PRO" }),
        "PricebookEntry" => Answer.Page(new { Id = Entry, UnitPrice = 12.5m }),
        var other => throw new InvalidOperationException(other),
    };

    private static void WithQuotes(Dictionary<string, string?> settings) => settings["Salesforce:Quotes"] = "true";

    private static Answer Quoted(string soql, bool all) => From(soql) switch
    {
        "Opportunity" => Answer.Page(new { Id = Ids.Opportunity(1), AccountId = Account, SyncedQuoteId = Ids.Of("0Q0", 1) }),
        "Quote" => Answer.Page(new { Id = Ids.Of("0Q0", 1), OpportunityId = Ids.Opportunity(1), QuoteNumber = "00000041" }),
        "QuoteLineItem" => Answer.Page(
            new { Id = Ids.Of("0QL", 1), QuoteId = Ids.Of("0Q0", 1), Product2Id = Product, Quantity = 12.0m },
            new { Id = Ids.Of("0QL", 2), QuoteId = Ids.Of("0Q0", 1), Product2Id = Ids.Of("01t", 2), Quantity = 1.0m },
            new { Id = Ids.Of("0QL", 3), QuoteId = Ids.Of("0Q0", 2), Product2Id = Product, Quantity = 3.0m }),
        "Product2" => Answer.Page(new { Id = Product, ProductCode = "PRO" }, new { Id = Ids.Of("01t", 2), ProductCode = "ADD" }),
        _ => OneDeal(soql, all),
    };

    private static Task<ImmutableArray<DealSnapshot>> GetDeals(ServiceProvider hub, params string[] ids) =>
        hub.GetRequiredService<ISalesforce>().GetDeals([.. ids.Select(SalesforceId.Parse)], CancellationToken.None);

    /// <summary>Describes every object with all wanted fields but one.</summary>
    private void Describe(string without) => _org.Intercept = call => call.Path.EndsWith("/describe", StringComparison.Ordinal)
        ? new(200, System.Text.Json.JsonSerializer.Serialize(new
        {
            fields = RecordFields.Wanted[call.Path.Split('/')[^2]].Where(field => field != without).Select(name => new { name }),
        }))
        : null;

    private int Described() => _org.Data.Count(call => call.Path.EndsWith("/describe", StringComparison.Ordinal));
}
