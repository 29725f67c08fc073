using System.Collections.Immutable;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>From a closed-won opportunity to what Stripe shall bill, or to everything that speaks against it.</summary>
public static class ContractPlanning
{
    /// <summary>Current and future phases that Stripe takes in one schedule.</summary>
    internal const int MostPhases = 10;

    /// <summary>Plans one won opportunity that stands alone.</summary>
    /// <remarks><inheritdoc cref="Plan(ContractHistory,BillingSnapshot,ContractsOptions)" path="/remarks"/></remarks>
    /// <param name="processingDate">Billing-zone date on which the Hub handles the opportunity.</param>
    public static PlanOutcome Plan(DealSnapshot deal, BillingSnapshot billing, LocalDate processingDate, ContractsOptions options) =>
        Plan(ContractHistory.Of(deal, processingDate), billing, options);

    /// <summary>Plans the contract as it stands after the last opportunity of its history.</summary>
    /// <remarks>
    /// Pure. All problems are found in one pass; a check whose input is a problem already is skipped. The same deal gives the same
    /// <see cref="BillingPlan.Version"/> on every processing date; the date only decides when invoices are issued and whether the start lies
    /// too far back (C4). Whoever plans a deal again after it was applied passes the date on which it was first processed. An earlier amendment
    /// that is refused or held changed nothing and is left out. Source: contracts conventions C1–C23.
    /// </remarks>
    /// <param name="billing">What Stripe holds for the contract.</param>
    public static PlanOutcome Plan(ContractHistory history, BillingSnapshot billing, ContractsOptions options)
    {
        DealSnapshot deal = history.Planned.Deal;
        var problems = new Problems();
        if (IsHeld(deal, problems))
        {
            return new PlanOutcome.Held("Billing of this opportunity is on hold (Hub_Hold_Billing__c); nothing is written to Stripe.");
        }

        if (TypeOf(deal.Opportunity, options, problems) is not { } type)
        {
            return new PlanOutcome.Rejected(problems.All);
        }

        return type == DealType.New
            ? PlanNew(history, billing, options, problems)
            : AmendmentOutcome.Of(history, type, billing, options, problems);
    }

    /// <summary>What an opportunity does to a contract; null, with a problem, when it does not say.</summary>
    internal static DealType? TypeOf(SalesforceRecord opportunity, ContractsOptions options, Problems problems)
    {
        string field = opportunity.Text(F.Opportunity.DealType) is not null ? F.Opportunity.DealType : F.Opportunity.Type;
        string? text = opportunity.Text(field);
        if (text is null && opportunity.Text(F.Opportunity.AmendsContract) is null)
        {
            return DealType.New;
        }

        if (text is not null && options.DealTypes.TryGetValue(text, out DealType type))
        {
            return type;
        }

        problems.Add(
            ProblemCodes.DealTypeUnknown, opportunity, F.Opportunity.DealType,
            text is null ? "The opportunity amends a contract but does not say how." : $"The deal type '{text}' is not known.",
            "Choose New, Upsell, Downsell, Renewal or Termination in Hub_Deal_Type__c, or have the value mapped in Contracts:DealTypes.");
        return null;
    }

    internal static bool IsHeld(DealSnapshot deal, Problems problems) => new FieldReading(deal.Opportunity, problems).Flag(F.Opportunity.HoldBilling);

    private static PlanOutcome PlanNew(ContractHistory history, BillingSnapshot billing, ContractsOptions options, Problems problems)
    {
        ProcessedDeal sold = history.Planned;
        DealSnapshot deal = sold.Deal;
        DealFacts facts = new DealReading(deal, DealType.New, null, options, problems).Read();
        new DealChecks(facts, billing, sold.ProcessedOn, options, problems).Run();
        BillingPlan? plan = null;
        if (Read(facts, options, problems) is { } contract)
        {
            plan = Build(contract, facts, billing, sold.ProcessedOn, sold.ProcessedOn, options, problems);
        }

        // A plan that Stripe bills already stays right, whatever has happened to master data since.
        return plan is not null && billing.Contract is { } same && same.Version == plan.Version ? Billed(deal.Opportunity, plan, same)
            : plan is null || problems.Refuse(history.IsBilled) ? new PlanOutcome.Rejected(problems.All)
            : billing.Contract is { } held ? Corrected(deal.Opportunity, plan, held, billing)
            : new PlanOutcome.Planned(plan);
    }

    /// <summary>The contract a new deal sold, whatever speaks against billing it; null when it cannot be read completely.</summary>
    internal static SoldContract? Read(DealFacts facts, ContractsOptions options, Problems problems)
    {
        bool complete = facts.Currency is not null && !facts.Lines.IsEmpty && LinesComplete(facts, problems);
        return complete ? Complete(facts, options) : null;
    }

    internal static bool LinesComplete(DealFacts facts, Problems problems) => facts.Lines.All(line => line.IsComplete)
        && !problems.All.Any(problem => problem.Code is ProblemCodes.LineGap or ProblemCodes.LineOverlap or ProblemCodes.QuantityNotWhole);

    /// <summary>The plan of a contract that was read completely; null when its payment terms are not known.</summary>
    /// <param name="firstProcessed">Processing date of the original opportunity.</param>
    /// <param name="processedOn">Processing date of the opportunity that is planned.</param>
    internal static BillingPlan? Build(
        SoldContract contract, DealFacts facts, BillingSnapshot billing, LocalDate firstProcessed, LocalDate processedOn, ContractsOptions options, Problems problems)
    {
        ImmutableArray<Phase> phases = contract.Running.Any() ? PhasePlanning.Phases(contract) : [];
        bool rolling = options.RollingPhases || billing.Contract?.Schedule?.PhasesUntil is not null;
        PhaseChecks.Run(phases, facts, processedOn, rolling ? int.MaxValue : MostPhases, problems);
        bool termsKnown = contract.CollectionMethod == CollectionMethod.ChargeAutomatically || contract.NetDays is not null;
        return termsKnown
            ? Assemble(contract, phases, facts, billing, firstProcessed, options) with { PhasesUntil = rolling ? PhaseWindow.Until(phases, processedOn) : null }
            : null;
    }

    private static SoldContract Complete(DealFacts facts, ContractsOptions options)
    {
        var id = SalesforceId.OfExport(facts.Deal.Opportunity.Id);
        var terms = new ChangeTerms(id, null, null, null, facts.Proration, facts.Credit);
        return new(
            id,
            facts.Currency!.Value,
            facts.Term,
            [.. facts.Lines.Select(line => line.Complete(terms))],
            facts.CollectionMethod,
            facts.NetDays,
            facts.AutoRenew ? EndBehavior.Release : EndBehavior.Cancel,
            facts.Proration,
            CustomFields(facts.Deal.Opportunity),
            facts.Deal.Account?.Text(F.Account.TaxRateId),
            options.AutomaticTax)
        {
            Agreed = new(
                Enum.TryParse(facts.Deal.Opportunity.Text(F.Opportunity.BillingFrequency), ignoreCase: true, out Frequency frequency) ? frequency : null,
                facts.Proration,
                facts.Credit),
        };
    }

    internal static ImmutableArray<CustomField> CustomFields(SalesforceRecord opportunity) =>
        opportunity.Text(F.Opportunity.PoNumber) is { } po ? [new("PO number", po)] : [];

    private static BillingPlan Assemble(
        SoldContract contract, ImmutableArray<Phase> phases, DealFacts facts, BillingSnapshot billing, LocalDate processingDate, ContractsOptions options)
    {
        ImmutableArray<ProjectedInvoice> invoices = new InvoiceProjection(contract, billing, processingDate).Project();
        var plan = new BillingPlan(
            contract.OpportunityId,
            "",
            contract.Currency,
            CustomerPlanning.Customer(facts.Deal, billing),
            phases.IsEmpty ? null : Schedule(contract, phases),
            phases.IsEmpty ? Standalone(contract, processingDate) : null,
            [.. invoices.Select(listed => listed.Invoice)])
        {
            ContractId = facts.Deal.Opportunity.Text(F.Opportunity.ContractId) is { } named ? SalesforceId.OfExport(named) : null,
            CloseDate = facts.Deal.Opportunity.Text(F.Opportunity.CloseDate),
            QuoteNumber = facts.Deal.Quote?.Number,
            NewProducts = options.CreateMissingProducts ? NewProducts(facts) : [],
            Adjustments =
            [
                .. invoices.Where(listed => listed.Effective is not null)
                    .Select(listed => new AdjustmentPlan(listed.Effective!.Value, listed.Invoice) { OpportunityId = listed.OpportunityId, CreditedInvoice = listed.CreditedInvoice }),
            ],
        };
        return plan with { Version = PlanVersion.Of(plan) };
    }

    private static ImmutableArray<ProductPlan> NewProducts(DealFacts facts) =>
    [
        .. facts.Lines.Where(line => line.ProductRecord is { } record && record.Text(F.Product.StripeProductId) is null)
            .DistinctBy(line => line.Product.Key)
            .Select(line => new ProductPlan(
                line.Product.StripeId,
                line.Product.Key,
                line.Product.Code,
                line.ProductRecord!.Text(F.Product.Name) ?? line.Product.Code,
                line.ProductRecord.Text(F.Product.Description),
                line.ProductRecord.Text(F.Product.TaxCode),
                line.ProductRecord.Text(F.Product.UnitOfMeasure))),
    ];

    private static SchedulePlan Schedule(SoldContract contract, ImmutableArray<Phase> phases) => new(
        contract.CollectionMethod, contract.NetDays, contract.EndBehavior, contract.CustomFields, contract.TaxRateId, phases)
    {
        AutomaticTax = contract.AutomaticTax,
    };

    private static StandaloneInvoicePlan Standalone(SoldContract contract, LocalDate date) => new(
        date, contract.CollectionMethod, contract.NetDays, contract.CustomFields, contract.TaxRateId, PhasePlanning.OneTimeItems(contract.OneTime, contract))
    {
        AutomaticTax = contract.AutomaticTax,
    };

    // The version in the metadata says what the Hub wrote, not what has been made of it since.
    private static PlanOutcome Billed(SalesforceRecord opportunity, BillingPlan plan, BilledContract held) =>
        held.Schedule is { } schedule && ScheduleComparison.Difference(plan, schedule) is { } difference
            ? new PlanOutcome.Rejected([Edited(opportunity, held, difference)])
            : new PlanOutcome.Unchanged(plan with { PhasesUntil = held.Schedule?.PhasesUntil });

    internal static Problem Edited(SalesforceRecord opportunity, BilledContract held, string difference) => new(
        ProblemCodes.ScheduleEdited, opportunity.Object, opportunity.Id, F.Opportunity.StripeScheduleId, held.ScheduleId,
        $"Schedule {held.ScheduleId} was changed in Stripe after the Hub created it: {difference}. Billing goes on as it stands in Stripe; the Hub overwrites nothing.",
        "Undo the change in Stripe, or, if it is meant, set Hub_Hold_Billing__c on this opportunity, so that the Hub leaves its billing to you.");

    // Until its first day a contract has billed nothing, so that a slip can still be put right without a trace on any invoice.
    private static PlanOutcome Corrected(SalesforceRecord opportunity, BillingPlan plan, BilledContract held, BillingSnapshot billing)
    {
        bool correctable = held is { CorrectableFrom: { } earliest, ScheduleId: { } id } && plan.Schedule is { Phases: [var first, ..] } && first.Start >= earliest
            && billing.Running.Any(running => running.Id == id && running.Currency == plan.Currency.StripeCode);
        return correctable
            ? new PlanOutcome.Planned(plan with
            {
                Change = new(plan.OpportunityId, DealType.New, plan.Schedule!.Phases[0].Start, held.CorrectableFrom!.Value, held.ScheduleId, null)
                {
                    WasWindow = held.Schedule?.PhasesUntil is not null,
                },
            })
            : new PlanOutcome.Rejected([AlreadyBilled(opportunity, held)]);
    }

    private static Problem AlreadyBilled(SalesforceRecord opportunity, BilledContract held) => new(
        ProblemCodes.ContractAlreadyBilled, opportunity.Object, opportunity.Id, F.Opportunity.Amount, opportunity.Text(F.Opportunity.Amount),
        $"Stripe bills this opportunity already ({held.ScheduleId ?? held.SubscriptionId ?? held.InvoiceId}), but as another contract than it now describes.",
        "Undo the change on the won opportunity, and record it as an opportunity of its own (Upsell, Downsell, Renewal or Termination).");
}
