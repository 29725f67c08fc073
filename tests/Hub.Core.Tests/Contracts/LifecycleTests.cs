using Hub.Core.Contracts;
using Hub.Core.Tests.Collections;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields.Opportunity;

namespace Hub.Core.Tests.Contracts;

/// <summary>What happens to a billed contract when its opportunity is reopened, closed again, deleted, restored or moved (docs/detection.md).</summary>
public sealed class LifecycleTests
{
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);

    private readonly ContractPorts _ports = new();
    private readonly HandClock _clock = new(Instant.FromUtc(2026, 10, 1, 9, 0));

    [Fact]
    public async Task Each_reopening_and_each_winning_is_on_the_trail_however_often_they_alternate()
    {
        await Billed();
        foreach (int _ in Enumerable.Range(0, 2))
        {
            _ports.Put(Annual().With((F.IsWon, false), (F.StageName, "Negotiation")).Snapshot());
            await Twice();
            _ports.Put(Annual().Snapshot());
            await Twice();
        }

        Assert.Equal(
            ["contract.billed", "contract.reopened", "contract.billed", "contract.reopened", "contract.billed"],
            _ports.Trail.Values.Select(entry => entry.Action));
        Assert.Equal((1, ContractState.Active), (_ports.StripeCalls, _ports.Records[Id].State));
    }

    [Fact]
    public async Task Closed_again_with_other_content_it_is_refused_and_billing_goes_on()
    {
        await Billed();
        _ports.Put(Annual().With((F.IsWon, false)).Snapshot());
        await Handle();
        _ports.Put(Deals.New().Line("SEAT", 41, 300.00m).Snapshot());

        await Twice();

        Assert.Equal("contract-already-billed", Assert.Single(_ports.Records[Id].Problems).Code);
        Assert.Equal("Needs attention", _ports.Written.Last(written => written.Object == "Opportunity").Fields[F.SyncStatus]);
        Assert.Equal(1, _ports.StripeCalls);
    }

    [Fact]
    public async Task A_deleted_opportunity_raises_an_alert_that_names_the_ways_out_and_cancels_nothing()
    {
        await Billed();
        _ports.Deals.Clear();

        await Twice();

        Assert.Equal((Id, "opportunity-deleted"), (_ports.Alerts[Id].OpportunityId, _ports.Alerts[Id].Code));
        Problem problem = Assert.Single(_ports.Records[Id].Problems);
        Assert.Contains("recycle bin", problem.Fix, StringComparison.Ordinal);
        Assert.Equal(ContractState.NeedsAttention, _ports.Records[Id].State);
        Assert.Equal((1, 1), (_ports.StripeCalls, Gone()));
    }

    [Fact]
    public async Task Restored_it_is_settled_and_deleted_once_more_it_is_told_once_more()
    {
        await Billed();
        _ports.Deals.Clear();
        await Handle();
        _ports.Put(Annual().Snapshot());

        await Twice();

        Assert.Empty(_ports.Alerts);
        Assert.Equal((ContractState.Active, 0), (_ports.Records[Id].State, _ports.Records[Id].Problems.Length));
        Assert.Equal("Billing active", _ports.Written.Last(written => written.Object == "Opportunity").Fields[F.SyncStatus]);

        _ports.Deals.Clear();
        await Twice();

        Assert.Single(_ports.Alerts);
        Assert.Equal((1, 2), (_ports.StripeCalls, Gone()));
    }

    [Fact]
    public async Task Restored_as_an_open_opportunity_it_is_a_reopened_one()
    {
        await Billed();
        _ports.Deals.Clear();
        await Handle();
        _ports.Put(Annual().With((F.IsWon, false)).Snapshot());

        await Twice();

        Assert.Empty(_ports.Alerts);
        Assert.Equal("opportunity-reopened", Assert.Single(_ports.Records[Id].Problems).Code);
    }

    [Fact]
    public async Task The_alert_ends_once_a_person_has_ended_the_billing()
    {
        await Billed();
        _ports.Deals.Clear();
        await Handle();
        _ports.EndedInStripe = true;

        await Twice();

        Assert.Empty(_ports.Alerts);
        Assert.Equal(1, _ports.Trail.Values.Count(entry => entry.Action == "contract.gone-settled"));
    }

    [Fact]
    public async Task A_deleted_opportunity_that_was_never_billed_leaves_no_trace()
    {
        await Handle();

        Assert.Equal(0, _ports.Effects);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Dying_anywhere_while_telling_of_a_deletion_tells_it_once(int effect)
    {
        await Billed();
        _ports.Deals.Clear();
        _ports.DieAfter = _ports.Effects + effect;
        await Assert.ThrowsAsync<Killed>(Handle);

        await Twice();

        Assert.Single(_ports.Alerts);
        Assert.Equal(1, Gone());
        Assert.Equal("opportunity-deleted", Assert.Single(_ports.Records[Id].Problems).Code);
    }

    [Fact]
    public async Task A_deletion_while_another_delivery_bills_the_deal_waits_for_its_end()
    {
        _ports.Put(Annual().Snapshot());
        _ports.DieAfter = 1;
        await Assert.ThrowsAsync<Killed>(Handle);
        _ports.Deals.Clear();

        await Handle();

        Assert.Single(_ports.Sent);
        Assert.Empty(_ports.Alerts);
    }

    [Fact]
    public async Task After_a_merge_of_accounts_the_contract_stays_where_it_is_billed_and_the_survivor_learns_the_customer()
    {
        const string survivor = "001000000000009AAA";
        await Billed();
        _ports.Merged[SalesforceId.Parse(Deals.AccountId)] = SalesforceId.Parse(survivor);
        _ports.Put(Annual().With((F.AccountId, survivor)).Account(("Id", survivor)).Snapshot());

        await Twice();

        WriteBack account = _ports.Written.Last(written => written.Object == "Account");
        Assert.Equal((survivor, "cus_1"), (account.Id, account.Fields[SalesforceFields.Account.StripeCustomerId]));
        Assert.Equal(1, _ports.StripeCalls);
        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
        Assert.Equal(Deals.AccountId, _ports.Records[Id].BilledAccount!.Value.Value);
    }

    private static Deals Annual() => Deals.New().Line("SEAT", 40, 300.00m);

    private int Gone() => _ports.Trail.Values.Count(entry => entry.Action == "contract.gone");

    private async Task Billed()
    {
        _ports.Put(Annual().Snapshot());
        await Handle();
        Assert.Equal(ContractState.Active, _ports.Records[Id].State);
    }

    private async Task Twice()
    {
        await Handle();
        await Handle();
    }

    private async Task Handle()
    {
        _clock.Now += Duration.FromMinutes(1);
        await _ports.Deliver(new(Deals.OpportunityId, ContractSources.Poll, _clock.Now), _clock);
    }
}
