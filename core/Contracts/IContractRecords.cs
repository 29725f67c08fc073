using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>The Hub's own state per opportunity. Implemented by Hub.AzureStorage.</summary>
public interface IContractRecords
{
    Task<ContractRecord?> Find(SalesforceId opportunityId, CancellationToken ct);

    /// <summary>Inserts (no ETag) or replaces (with ETag) the record and returns it with its new ETag; null when somebody else changed it first.</summary>
    Task<ContractRecord?> TrySave(ContractRecord record, CancellationToken ct);
}

public enum ContractState
{
    /// <summary>Planned; Stripe calls are under way or were interrupted.</summary>
    Applying,

    /// <summary>Stripe bills the plan.</summary>
    Active,

    /// <summary>Refused; problems are on the opportunity.</summary>
    NeedsAttention,

    /// <summary>Planned; waits until a named person approves.</summary>
    NeedsApproval,

    /// <summary>A person holds billing back.</summary>
    Held,
}

/// <param name="ProcessedOn">Processing date, frozen when the amendment was first applied.</param>
/// <param name="BillsFrom">First billing date whose invoice takes it in (<see cref="ProcessedDeal.BillsFrom"/>), frozen with it.</param>
public sealed record AppliedAmendment(SalesforceId OpportunityId, LocalDate ProcessedOn, LocalDate BillsFrom);

/// <param name="Version">Version of the plan last applied or being applied.</param>
/// <param name="Plan">The plan as the JSON of <c>hub plan</c>, for people and for reconciliation; null before the first plan.</param>
/// <param name="ETag">Null for a record never stored.</param>
public sealed record ContractRecord(
    SalesforceId OpportunityId,
    ContractState State,
    string? Version,
    AppliedBilling? Billing,
    ImmutableArray<Problem> Problems,
    string? Plan,
    Instant UpdatedAt,
    string? ETag)
{
    /// <summary>
    /// The processing date (C4), frozen when the plan is first applied, so that a replay on a later day plans the same; null before.
    /// Storage keeps it with the record.
    /// </summary>
    public LocalDate? ProcessedOn { get; init; }

    /// <summary>The account whose customer the plan was or is being applied to; null before. Stays when the opportunity moves to another account.</summary>
    public SalesforceId? BilledAccount { get; init; }

    /// <summary>On the contract's original opportunity: the amendments that Stripe bills or is being told of, in the order they were applied.</summary>
    public ImmutableArray<AppliedAmendment> Amendments { get; init; } = [];

    /// <summary>On an amendment: the contract's original opportunity, once it was found; null otherwise.</summary>
    public SalesforceId? Original { get; init; }

    /// <summary>Prorations and credits that the Hub itself issues on their days, frozen when the plan was applied.</summary>
    public ImmutableArray<Adjustment> Adjustments { get; init; } = [];

    /// <summary>What the schedule holds by the Hub's own doing (<see cref="ScheduleHash"/>), oldest first; more than one while a change of it is under way or was interrupted.</summary>
    public ImmutableArray<string> Written { get; init; } = [];

    /// <summary>How often the deal was corrected before its first day (<see cref="ContractChange.Correction"/>).</summary>
    public int Corrections { get; init; }

    /// <summary>First day on which later phases are to be sent (<see cref="PhaseWindow.DueOn"/>); null: Stripe has all of them.</summary>
    public LocalDate? ExtendOn { get; init; }

    /// <summary>Names the deal as it was when it was last handled (<see cref="DealHash"/>); null for a record from before that was kept.</summary>
    public string? DealSeen { get; init; }
}
