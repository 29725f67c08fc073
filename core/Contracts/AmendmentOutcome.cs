using System.Collections.Immutable;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Plans an upsell, downsell, renewal or termination on top of the contract it amends (C11, C18, C19, C21).</summary>
internal static class AmendmentOutcome
{
    private static readonly ImmutableHashSet<string> EndedStates = ["canceled", "completed"];

    private static readonly ImmutableHashSet<string> OwnDefects =
    [
        ProblemCodes.LinePriceMissing, ProblemCodes.PriceBasisMissing, ProblemCodes.ProductInactive, ProblemCodes.ProductUnmapped, ProblemCodes.QuantityNotWhole,
        ProblemCodes.CurrencyMixed, ProblemCodes.LineTotalContradiction, ProblemCodes.AmountContradiction, ProblemCodes.ValueTooLong, ProblemCodes.ValueInvalid,
        ProblemCodes.ChargeTypeMissing, ProblemCodes.PriceTiersInvalid, ProblemCodes.MeterMissing, ProblemCodes.AccountMissing, ProblemCodes.TerminationHasLines,
        ProblemCodes.AmountNotRepresentable, ProblemCodes.IntervalUnsupported, ProblemCodes.TermContradiction, ProblemCodes.LineGap, ProblemCodes.LineOverlap,
        ProblemCodes.LineOutsideContract, ProblemCodes.CustomerCurrencyConflict, ProblemCodes.MeterShared, ProblemCodes.QuoteContradiction,
        ProblemCodes.DiscountTooLarge, ProblemCodes.DiscountNotShowable,
    ];

    // Empty is the contract's, which is not known; only what the opportunity states can be wrong.
    private static readonly ImmutableHashSet<string> DefectsOfStated = [ProblemCodes.PaymentTermsUnknown, ProblemCodes.CurrencyMissing];

    /// <summary>The contract after the last opportunity of the history, or everything that speaks against it.</summary>
    public static PlanOutcome Of(ContractHistory history, DealType type, BillingSnapshot billing, ContractsOptions options, Problems problems)
    {
        ProcessedDeal planned = history.Planned;
        SalesforceRecord opportunity = planned.Deal.Opportunity;
        ImmutableArray<SoldContract> states = Original(history, billing, options) is { } original ? States(history, original, options) : [];
        SoldContract? known = states.LastOrDefault();
        if (history.Applied is null && Ended(opportunity, known, planned, billing) is { } ended)
        {
            return new PlanOutcome.Rejected([ended, .. OfItself(planned, type, billing, options)]);
        }

        if (known is not { } before)
        {
            return new PlanOutcome.Rejected([Unknown(history), .. OfItself(planned, type, billing, options)]);
        }

        (DealFacts facts, Amendment? amendment) = Read(planned, type, before, options, problems);
        new DealChecks(facts, billing, planned.ProcessedOn, options, problems).Run();
        bool applied = history.IsBilled || history.Applied is not null;
        BillingPlan? plan = null;
        if (Complete(facts, amendment, problems) is { } complete)
        {
            SoldContract after = AmendmentPlanning.Apply(before, complete, facts, problems);
            CoverageChecks.Run(after, complete, facts, problems);
            plan = problems.Refuse(applied) ? null : Plan(after, history, complete, billing, facts, options, problems);
        }

        bool same = history.IsBilled || plan?.Version == history.Applied;
        return plan is null || problems.Refuse(applied && same)
            ? new PlanOutcome.Rejected(problems.All)
            : Compared(plan, states, history, billing, facts, options);
    }

    // What speaks against the amendment whatever it amends: what it leaves to the contract is not asked for.
    private static IEnumerable<Problem> OfItself(ProcessedDeal planned, DealType type, BillingSnapshot billing, ContractsOptions options)
    {
        var problems = new Problems();
        DealFacts facts = new DealReading(planned.Deal, type, null, options, problems).Read();
        new DealChecks(facts, billing, planned.ProcessedOn, options, problems).Run();
        SalesforceRecord opportunity = planned.Deal.Opportunity;
        bool isSentTo = opportunity.Text(F.Opportunity.CollectionMethod) == "send_invoice" && opportunity.Text(F.Opportunity.BillingContact) is not null;
        return problems.All.Where(problem => OwnDefects.Contains(problem.Code)
            || (DefectsOfStated.Contains(problem.Code) && problem.Value is not null)
            || (isSentTo && problem.Code == ProblemCodes.BillingEmailMissing));
    }

    // The contract as first sold: what speaks against billing it spoke against it then, and Stripe's state is another question.
    private static SoldContract? Original(ContractHistory history, BillingSnapshot billing, ContractsOptions options)
    {
        if (history.Base is { Contract: var held })
        {
            return held;
        }

        if (history.Deals.Length < 2)
        {
            return null;
        }

        var problems = new Problems();
        ProcessedDeal sold = history.Deals[0];
        if (ContractPlanning.IsHeld(sold.Deal, problems) || ContractPlanning.TypeOf(sold.Deal.Opportunity, options, problems) != DealType.New)
        {
            return null;
        }

        DealFacts facts = new DealReading(sold.Deal, DealType.New, null, options, problems).Read();
        new DealChecks(facts, BillingSnapshot.Empty, sold.ProcessedOn, options, problems).Run();
        SoldContract? contract = ContractPlanning.Read(facts, options, problems);
        bool billable = contract is { Term: not null } && contract.Running.Any() && !problems.Refuse(billed: history.IsBilled || billing.Contract is not null);
        return billable ? contract : null;
    }

    // The contract as first sold, and after each earlier amendment.
    private static ImmutableArray<SoldContract> States(ContractHistory history, SoldContract original, ContractsOptions options)
    {
        SoldContract contract = original;
        var states = ImmutableArray.CreateBuilder<SoldContract>();
        states.Add(contract);
        foreach (ProcessedDeal deal in history.Earlier)
        {
            var problems = new Problems();
            if (ContractPlanning.IsHeld(deal.Deal, problems) || ContractPlanning.TypeOf(deal.Deal.Opportunity, options, problems) is not { } type || type == DealType.New)
            {
                continue;
            }

            (DealFacts facts, Amendment? amendment) = Read(deal, type, contract, options, problems);
            new DealChecks(facts, BillingSnapshot.Empty, deal.ProcessedOn, options, problems).Run();
            if (Complete(facts, amendment, problems) is { } complete)
            {
                SoldContract after = AmendmentPlanning.Apply(contract, complete, facts, problems);
                CoverageChecks.Run(after, complete, facts, problems);
                bool applied = history.IsBilled || !history.EarlierMayWait || deal.Deal.Opportunity.Text(F.Opportunity.ContractVersion) is not null;
                contract = problems.Refuse(applied) || HasEnded(contract, deal.ProcessedOn) ? contract : after;
                states.Add(contract);
            }
        }

        return states.ToImmutable();
    }

    private static (DealFacts Facts, Amendment? Amendment) Read(ProcessedDeal deal, DealType type, SoldContract before, ContractsOptions options, Problems problems)
    {
        DealFacts facts = new DealReading(deal.Deal, type, before, options, problems).Read();
        if (facts is not { Effective: { } effective, Term: { } term })
        {
            return (facts, null);
        }

        EndBehavior end = facts.AutoRenew && type == DealType.Renewal ? EndBehavior.Release : EndBehavior.Cancel;
        var terms = new ChangeTerms(SalesforceId.OfExport(deal.Deal.Opportunity.Id), deal.ProcessedOn, deal.BillsFrom, effective, facts.Proration, facts.Credit);
        return (facts, new(
            type, effective, term.End, [], terms, facts.CollectionMethod, facts.NetDays, end, ContractPlanning.CustomFields(deal.Deal.Opportunity)));
    }

    // The days of the lines are known only after the checks.
    private static Amendment? Complete(DealFacts facts, Amendment? amendment, Problems problems) =>
        amendment is null || facts.Currency is null || !ContractPlanning.LinesComplete(facts, problems) ? null
        : amendment with { Lines = [.. facts.Lines.Select(line => Line(line, amendment))] };

    private static ContractLine Line(LineFacts line, Amendment amendment)
    {
        ContractLine complete = line.Complete(amendment.Terms);
        return line.Charge == ChargeType.OneTime ? complete with { Start = amendment.Effective } : complete;
    }

    private static BillingPlan? Plan(
        SoldContract after, ContractHistory history, Amendment amendment, BillingSnapshot billing, DealFacts facts, ContractsOptions options, Problems problems)
    {
        ProcessedDeal planned = history.Planned;
        BillingPlan? plan = ContractPlanning.Build(after, facts, billing, history.FirstProcessedOn, planned.ProcessedOn, options, problems);
        return plan is null ? null : plan with
        {
            Customer = CustomerPlanning.Customer(history.Deals[0].Deal, billing),
            ContractId = (history.Base is { } held ? held.ContractId : history.Deals[0].Deal.Opportunity.Text(F.Opportunity.ContractId)) is { } named ? SalesforceId.OfExport(named) : null,
            CloseDate = history.Base is null ? history.Deals[0].Deal.Opportunity.Text(F.Opportunity.CloseDate) : null,
            QuoteNumber = history.Base is null ? history.Deals[0].Deal.Quote?.Number : null,
            Change = new(amendment.Terms.OpportunityId, amendment.Type, amendment.Effective, planned.StripeDay, billing.Contract?.ScheduleId, billing.Contract?.Schedule?.CurrentPhaseStart)
            {
                BillsFrom = planned.BillsFrom,
                WasWindow = billing.Contract?.Schedule?.PhasesUntil is not null,
            },
        };
    }

    // Nothing made by hand in Stripe is overwritten: what it holds must be the contract before the amendment, or already the one after it.
    private static PlanOutcome Compared(
        BillingPlan plan, ImmutableArray<SoldContract> states, ContractHistory history, BillingSnapshot billing, DealFacts facts, ContractsOptions options)
    {
        // Only what was applied before comes this far with a contract that has ended, by itself or by the amendment.
        if (billing.Contract is { } billed && EndedStates.Contains(billed.Status))
        {
            return history.Applied == plan.Version
                ? new PlanOutcome.Unchanged(plan)
                : new PlanOutcome.Rejected([Ended(facts.Deal.Opportunity, states[^1], history.Planned, billing)!]);
        }

        if (billing.Contract is not { Schedule: { } schedule } held)
        {
            return billing.Contract?.Version == plan.Version ? new PlanOutcome.Unchanged(plan) : new PlanOutcome.Planned(plan);
        }

        LocalDate from = history.Planned.StripeDay;
        if (held.Version != plan.Version && PhaseWindow.Waits(facts.Deal.Opportunity, held) is { } waits)
        {
            return new PlanOutcome.Rejected([waits]);
        }

        // A change that leaves the phases alike, such as a one-time line of the Hub's own, is not there because they are.
        if (held.Version == plan.Version || (ScheduleComparison.Same(plan, schedule, from) && (history.Applied is not null || Differs(states[^1]) is not null)))
        {
            return ScheduleComparison.Difference(plan, schedule, from) is { } edited
                ? new PlanOutcome.Rejected([ContractPlanning.Edited(facts.Deal.Opportunity, held, edited)])
                : new PlanOutcome.Unchanged(plan with { PhasesUntil = schedule.PhasesUntil });
        }

        string? difference = null;
        foreach (SoldContract before in history.EarlierMayWait ? states.Reverse() : [states[^1]])
        {
            if (Differs(before) is not { } found)
            {
                return new PlanOutcome.Planned(plan);
            }

            difference ??= found;
        }

        return new PlanOutcome.Rejected([ContractPlanning.Edited(facts.Deal.Opportunity, held, difference!)]);

        string? Differs(SoldContract before) =>
            ContractPlanning.Build(before, facts, billing, history.FirstProcessedOn, history.Planned.ProcessedOn, new() { RollingPhases = true }, new()) is { } unamended
                ? ScheduleComparison.Difference(unamended, schedule, from)
                : null;
    }

    private static Problem Unknown(ContractHistory history)
    {
        SalesforceRecord opportunity = history.Planned.Deal.Opportunity;
        string? named = opportunity.Text(F.Opportunity.AmendsContract);
        string message = named is null ? "The opportunity changes a contract but does not name it."
            : history.Deals.Length < 2 ? $"The contract {named} is not known to the Hub."
            : $"The contract {named} is not billed: its opportunity {history.Deals[0].Deal.Opportunity.Id} is refused, held, or sold nothing that recurs.";
        return new(
            ProblemCodes.ContractUnknown, opportunity.Object, opportunity.Id, F.Opportunity.AmendsContract, named, message,
            "Enter the contract that is changed, or the opportunity it was first sold with; if that one is refused, mend it first.");
    }

    private static Problem? Ended(SalesforceRecord opportunity, SoldContract? before, ProcessedDeal planned, BillingSnapshot billing)
    {
        bool canceled = billing.Contract is { } held && EndedStates.Contains(held.Status);
        if (!canceled && (before is null || !HasEnded(before, planned.ProcessedOn)))
        {
            return null;
        }

        string status = canceled ? billing.Contract!.Status : "completed";
        LocalDate? on = canceled ? billing.Contract!.EndedOn : before!.Term!.End;
        return new(
            ProblemCodes.ContractEnded, opportunity.Object, opportunity.Id, F.Opportunity.AmendsContract, opportunity.Text(F.Opportunity.AmendsContract),
            $"The contract was {status}{(on is { } date ? $" on {Problems.Text(date)}" : "")}; what has ended is not changed, renewed or terminated any more.",
            "Close a new deal (type New) for what was sold.");
    }

    // Without a word from Stripe a contract whose last day has passed has ended, unless it goes on by itself.
    private static bool HasEnded(SoldContract contract, LocalDate on) => contract.EndBehavior == EndBehavior.Cancel && contract.Term!.End is { } end && end <= on;
}
