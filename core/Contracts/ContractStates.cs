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
        outcome is PlanOutcome.Unchanged(var plan) && record.State == ContractState.Active && record.Version == plan.Version;

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
            Problems = [],
            Plan = PlanJson.Text(record.OpportunityId.Value, outcome, []),
            ProcessedOn = processedOn,
            BilledAccount = plan.Customer.AccountId,
            UpdatedAt = now,
        };
    }

    /// <summary>The record after an outcome that calls nothing in Stripe.</summary>
    public static ContractRecord Next(ContractRecord record, PlanOutcome outcome, BillingSnapshot billing, LocalDate processedOn, Instant now) => outcome switch
    {
        PlanOutcome.Rejected(var problems) => record with
        {
            State = ContractState.NeedsAttention, Problems = problems, Billing = record.Billing ?? Held(billing), UpdatedAt = now,
        },
        PlanOutcome.Held => record with { State = ContractState.Held, Problems = [], Billing = record.Billing ?? Held(billing), UpdatedAt = now },
        _ => Applying(record, outcome, processedOn, now) with { State = ContractState.Active, Billing = record.Billing ?? Held(billing) },
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
        && left with { Problems = [], UpdatedAt = default } == right with { Problems = [], UpdatedAt = default };

    /// <summary>Refuses what the plan shows but nobody would carry out yet: invoices for changes inside a period, phases beyond Stripe's limit.</summary>
    public static PlanOutcome Supported(PlanOutcome outcome, DealSnapshot deal, LocalDate processedOn) => outcome switch
    {
        PlanOutcome.Planned({ Adjustments: [var first, ..] }) => Refused(
            deal, ProblemCodes.MidPeriodChangeUnsupported, F.Opportunity.BillingFrequency,
            $"A line begins or ends on {Problems.Text(first.Effective)}, inside a billing period; the Hub does not issue the invoice for such a change yet.",
            "Let lines begin and end on billing dates, or choose the proration policy None."),
        PlanOutcome.Planned({ Schedule: { } schedule }) when schedule.Phases.Count(phase => phase.End > processedOn) is var ahead && ahead > ContractPlanning.MostPhases => Refused(
            deal, ProblemCodes.RollingPhasesUnsupported, F.Opportunity.TermMonths,
            $"The contract needs {Problems.Text(ahead)} phases; the Hub does not create phases beyond Stripe's limit of {Problems.Text(ContractPlanning.MostPhases)} later yet.",
            "Agree fewer, longer steps (such as quarterly)."),
        _ => outcome,
    };

    private static PlanOutcome.Rejected Refused(DealSnapshot deal, string code, string field, string message, string fix) =>
        new([new(code, deal.Opportunity.Object, deal.Opportunity.Id, field, deal.Opportunity.Text(field), message, fix)]);

    private static AppliedBilling? Held(BillingSnapshot billing) => billing is { Contract: { } contract, Customer: { } customer }
        ? new(customer.Id, contract.ScheduleId, contract.SubscriptionId, contract.InvoiceId, null)
        : null;
}
