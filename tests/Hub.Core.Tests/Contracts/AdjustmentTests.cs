using System.Runtime.CompilerServices;
using Hub.Core.Contracts;
using Hub.Core.Tests.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

public sealed class AdjustmentTests : IStripeAdjustments, IDueContracts
{
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);

    private readonly ContractPorts _ports = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2027, 1, 15, 0, 10));
    private readonly HashSet<DueContract> _due = [];
    private readonly List<string> _issued = [];
    private AdjustmentOutcome _outcome = new AdjustmentOutcome.Issued("in_9", Before: false);

    [Fact]
    public void The_key_of_a_change_is_the_same_on_every_day_it_is_planned()
    {
        Adjustment early = Assert.Single(Adjustment.Of(Grown().Planned("2026-10-01")));
        Adjustment late = Assert.Single(Adjustment.Of(Grown().Planned("2027-01-20", options: new() { BackdateLimitDays = 365 })));

        Assert.Equal(early.Key, late.Key);
        Assert.StartsWith("2027-01-15-", early.Key, StringComparison.Ordinal);
        Assert.Equal((Deals.Date("2027-01-15"), Deals.Date("2027-01-20")), (early.Date, late.Date));
    }

    [Fact]
    public void Equal_changes_that_two_opportunities_call_for_are_two()
    {
        BillingPlan plan = Grown().Planned();
        AdjustmentPlan change = plan.Adjustments[0];

        Adjustment[] both =
            [.. Adjustment.Of(plan with { Adjustments = [change, change with { OpportunityId = SalesforceId.Parse("006000000000777") }] })];

        Assert.Equal(2, both.Select(adjustment => adjustment.Key).Distinct().Count());
    }

    [Fact]
    public void Another_quantity_is_another_change() => Assert.NotEqual(
        Adjustment.Of(Grown(20).Planned())[0].Key, Adjustment.Of(Grown(21).Planned())[0].Key);

    [Fact]
    public async Task What_is_due_is_issued_and_audited_once_and_the_next_day_is_noted()
    {
        Put(Grown(20, 30));

        await Handle();
        await Handle();

        Assert.Equal(["2027-01-15", "2027-01-15"], _issued.Select(key => key[..10]));
        Assert.Equal("contract.adjusted", Assert.Single(_ports.Trail.Values).Action);
        Assert.Equal([new DueContract(Id, Deals.Date("2027-04-15"))], _due);
    }

    [Fact]
    public async Task Nothing_is_issued_a_day_early_whatever_the_billing_zone_says()
    {
        _clock.Now = Instant.FromUtc(2027, 1, 14, 23, 59);
        Put(Grown());

        await Handle();

        Assert.Empty(_issued);
        Assert.Equal([new DueContract(Id, Deals.Date("2027-01-15"))], _due);
    }

    [Fact]
    public async Task A_draft_that_cannot_be_credited_yet_is_looked_at_again_on_the_same_day()
    {
        _outcome = new AdjustmentOutcome.TooEarly();
        Put(Grown());

        await Handle();

        Assert.Equal([new DueContract(Id, Deals.Date("2027-01-15"))], _due);
        Assert.Empty(_ports.Trail);
    }

    [Fact]
    public async Task What_a_canceled_contract_no_longer_calls_for_is_withheld_and_audited()
    {
        _outcome = new AdjustmentOutcome.Canceled();
        Put(Grown());

        await Handle();

        Assert.Equal("contract.adjustment-withheld", Assert.Single(_ports.Trail.Values).Action);
        Assert.Empty(_due);
    }

    [Theory]
    [InlineData(ContractState.Held)]
    [InlineData(ContractState.Applying)]
    public async Task A_contract_on_hold_or_under_way_waits(ContractState state)
    {
        Put(Grown(), state);

        await Handle();

        Assert.Empty(_issued);
    }

    [Fact]
    public async Task The_timer_asks_for_what_is_due_and_forgets_the_day()
    {
        DueContract later = new(Id, Deals.Date("2027-01-16"));
        _due.UnionWith([new(Id, Deals.Date("2027-01-14")), new(Id, Deals.Date("2027-01-15")), later]);

        await new DetectAdjustments(this, _ports, _clock, NullLogger<DetectAdjustments>.Instance).Handle(CancellationToken.None);

        Assert.Equal(2, _ports.Adjusting.Count);
        Assert.Equal([later], _due);
    }

    Task<AdjustmentOutcome> IStripeAdjustments.Issue(SalesforceId contract, SalesforceId account, AppliedBilling billing, Adjustment adjustment, CancellationToken ct)
    {
        _issued.Add(adjustment.Key);
        return Task.FromResult(_outcome);
    }

    Task IDueContracts.Add(DueContract due, CancellationToken ct) => Task.FromResult(_due.Add(due));

    async IAsyncEnumerable<DueContract> IDueContracts.Through(LocalDate day, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (DueContract due in _due.Where(due => due.Day <= day).ToArray())
        {
            await Task.Yield();
            yield return due;
        }
    }

    Task IDueContracts.Remove(DueContract due, CancellationToken ct) => Task.FromResult(_due.Remove(due));

    // 10 seats a year from 15 October 2026, more from 15 January 2027, and more again from 15 April.
    private static Deals Grown(int seats = 20, int? later = null)
    {
        Deals deal = Deals.New()
            .Line("SEAT", 10, 120.00m, ("Hub_Line_End__c", "2027-01-14"))
            .Line("SEAT", seats, 120.00m, ("Hub_Line_Start__c", "2027-01-15"), ("Hub_Line_End__c", later is null ? null : "2027-04-14"));
        return later is { } more ? deal.Line("SEAT", more, 120.00m, ("Hub_Line_Start__c", "2027-04-15")) : deal;
    }

    private void Put(Deals deal, ContractState state = ContractState.Active)
    {
        PlanOutcome outcome = deal.Plan();
        _ports.Records[Id] = ContractStates.Applying(ContractStates.New(Id), outcome, Deals.Date("2026-10-01"), _clock.Now) with
        {
            State = state,
            Billing = new("cus_1", "sub_sched_1", null, null, null),
        };
    }

    private Task Handle() => new IssueAdjustments(_ports, this, this, _ports, _ports, _clock, NullLogger<IssueAdjustments>.Instance)
        .Handle(new AdjustmentDue(Id.Value), CancellationToken.None);
}
