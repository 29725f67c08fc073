using Hub.Core.Contracts;
using Hub.Core.Tests.Collections;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields.Opportunity;

namespace Hub.Core.Tests.Contracts;

/// <summary>Deals above a value or a discount wait until a named person approves exactly what will be billed.</summary>
public sealed class ApprovalTests
{
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);

    private readonly ContractPorts _ports = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2026, 10, 1, 9, 0));
    private readonly ContractsOptions _options = new() { ApprovalAbove = { ["USD"] = 10_000m }, ApprovalDiscountPercent = 20 };

    // 12 000.00 is more than 10 000.00; 25 % is more than 20 %. Neither limit is passed by its own amount.
    [Theory]
    [InlineData(40, 0, true)]
    [InlineData(10, 25, true)]
    [InlineData(10, 20, false)]
    public async Task A_deal_above_a_limit_waits_and_writes_nothing_to_Stripe(int quantity, int discount, bool waits)
    {
        _ports.Put(Deal(quantity, discount).Snapshot());

        await Handle();

        Assert.Equal(waits ? 0 : 1, _ports.StripeCalls);
        Assert.Equal(waits ? "Needs approval" : "Billing active", _ports.Written.First(written => written.Fields.ContainsKey(F.SyncStatus)).Fields[F.SyncStatus]);
        Assert.Equal(_ports.Records[Id].Version, _ports.Written.First(written => written.Fields.ContainsKey(F.SyncStatus)).Fields[F.ContractVersion]);
        if (waits)
        {
            Assert.Equal("approval-needed", Assert.Single(_ports.Records[Id].Problems).Code);
            Assert.Equal("contract.approval-asked", Assert.Single(_ports.Trail.Values).Action);
        }
    }

    [Fact]
    public void Exactly_the_limit_needs_no_approval()
    {
        Deals deal = Deals.New().Line("SEAT", 10, 1000m);

        Assert.Empty(ApprovalRules.Reasons(deal.Snapshot(), deal.Planned(), _options));
    }

    [Fact]
    public async Task An_approval_of_the_version_is_billed_on_the_day_it_is_given_and_stands_in_the_audit_trail()
    {
        _ports.Put(Deal(40, 0).Snapshot());
        await Handle();
        string asked = _ports.Records[Id].Version!;
        _clock.Now += Duration.FromDays(3);
        _ports.Put(Approved(Deal(40, 0), asked).Snapshot());

        await Handle();
        await Handle();

        Assert.Equal(1, _ports.StripeCalls);
        ContractRecord record = _ports.Records[Id];
        Assert.Equal((ContractState.Active, Deals.Date("2026-10-04")), (record.State, record.ProcessedOn));
        string payload = Assert.Single(_ports.Trail.Values, entry => entry.Action == "contract.approved").Payload;
        Assert.Contains("005000000000001AAA", payload, StringComparison.Ordinal);
        Assert.Contains(asked, payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_of_another_version_is_void()
    {
        _ports.Put(Deal(40, 0).Snapshot());
        await Handle();
        string asked = _ports.Records[Id].Version!;
        _ports.Put(Approved(Deal(41, 0), asked).Snapshot());

        await Handle();

        Assert.Equal(0, _ports.StripeCalls);
        Assert.Equal(ContractState.NeedsApproval, _ports.Records[Id].State);
        Assert.NotEqual(asked, _ports.Records[Id].Version);
    }

    // Effects of the approved delivery: whichever is the last, two more deliveries bill once.
    [Fact]
    public async Task Dying_after_any_effect_of_an_approved_deal_bills_it_once()
    {
        for (int effect = 1; effect <= 7; effect++)
        {
            var again = new ApprovalTests();
            again._ports.Put(Deal(40, 0).Snapshot());
            await again.Handle();
            again._ports.Put(Approved(Deal(40, 0), again._ports.Records[Id].Version!).Snapshot());
            again._clock.Now += Duration.FromDays(1);
            again._ports.DieAfter = again._ports.Effects + effect;
            await Assert.ThrowsAsync<Killed>(() => again.Handle());

            again._clock.Now += Duration.FromDays(1);
            await again.Handle();
            await again.Handle();

            Assert.Equal(ContractState.Active, again._ports.Records[Id].State);
            Assert.Single(again._ports.Billed);
            Assert.Single(again._ports.Trail.Values, entry => entry.Action == "contract.approved");
        }
    }

    private static Deals Deal(int quantity, int discount) => Deals.New().Line("SEAT", quantity, 300.00m, ("Discount", discount));

    private static Deals Approved(Deals deal, string version) => deal.With(
        ("Hub_Approved_By__c", "005000000000001AAA"), ("Hub_Approved_At__c", "2026-10-04T08:00:00.000+0000"), ("Hub_Approved_Version__c", version));

    private Task Handle() => _ports.Deliver(new(Id.Value, "poll", _clock.Now), _clock, _options);
}
