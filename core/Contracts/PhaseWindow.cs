using System.Collections.Immutable;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Which phases of a contract Stripe holds at a time, and when later ones follow (C23; docs/adr/0108-rolling-phases.md).</summary>
/// <remarks>
/// A phase counts as current through the day it ends on: the billing zone may be a day ahead of Stripe's calendar, and Stripe moves to the next phase
/// a while after midnight.
/// </remarks>
public static class PhaseWindow
{
    private const string ReleasedStatus = "released";

    /// <summary>End of the last phase that Stripe takes on a day; null when it takes all of them.</summary>
    public static LocalDate? Until(ImmutableArray<Phase> phases, LocalDate day)
    {
        int passed = phases.Count(phase => phase.End < day);
        return phases.Length - passed > ContractPlanning.MostPhases ? phases[passed + ContractPlanning.MostPhases - 1].End : null;
    }

    /// <summary>The phases that Stripe is sent, past ones included.</summary>
    public static ImmutableArray<Phase> Sent(BillingPlan plan) =>
        [.. plan.Schedule!.Phases.Where(phase => plan.PhasesUntil is not { } until || phase.End <= until)];

    /// <summary>How the schedule ends as Stripe is sent it: while later phases are to follow, the subscription would rather go on than end.</summary>
    public static EndBehavior EndSent(BillingPlan plan) => plan.PhasesUntil is null ? plan.Schedule!.EndBehavior : EndBehavior.Release;

    /// <summary>First day on which another phase can be sent: the day after the first phase of the window has ended. Null when all are sent.</summary>
    public static LocalDate? DueOn(BillingPlan plan) => plan.PhasesUntil is null ? null
        : Sent(plan)[^Math.Min(ContractPlanning.MostPhases, Sent(plan).Length)].End.PlusDays(1);

    /// <summary>The outcome, or what remains to be sent of a contract that Stripe bills as planned, or why that cannot be.</summary>
    /// <param name="today">In Stripe's calendar.</param>
    public static PlanOutcome Extended(PlanOutcome outcome, SalesforceRecord opportunity, BillingSnapshot billing, LocalDate today)
    {
        if (outcome is not PlanOutcome.Unchanged({ Schedule: { } schedule } plan) || billing.Contract is not { ScheduleId: { } id, Schedule: { } held } contract)
        {
            return outcome;
        }

        PlanOutcome noted = held.PhasesFrom is { } from ? outcome with { Notes = outcome.Notes.Add(Late(opportunity, id, from)) } : outcome;
        if (plan.PhasesUntil is not { } until)
        {
            return noted;
        }

        LocalDate? wanted = Until(schedule.Phases, today);
        var extended = new PlanOutcome.Planned(plan with { PhasesUntil = wanted, Extension = new(id, held.CurrentPhaseStart, today) }) { Notes = noted.Notes };
        return contract switch
        {
            { Status: ReleasedStatus, Released: { } released } when released.On >= until => Resumed(extended.Plan, released, opportunity, contract),
            { Status: ReleasedStatus } => new PlanOutcome.Rejected([ContractPlanning.Edited(opportunity, contract, "it was released, or its subscription ended, before the later phases were sent")]),
            { Status: "not_started" or "active" } when wanted is null || wanted > until => extended,
            _ => noted,
        };
    }

    /// <summary>Why an amendment waits: the schedule ran out of phases, and the contract's own opportunity sends the rest.</summary>
    internal static Problem? Waits(SalesforceRecord opportunity, BilledContract contract) => contract is not { Status: ReleasedStatus, Schedule.PhasesUntil: { } until } ? null : new(
        ProblemCodes.PhasesLate, opportunity.Object, opportunity.Id, F.Opportunity.AmendsContract, opportunity.Text(F.Opportunity.AmendsContract),
        $"Schedule {contract.ScheduleId} had no phases after {Problems.Text(until)} and ended; its subscription goes on unchanged until the contract's later phases are sent.",
        "Sync the opportunity the contract was sold with, which sends them, and then this one.");

    // What should have ended has no phase any more that could be sent.
    private static PlanOutcome Resumed(BillingPlan plan, ReleasedSubscription released, SalesforceRecord opportunity, BilledContract contract) =>
        plan.Schedule!.Phases[^1].End > plan.Extension!.On
            ? new PlanOutcome.Planned(plan with { Extension = plan.Extension with { CurrentPhaseStart = released.CurrentStart, Released = released.Id } })
            : new PlanOutcome.Rejected(
            [
                new(
                    ProblemCodes.PhasesLate, opportunity.Object, opportunity.Id, F.Opportunity.StripeScheduleId, contract.ScheduleId,
                    $"Schedule {contract.ScheduleId} had no phases after {Problems.Text(released.On)} and ended; the contract ended on {Problems.Text(plan.Schedule.Phases[^1].End)}, but subscription {released.Id} goes on.",
                    $"Cancel subscription {released.Id} in Stripe, and credit what it billed after the contract's end."),
            ]);

    private static Problem Late(SalesforceRecord opportunity, string scheduleId, LocalDate from) => new(
        ProblemCodes.PhasesLate, opportunity.Object, opportunity.Id, F.Opportunity.StripeScheduleId, scheduleId,
        $"Later phases were sent too late: until {Problems.Text(from)} Stripe went on with the content of an earlier phase.",
        "Compare the invoices before that day with the plan, and credit or charge the difference.")
    {
        Severity = ProblemSeverity.Note,
    };
}
