using System.Collections.Immutable;

namespace Hub.Core.Contracts;

/// <summary>An opportunity with the contract it belongs to, as far as the Hub and Salesforce know it.</summary>
/// <param name="Deal">The opportunity that is handled.</param>
/// <param name="Record">Its own record.</param>
/// <param name="Contract">The record of the contract's original opportunity; the same one for a deal that amends nothing, null for a contract that is not known.</param>
/// <param name="Others">The contract's other opportunities: the original and what was applied to it; those that cannot be read are missing.</param>
internal sealed record ContractCase(DealSnapshot Deal, ContractRecord Record, ContractRecord? Contract, ImmutableArray<DealSnapshot> Others)
{
    public bool IsAmendment => Contract is null || Contract.OpportunityId != Record.OpportunityId;

    /// <summary>True for an amendment that Stripe bills already or is being told of.</summary>
    public bool IsApplied => Contract is { } contract && contract.Amendments.Any(applied => applied.OpportunityId == Record.OpportunityId);

    /// <summary>The original opportunity; the deal itself where it amends nothing, null when it cannot be read.</summary>
    public DealSnapshot? Original => !IsAmendment ? Deal : Contract is { } contract ? Find(contract.OpportunityId) : null;

    /// <summary>The opportunity of that id; null when it cannot be read.</summary>
    public DealSnapshot? Find(SalesforceId id) => id == Record.OpportunityId ? Deal : Others.FirstOrDefault(deal => SalesforceId.OfExport(deal.Opportunity.Id) == id);
}
