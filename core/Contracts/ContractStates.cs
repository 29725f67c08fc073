using System.Collections.Immutable;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>How the Hub's record of a contract goes from state to state.</summary>
public static class ContractStates
{
    /// <summary>A record that was never stored.</summary>
    public static ContractRecord New(SalesforceId id) =>
        new(id, ContractState.NeedsAttention, null, null, [], null, Instant.MinValue, null);

    /// <summary>True when Stripe bills the contract, or may: calls were under way.</summary>
    public static bool IsBilled(ContractRecord record) => record.Billing is not null || record is { State: ContractState.Applying, ETag: not null };

    /// <summary>True when the record says already that Stripe bills this plan.</summary>
    public static bool Settled(ContractRecord record, PlanOutcome outcome) =>
        outcome is PlanOutcome.Unchanged(var plan) && record.State == ContractState.Active && record.Version == plan.Version
        && record.Problems.SequenceEqual(outcome.Notes);

    /// <summary>True when Stripe must be called: a new plan, or one whose calls were interrupted.</summary>
    public static bool MustApply(ContractRecord record, PlanOutcome outcome) => outcome is PlanOutcome.Planned
        || (outcome is PlanOutcome.Unchanged(var plan) && record.State == ContractState.Applying && record.Version == plan.Version);

    /// <summary>The record before the first Stripe call.</summary>
    public static ContractRecord Applying(ContractRecord record, PlanOutcome outcome, LocalDate processedOn, Instant now)
    {
        BillingPlan plan = PlanJson.PlanOf(outcome)!;
        return record with
        {
            State = ContractState.Applying,
            Version = plan.Version,
            Problems = outcome.Notes,
            Plan = PlanJson.Text(record.OpportunityId.Value, outcome, []),
            ProcessedOn = processedOn,
            BilledAccount = plan.Customer.AccountId,
            Adjustments = Adjustment.Of(plan),
            Written = ScheduleHash.Of(plan) is { } written ? [.. record.Written.Remove(written), written] : [],
            Corrections = plan.Change?.Correction ?? record.Corrections,
            UpdatedAt = now,
        };
    }

    /// <summary>The record once Stripe bills what was being applied.</summary>
    public static ContractRecord Applied(ContractRecord applying, BillingPlan plan, AppliedBilling? billing, Instant now) => applying with
    {
        State = ContractState.Active,
        Billing = billing,
        Written = applying.Written is [.., var last] ? [last] : [],
        ExtendOn = PhaseWindow.DueOn(plan),
        UpdatedAt = now,
    };

    /// <summary>The contract's record before the first Stripe call of an amendment: whoever stores it first goes first.</summary>
    internal static ContractRecord Amending(ContractCase contract, ContractRecord amendment, ContractChange change, Instant now) => contract.Contract! with
    {
        State = ContractState.Applying,
        Version = amendment.Version,
        Plan = amendment.Plan,
        Problems = [],
        Adjustments = amendment.Adjustments,
        Amendments = contract.IsApplied
            ? [.. contract.Contract.Amendments.Select(applied => applied.OpportunityId == change.OpportunityId ? applied with { BillsFrom = change.BillsFrom!.Value } : applied)]
            : contract.Contract.Amendments.Add(new(amendment.OpportunityId, amendment.ProcessedOn!.Value, change.BillsFrom!.Value)),
        UpdatedAt = now,
    };

    /// <summary>The record after an outcome that calls nothing in Stripe.</summary>
    public static ContractRecord Next(ContractRecord record, PlanOutcome outcome, BillingSnapshot billing, LocalDate processedOn, Instant now) => outcome switch
    {
        PlanOutcome.Rejected(var problems) => record with
        {
            State = ContractState.NeedsAttention, Problems = problems, Billing = record.Billing ?? Held(billing), UpdatedAt = now,
        },
        PlanOutcome.AwaitsApproval(var plan, var reasons) => record with
        {
            State = ContractState.NeedsApproval,
            Problems = reasons,
            Version = plan.Version,
            Plan = PlanJson.Text(record.OpportunityId.Value, outcome, []),
            ProcessedOn = processedOn,
            UpdatedAt = now,
        },
        PlanOutcome.Held => record with { State = ContractState.Held, Problems = [], Billing = record.Billing ?? Held(billing), UpdatedAt = now },
        _ => Applied(Applying(record, outcome, processedOn, now), PlanJson.PlanOf(outcome)!, record.Billing ?? Held(billing), now),
    };

    /// <summary>The record of a contract whose opportunity left its won stage: a person must look, billing goes on.</summary>
    public static ContractRecord Reopened(ContractRecord record, DealSnapshot deal, Instant now) => record with
    {
        State = ContractState.NeedsAttention,
        Problems =
        [
            new(
                ProblemCodes.OpportunityReopened, deal.Opportunity.Object, deal.Opportunity.Id, F.Opportunity.StageName, deal.Opportunity.Text(F.Opportunity.StageName),
                "The opportunity is not won any more, but Stripe bills its contract; billing goes on unchanged.",
                "Close the opportunity as won again, or end the contract in Stripe by hand if it was not sold after all."),
        ],
        UpdatedAt = now,
    };

    /// <summary>True when nothing but the time differs.</summary>
    public static bool Same(ContractRecord left, ContractRecord right) => left.ETag is not null
        && left.Problems.SequenceEqual(right.Problems)
        && left.Amendments.SequenceEqual(right.Amendments)
        && left.Written.SequenceEqual(right.Written)
        && left.Adjustments.Select(DatedKey).SequenceEqual(right.Adjustments.Select(DatedKey))
        && Rest(left) == Rest(right);

    private static ContractRecord Rest(ContractRecord record) => record with { Problems = [], Amendments = [], Adjustments = [], Written = [], UpdatedAt = default };

    private static (string Key, LocalDate Date) DatedKey(Adjustment adjustment) => (adjustment.Key, adjustment.Date);

    private static AppliedBilling? Held(BillingSnapshot billing) => billing is { Contract: { } contract, Customer: { } customer }
        ? new(customer.Id, contract.ScheduleId, contract.SubscriptionId, contract.InvoiceId, null)
        : null;
}
