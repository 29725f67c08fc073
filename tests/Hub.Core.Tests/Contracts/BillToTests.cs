using System.Text.Json.Nodes;
using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

public sealed class BillToTests
{
    private static readonly string[] Chain = [.. Enumerable.Range(1, 9).Select(number => $"00100000000000{number}AAA")];

    [Fact]
    public void A_deal_is_billed_to_its_own_account_unless_that_one_says_otherwise()
    {
        DealSnapshot deal = Deals.New().Account(("ParentId", Chain[1])).Line("SEAT", 10, 120.00m).Snapshot();

        Assert.Same(deal, BillTo.Payer(deal, _ => throw new InvalidOperationException("Nobody else is asked for.")));
    }

    [Fact]
    public void The_account_above_pays_with_its_own_details()
    {
        DealSnapshot deal = BillTo.Payer(Flagged().Snapshot(), Find(("Name", "Group"), ("BillingCity", "Leeds"), ("Hub_Stripe_Customer_Id__c", "cus_group")));

        CustomerPlan customer = Assert.IsType<PlanOutcome.Planned>(ContractPlanning.Plan(deal, BillingSnapshot.Empty, Deals.Date("2026-10-01"), new())).Plan.Customer;

        Assert.Equal((SalesforceId.Parse(Chain[1]), "Group", "cus_group", "Leeds"), (customer.AccountId, customer.Name, customer.Id, customer.Address!.City));
        Assert.Equal("billing@acme.example", customer.Email);
    }

    [Fact]
    public void Who_pays_for_the_one_above_pays_for_the_deal_too()
    {
        DealSnapshot deal = BillTo.Payer(Flagged().Snapshot(), id => id == Chain[1] ? Account(id, ("Hub_Bill_Parent__c", true), ("ParentId", Chain[2])) : Account(id, ("Name", "Top")));

        Assert.Equal((Chain[2], "Top"), (deal.Opportunity.Text("AccountId"), deal.Account!.Text("Name")));
    }

    [Fact]
    public void An_account_that_is_billed_to_none_or_to_too_many_is_refused()
    {
        DealSnapshot none = BillTo.Payer(Flagged(parent: null).Snapshot(), _ => null);
        DealSnapshot many = BillTo.Payer(Flagged().Snapshot(), id => Account(id, ("Hub_Bill_Parent__c", true), ("ParentId", Chain[Array.IndexOf(Chain, id) + 1])));
        DealSnapshot unseen = BillTo.Payer(Flagged().Snapshot(), _ => null);

        Assert.Equal(["value-invalid Hub_Bill_Parent__c"], Refused(none));
        Assert.Equal(["value-invalid Hub_Bill_Parent__c"], Refused(many));
        Assert.Equal(["account-missing AccountId"], Refused(unseen));
    }

    private static Deals Flagged(string? parent = "001000000000002AAA") => Deals.New().Account(("Hub_Bill_Parent__c", true), ("ParentId", parent)).Line("SEAT", 10, 120.00m);

    private static Func<string, SalesforceRecord?> Find(params (string Field, object? Value)[] fields) => id => Account(id, fields);

    private static SalesforceRecord Account(string id, params (string Field, object? Value)[] fields)
    {
        var record = new JsonObject { ["Id"] = id };
        foreach ((string field, object? value) in fields)
        {
            record[field] = JsonValue.Create(value);
        }

        return SalesforceRecord.From("Account", System.Text.Json.JsonSerializer.SerializeToElement(record));
    }

    private static IEnumerable<string> Refused(DealSnapshot deal) =>
        Assert.IsType<PlanOutcome.Rejected>(ContractPlanning.Plan(deal, BillingSnapshot.Empty, Deals.Date("2026-10-01"), new())).Problems.Select(problem => $"{problem.Code} {problem.Field}");
}
