using System.Collections.Immutable;
using Hub.Core.Audit;

namespace Hub.Core.Contracts;

/// <summary>What the Hub knows about one opportunity.</summary>
/// <param name="Plan">The plan as JSON of <c>hub plan</c>; null before the first plan.</param>
/// <param name="History">Audit entries, oldest first.</param>
public sealed record OpportunityView(
    string OpportunityId,
    ContractState State,
    string? Version,
    AppliedBilling? Billing,
    ImmutableArray<Problem> Findings,
    string? Plan,
    ImmutableArray<ChainedEntry> History);

/// <summary>Query: state, findings, plan and history of one opportunity.</summary>
public sealed class ViewOpportunity(IContractRecords records, IAuditReader audit)
{
    /// <summary>Null when the Hub has no record of the opportunity.</summary>
    public async Task<OpportunityView?> Handle(SalesforceId opportunityId, CancellationToken ct)
    {
        if (await records.Find(opportunityId, ct) is not { } record)
        {
            return null;
        }

        var history = ImmutableArray.CreateBuilder<ChainedEntry>();
        await foreach (ChainedEntry entry in audit.History(opportunityId.Value, ct).WithCancellation(ct))
        {
            history.Add(entry);
        }

        return new(opportunityId.Value, record.State, record.Version, record.Billing, record.Problems, record.Plan, history.ToImmutable());
    }
}
