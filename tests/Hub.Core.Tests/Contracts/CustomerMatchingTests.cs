using Hub.Core.Contracts;
using Hub.Core.Tests.Collections;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>Which customer of Stripe an account is that names none (ADR 0109).</summary>
public sealed class CustomerMatchingTests
{
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);
    private static readonly CustomerPlan Account = new(
        null, SalesforceId.Parse("001000000000001AAA"), "Acme Ltd.", "billing@acme.example", null, null, "eu_vat", "DE 123 456 789", null, null);

    private readonly ContractPorts _ports = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2026, 10, 1, 9, 0));

    [Theory]
    [InlineData("ACME  LTD", "ap@acme.example", CustomerLikeness.NameAndDomain)]
    [InlineData("Acme Ltd.", "AP@ACME.EXAMPLE", CustomerLikeness.NameAndDomain)]
    [InlineData("Acme Ltd.", "ap@notacme.example", null)]
    [InlineData("Acme Ltd.", "ap@sub.acme.example", null)]
    [InlineData("Acme Holding Ltd.", "ap@acme.example", null)]
    [InlineData("Acme Ltd.", null, null)]
    [InlineData(null, "ap@acme.example", null)]
    public void The_name_and_the_company_must_both_agree(string? name, string? email, CustomerLikeness? expected) =>
        Assert.Equal(expected, Alike(Account, new("cus_1", name, email, null, [])));

    [Theory]
    [InlineData("ann@gmail.com", "Ann@Gmail.com", CustomerLikeness.NameAndDomain)]
    [InlineData("ann@gmail.com", "bob@gmail.com", null)]
    public void At_a_public_mail_service_only_the_same_address_is_the_same_sender(string left, string right, CustomerLikeness? expected) =>
        Assert.Equal(expected, Alike(Account with { Email = left }, new("cus_1", "Acme Ltd.", right, null, [])));

    [Theory]
    [InlineData("eu_vat", "DE123456789", CustomerLikeness.TaxId)]
    [InlineData("eu_vat", "de-123456789", CustomerLikeness.TaxId)]
    [InlineData("gb_vat", "DE123456789", null)]
    [InlineData("eu_vat", "DE123456788", null)]
    public void A_tax_id_must_be_the_same_and_of_the_same_type(string type, string value, CustomerLikeness? expected) =>
        Assert.Equal(expected, Alike(Account, new("cus_1", "Another name", "a@b.example", null, [new("us_ein", "1"), new(type, value)])));

    [Fact]
    public void Nothing_is_known_of_an_account_without_name_address_and_number() =>
        Assert.Null(Alike(Account with { Name = null, Email = null, TaxId = null, TaxIdType = null }, new("cus_1", "", "", null, [new("eu_vat", "")])));

    [Fact]
    public void The_customer_of_another_account_is_never_suggested_and_the_own_one_is_known_by_either_form_of_the_id()
    {
        StripeCustomer other = new("cus_1", "Acme Ltd.", "ap@acme.example", "001000000000002AAA", []);
        StripeCustomer own = new("cus_2", "Renamed", "x@y.example", "001000000000001", []);

        Assert.Null(Alike(Account, other));
        Assert.Equal(["cus_2", "cus_3"], CustomerMatching.Linked(Account, [other, own, own with { Id = "cus_3" }, other with { AccountId = "no id" }]));
    }

    [Fact]
    public async Task A_customer_that_looks_like_the_account_stops_the_deal_until_a_person_has_looked()
    {
        _ports.Strangers.Add(new("cus_old", "Acme", "ap@acme.example", null, []));
        _ports.Strangers.Add(new("cus_older", "ACME.", "ar@acme.example", null, []));

        await Sold();

        Problem problem = Assert.Single(_ports.Records[Id].Problems);
        Assert.Equal(("customer-suggested", "Account", "Hub_Stripe_Customer_Id__c", null), (problem.Code, problem.Object, problem.Field, problem.Value));
        Assert.Contains("cus_old already", problem.Message, StringComparison.Ordinal);
        Assert.Contains("So may be cus_older.", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, _ports.StripeCalls);

        await Sold(("Hub_New_Stripe_Customer__c", true));

        Assert.Equal((ContractState.Active, 1), (_ports.Records[Id].State, _ports.Searches));
        Assert.Null(_ports.Billed.Values.Single().Customer.Id);
    }

    [Fact]
    public async Task The_customer_whose_metadata_names_the_account_is_billed()
    {
        _ports.Strangers.Add(new("cus_1", "Whatever", null, "001000000000001AAA", []));

        await Sold();

        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
        Assert.Equal([null, "cus_1"], _ports.ReadAs);
        Assert.Equal("cus_1", _ports.Billed.Values.Single().Customer.Id);
    }

    [Fact]
    public async Task Nobody_is_looked_for_where_the_setting_is_off_or_the_account_is_billed_already()
    {
        _ports.Strangers.Add(new("cus_old", "Acme", "ap@acme.example", null, []));

        await Sold(new ContractsOptions { SuggestCustomers = false });
        await Sold();

        Assert.Equal((ContractState.Active, 0), (_ports.Records[Id].State, _ports.Searches));
    }

    [Theory]
    [InlineData("usd", null, "cus_1")]
    [InlineData("eur", null, "cus_2")]
    [InlineData("eur", "usd", "cus_2")]
    [InlineData("usd", "usd", "cus_1")]
    public async Task A_second_currency_is_billed_to_the_linked_customer_that_is_billed_in_it_or_in_none(string first, string? second, string billedTo)
    {
        // The deal is in USD; what the customers were billed in so far is in their currency.
        _ports.Strangers.Add(new("cus_2", "Acme, dollars", null, "001000000000001AAA", []));
        _ports.Customers["cus_1"] = new(new("cus_1", first), [new("sub_1", first, null, "006000000000009AAA")], null);
        _ports.Customers["cus_2"] = new(new("cus_2", second), [], null);

        await Sold(new ContractsOptions { CustomerPerCurrency = true }, ("Hub_Stripe_Customer_Id__c", "cus_1"));

        Assert.Equal(billedTo, _ports.Billed.Values.Single().Customer.Id);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "eur")]
    public async Task A_second_currency_without_a_customer_for_it_is_refused(bool allowed, string? second)
    {
        _ports.Strangers.Add(new("cus_2", "Acme, dollars", null, "001000000000001AAA", []));
        _ports.Customers["cus_1"] = new(new("cus_1", "eur"), [new("sub_1", "eur", Deals.Date("2027-05-01"), "006000000000009AAA")], null);
        _ports.Customers["cus_2"] = new(new("cus_2", second), [], null);

        await Sold(new ContractsOptions { CustomerPerCurrency = allowed }, ("Hub_Stripe_Customer_Id__c", "cus_1"));

        Problem problem = Assert.Single(_ports.Records[Id].Problems);
        Assert.Equal("customer-currency-conflict", problem.Code);
        Assert.Contains("sub_1 runs until 2027-05-01", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, _ports.StripeCalls);
    }

    private static CustomerLikeness? Alike(CustomerPlan account, StripeCustomer customer) => CustomerMatching.Alike(account, [customer]) is [var found] ? found.Likeness : null;

    private Task Sold(params (string Field, object? Value)[] account) => Sold(new ContractsOptions(), account);

    private async Task Sold(ContractsOptions options, params (string Field, object? Value)[] account)
    {
        _ports.Put(Deals.New().Account([("Name", "Acme"), ("Hub_Stripe_Customer_Id__c", null), .. account]).Line("SEAT", 10, 120.00m).Snapshot());
        await _ports.Deliver(new(Id.Value, "manual", _clock.Now), _clock, options);
    }
}
