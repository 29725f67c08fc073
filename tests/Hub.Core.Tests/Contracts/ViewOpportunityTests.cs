using System.Runtime.CompilerServices;
using Hub.Core.Audit;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

public sealed class ViewOpportunityTests
{
    private static readonly SalesforceId Id = SalesforceId.Parse(Deals.OpportunityId);

    [Fact]
    public async Task An_opportunity_the_Hub_never_handled_has_no_view() =>
        Assert.Null(await new ViewOpportunity(new ContractPorts(), new Trail()).Handle(Id, CancellationToken.None));

    [Fact]
    public async Task The_view_shows_state_findings_plan_and_history()
    {
        var ports = new ContractPorts();
        var problem = new Problem("term-missing", "Opportunity", Id.Value, "Hub_Term_Months__c", null, "No term.", "Enter one.");
        ports.Records[Id] = ContractStates.New(Id) with { Problems = [problem], Plan = "{}", ETag = "W/1" };

        OpportunityView view = Assert.IsType<OpportunityView>(await new ViewOpportunity(ports, new Trail()).Handle(Id, CancellationToken.None));

        Assert.Equal((ContractState.NeedsAttention, "{}"), (view.State, view.Plan));
        Assert.Equal(problem, Assert.Single(view.Findings));
        Assert.Equal(Id.Value, Assert.Single(view.History).Entry.Subject);
    }

    private sealed class Trail : IAuditReader
    {
        public async IAsyncEnumerable<ChainedEntry> History(string subject, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            yield return new(1, "00", 1, new('0', 64), new("e", "SyncContract", "contract.refused", subject, "{}"), Instant.FromUtc(2026, 10, 1, 9, 0), "", "");
        }

        public IAsyncEnumerable<ChainedEntry> Chain(string chain, CancellationToken ct) => throw new InvalidOperationException("Not asked for.");

        public Task<ChainHead?> Head(string chain, CancellationToken ct) => throw new InvalidOperationException("Not asked for.");
    }
}
