using System.Collections.Immutable;
using Hub.Core.Time;
using Microsoft.Extensions.Options;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>What a sync and a preview have in common: what Stripe holds for a deal, and the plan of it. Reads only.</summary>
public sealed class ContractReading(
    ISalesforce salesforce, IStripeBilling stripe, IContractRecords records, TimeProvider time, IOptions<ContractsOptions> options)
{
    private const string OpportunityPrefix = "006";

    private readonly AccountCustomers _customers = new(stripe, options);

    private LocalDate Today => BillingZone.Find(options.Value.BillingTimeZone)!.DateOf(Instant.FromDateTimeOffset(time.GetUtcNow()));

    private LocalDate StripeToday => Instant.FromDateTimeOffset(time.GetUtcNow()).InUtc().Date;

    /// <summary>What Stripe holds where the contract was billed.</summary>
    /// <remarks>
    /// The contract stays where it was billed: an opportunity that has moved to another account, or an account that names another customer, must
    /// not look unbilled because Stripe holds nothing under the new one, nor because its customer was deleted in Stripe.
    /// </remarks>
    internal async Task<BillingSnapshot> Billed(ContractCase contract, CancellationToken ct) => contract is { Contract: { } record, Original: { } original }
        ? Correctable(contract, await stripe.WithTaxRate(await Billed(original, record, ct), original.Account?.Text(F.Account.TaxRateId), ct))
        : BillingSnapshot.Empty;

    // Only where the Hub's record proves that nobody else has written to the schedule, and nothing was built on it.
    private BillingSnapshot Correctable(ContractCase contract, BillingSnapshot billing) =>
        contract is { IsAmendment: false, Record: { BilledAccount: { } billed, Amendments.IsEmpty: true } record }
        && billing.Contract is { Status: "not_started", Schedule: { } schedule } held
        && SalesforceId.TryParse(contract.Deal.Opportunity.Text(F.Opportunity.AccountId), out SalesforceId account) && account == billed
        && record.Written.Contains(ScheduleHash.Of(schedule))
            ? billing with { Contract = held with { CorrectableFrom = LocalDate.Max(Today, StripeToday).PlusDays(1) } }
            : billing;

    private async Task<BillingSnapshot> Billed(DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        bool named = SalesforceId.TryParse(deal.Opportunity.Text(F.Opportunity.AccountId), out SalesforceId account);
        string? customer = deal.Account?.Text(F.Account.StripeCustomerId);
        BillingSnapshot billing = named ? await stripe.Read(record.OpportunityId, account, customer, ct) : BillingSnapshot.Empty;
        SalesforceId? before = record.BilledAccount ?? (named ? account : null);
        bool elsewhere = before != (named ? account : null) || (record.Billing is { } known && known.CustomerId != billing.Customer?.Id);
        if (billing.Contract is not null || before is not { } billed || !elsewhere)
        {
            return !named || record.Billing is not null || billing.Contract is not null ? billing : await _customers.For(deal, record.OpportunityId, billing, ct);
        }

        BillingSnapshot held = await stripe.Read(record.OpportunityId, billed, record.Billing?.CustomerId, ct);
        bool deletedSince = record.Billing is { } applied && held.MissingCustomer == applied.CustomerId;
        return held.Contract is not null ? held : deletedSince ? held with { BilledThere = true } : billing;
    }

    /// <summary>The plan, and the processing date (C4) it was made for.</summary>
    /// <remarks>
    /// The processing date is frozen for the plan it was stored with. Another plan, while Stripe bills nothing yet, is processed today.
    /// </remarks>
    internal (PlanOutcome Outcome, LocalDate ProcessedOn) Planned(ContractCase contract, BillingSnapshot billing)
    {
        ContractRecord record = contract.Record;
        LocalDate date = record.ProcessedOn ?? Today;
        bool frozen = contract.IsAmendment ? contract.IsApplied : billing.Contract is not null;
        PlanOutcome outcome = On(date);
        if (date != Today && !frozen && PlanJson.PlanOf(outcome)?.Version != record.Version)
        {
            (outcome, date) = (On(Today), Today);
        }

        return Approved(contract, outcome, date, On);

        PlanOutcome On(LocalDate processedOn) => History(contract, processedOn, IsUnderWay(contract, billing)) is { } history
            ? Counted(ContractPlanning.Plan(history, billing, options.Value), record)
            : new PlanOutcome.Rejected([Incomplete(contract)]);
    }

    // A correction that was interrupted goes on as the same one.
    private static PlanOutcome Counted(PlanOutcome outcome, ContractRecord record) => outcome is PlanOutcome.Planned({ Change: { Type: DealType.New } change } plan)
        ? new PlanOutcome.Planned(plan with
        {
            Change = change with { Correction = record.State == ContractState.Applying && record.Version == plan.Version ? record.Corrections : record.Corrections + 1 },
        })
        : outcome;

    // What is being applied was approved before. An approval is for the plan of the day it was asked for; it is billed on the day it is given.
    private (PlanOutcome Outcome, LocalDate ProcessedOn) Approved(ContractCase contract, PlanOutcome outcome, LocalDate date, Func<LocalDate, PlanOutcome> on)
    {
        ContractRecord record = contract.Record;
        if (record is { State: ContractState.Applying, ETag: not null } && PlanJson.PlanOf(outcome)?.Version == record.Version)
        {
            return (outcome is PlanOutcome.Planned(var interrupted) ? new PlanOutcome.Planned(interrupted with { Approval = ApprovalRules.Given(contract.Deal, interrupted, options.Value) }) : outcome, date);
        }

        PlanOutcome gated = ApprovalRules.Gate(outcome, contract.Deal, options.Value);
        return gated is PlanOutcome.Planned({ Approval: { } approval }) && record.State == ContractState.NeedsApproval && date != Today && on(Today) is PlanOutcome.Planned(var plan)
            ? (new PlanOutcome.Planned(plan with { Approval = approval }), Today)
            : (gated, date);
    }

    /// <summary>The contract that an opportunity belongs to.</summary>
    internal async Task<ContractCase> Case(DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        SalesforceId? original = AmendsNothing(deal) ? record.OpportunityId : record.Original ?? await Original(deal, ct);
        ContractRecord? contract = original == record.OpportunityId ? record : original is { } id ? await records.Find(id, ct) : null;
        SalesforceId[] others =
        [
            .. (original is { } first ? new[] { first } : []).Concat(contract?.Amendments.Select(applied => applied.OpportunityId) ?? [])
                .Where(other => other != record.OpportunityId).Distinct(),
        ];
        var found = new ContractCase(
            deal,
            record,
            contract ?? (original is { } unknown && others.Length > 0 ? ContractStates.New(unknown) : null),
            others.Length == 0 ? [] : await salesforce.GetDeals(others, ct));
        return await Unmerged(found, ct);
    }

    // A merge of accounts moves their opportunities, but who was sold to stays the same: the contract is planned under the account it is billed
    // under, or it would look like another one. An opportunity that was moved by hand keeps its new account, and is refused as such.
    private async Task<ContractCase> Unmerged(ContractCase contract, CancellationToken ct)
    {
        bool moved = contract is { Contract.BilledAccount: { } before, Original: { } original }
            && SalesforceId.TryParse(original.Opportunity.Text(F.Opportunity.AccountId), out SalesforceId now) && now != before;
        if (!moved || contract.Contract!.BilledAccount is not { } billed || await salesforce.MergedInto(billed, ct) is not { } survivor)
        {
            return contract;
        }

        return contract with { Deal = Under(contract.Deal), Others = [.. contract.Others.Select(Under)] };

        DealSnapshot Under(DealSnapshot deal) => SalesforceId.TryParse(deal.Opportunity.Text(F.Opportunity.AccountId), out SalesforceId account) && account == survivor
            ? deal with { Opportunity = BillTo.Under(deal.Opportunity, billed.Value) }
            : deal;
    }

    private bool AmendsNothing(DealSnapshot deal) => ContractPlanning.TypeOf(deal.Opportunity, options.Value, new()) is null or DealType.New;

    // A contract is named by its record, by the opportunity it was sold with, or by one that amended it.
    private async Task<SalesforceId?> Original(DealSnapshot deal, CancellationToken ct)
    {
        const int longestChain = 20;
        DealSnapshot? found = deal;
        for (int step = 0; step < longestChain && found is not null; step++)
        {
            if (!SalesforceId.TryParse(found.Opportunity.Text(F.Opportunity.AmendsContract), out SalesforceId named))
            {
                return found == deal ? null : SalesforceId.Parse(found.Opportunity.Id);
            }

            if (!named.Value.StartsWith(OpportunityPrefix, StringComparison.Ordinal))
            {
                // More than one could be meant: which one is not guessed. The record of a renewed term is named by the renewal, which goes on to the first.
                if (await salesforce.FirstOpportunities(named, ct) is not [var only] || only.Value == found.Opportunity.Id)
                {
                    return null;
                }

                named = only;
            }

            found = await salesforce.GetDeals([named], ct) is [var next, ..] ? next : null;
        }

        return null;
    }

    // The last claim, of which Stripe was not told yet, or it would hold the version, or nothing any more. What has become of its own record meanwhile
    // does not matter.
    private static bool IsUnderWay(ContractCase contract, BillingSnapshot billing) => contract.Contract is { Amendments: [.., var last], Version: { } version }
        && last.OpportunityId == contract.Record.OpportunityId
        && billing.Contract is { EndedOn: null, Version: { } held } && held != version;

    // Null when an opportunity that was applied cannot be read any more, or is not won any more.
    private ContractHistory? History(ContractCase contract, LocalDate processedOn, bool underWay)
    {
        if (contract.Contract is not { } root || (root.Amendments.IsEmpty && !contract.IsAmendment))
        {
            return ContractHistory.Of(contract.Deal, processedOn);
        }

        AppliedAmendment now = new(contract.Record.OpportunityId, processedOn, StripeToday.PlusDays(1));
        AppliedAmendment[] amendments =
        [
            .. root.Amendments.Select(applied => underWay && applied.OpportunityId == now.OpportunityId ? applied with { BillsFrom = now.BillsFrom } : applied),
            .. contract.IsAmendment && !contract.IsApplied ? new[] { now } : [],
        ];
        LocalDate first = contract.IsAmendment ? root.ProcessedOn ?? processedOn : processedOn;
        (DealSnapshot? Deal, AppliedAmendment? Applied)[] parts =
            [(contract.Find(root.OpportunityId), null), .. amendments.Select(applied => (contract.Find(applied.OpportunityId), (AppliedAmendment?)applied))];
        return parts.All(part => part.Deal is { } deal && (deal == contract.Deal || IsWon(deal)))
            ? new([.. parts.Select(part => part.Applied is { } applied ? Processed(part.Deal!, applied) : new ProcessedDeal(part.Deal!, first))])
            {
                Applied = contract.IsAmendment && !contract.IsApplied ? null : root.Version,
            }
            : null;
    }

    private static ProcessedDeal Processed(DealSnapshot deal, AppliedAmendment applied) =>
        new(deal, applied.ProcessedOn) { BillsFrom = applied.BillsFrom, StripeDay = applied.BillsFrom.PlusDays(-1) };

    private static bool IsWon(DealSnapshot deal) => bool.TryParse(deal.Opportunity.Text(F.Opportunity.IsWon), out bool won) && won;

    private static Problem Incomplete(ContractCase contract)
    {
        SalesforceRecord opportunity = contract.Deal.Opportunity;
        SalesforceId missing = contract.Contract!.Amendments.Select(applied => applied.OpportunityId).Prepend(contract.Contract.OpportunityId)
            .FirstOrDefault(id => contract.Find(id) is not { } deal || !IsWon(deal));
        return new(
            ProblemCodes.ContractUnknown, opportunity.Object, opportunity.Id, F.Opportunity.AmendsContract, opportunity.Text(F.Opportunity.AmendsContract),
            $"The contract is made of opportunity {missing}, which is deleted, hidden from the Hub, or not won any more; billing goes on as it stands in Stripe.",
            $"Restore opportunity {missing}, or close it as won again.");
    }
}
