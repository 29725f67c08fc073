using System.Collections.Immutable;
using Hub.Core.Contracts;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Books;

/// <summary>The outcome of planning one opportunity of a books file.</summary>
public sealed record PlannedDeal(DealSnapshot Deal, BillingSnapshot Billing, PlanOutcome Outcome);

/// <summary>Plans every won opportunity of a books file with the rules the functions use.</summary>
public static class BooksPlanning
{
    /// <summary>One entry per won opportunity, by LastStageChangeDate (unknown: last), then id.</summary>
    public static ImmutableArray<PlannedDeal> Plan(BooksFile books)
    {
        var billed = new BilledBooks(books);
        ImmutableArray<DealSnapshot> won =
        [
            .. books.Opportunities.Where(IsWon).OrderBy(deal => WonAt(deal) ?? Instant.MaxValue).ThenBy(deal => deal.Opportunity.Id, StringComparer.Ordinal),
        ];
        var contracts = new WonContracts(won);
        return [.. won.Select(deal => Plan(deal, contracts, billed, books))];
    }

    private static bool IsWon(DealSnapshot deal) => string.Equals(deal.Opportunity.Text(F.Opportunity.IsWon), "true", StringComparison.OrdinalIgnoreCase);

    internal static Instant? WonAt(DealSnapshot deal) => BooksDefects.Instant(deal.Opportunity.Text(F.Opportunity.LastStageChangeDate));

    private static PlannedDeal Plan(DealSnapshot deal, WonContracts contracts, BilledBooks books, BooksFile file)
    {
        DealSnapshot? original = contracts.OriginalOf(deal);
        BilledDeal billed = books.Of(original ?? deal, original?.Opportunity.Id ?? deal.Opportunity.Text(F.Opportunity.AmendsContract) ?? deal.Opportunity.Id);
        var days = new ProcessingDays(original, contracts, billed, books, file);
        ContractHistory history = original is null ? OfStripe(deal, contracts, billed, days, books, file) ?? new([days.Of(deal)])
            : original == deal ? new([days.Of(deal)])
            : new([.. contracts.UpTo(deal, original).Select(days.Of)]) { EarlierMayWait = true };
        PlanOutcome outcome = ContractPlanning.Plan(history, billed.Snapshot, file.Contracts);
        if (outcome is not (PlanOutcome.Unchanged or PlanOutcome.Held))
        {
            IEnumerable<ProcessedDeal> later = original is null ? [] : contracts.After(deal, original).Select(days.Of);
            outcome = Held(history, [.. later], billed, books, file) ?? outcome;
        }

        outcome = ApprovalRules.Gate(outcome, deal, file.Contracts);
        ImmutableHashSet<string> reusable = PlanJson.PlanOf(outcome) is { } plan ? HeldPlan.ReusablePrices(plan, books) : [];
        return new(deal, billed.Snapshot with { ReusablePrices = reusable }, outcome);
    }

    // The file has the amendments only: what they amend is what Stripe holds. What it holds of them already shows in their version.
    private static ContractHistory? OfStripe(DealSnapshot deal, WonContracts contracts, BilledDeal billed, ProcessingDays days, BilledBooks books, BooksFile file)
    {
        string? version = billed.Snapshot.Contract?.Version;
        if (billed.Schedule is not { } schedule || IsApplied(deal)
            || new HeldContract(file, books).Read(schedule, schedule.Metadata(BilledBooks.OpportunityKey) ?? "") is not { } contract)
        {
            return null;
        }

        return new([.. contracts.Orphans(deal).Where(part => !IsApplied(part)).Select(days.Of)])
        {
            EarlierMayWait = true,
            Base = new(contract, schedule.Metadata(BilledBooks.ContractKey), billed.CreatedAt is { } created ? file.Zone.DateOf(created) : contract.Term!.Start),
        };

        bool IsApplied(DealSnapshot part) => version is not null && part.Opportunity.Text(F.Opportunity.ContractVersion) == version;
    }

    // A schedule that was not created by this version of the Hub is the plan all the same when it has its content, or that of a later amendment.
    private static PlanOutcome.Unchanged? Held(ContractHistory history, ImmutableArray<ProcessedDeal> later, BilledDeal billed, BilledBooks books, BooksFile file)
    {
        if (billed.Snapshot.Contract is null || PlanOf(history) is not { } plan)
        {
            return null;
        }

        // Of a change that leaves the phases alike the schedule says nothing.
        if (history.Deals.Length > 1 && PlanOf(history with { Deals = history.Deals[..^1] }) is { } before && ScheduleHash.OfItems(before) == ScheduleHash.OfItems(plan))
        {
            return null;
        }

        bool same = Enumerable.Range(0, later.Length + 1)
            .Select(count => count == 0 ? plan : PlanOf(history with { Deals = history.Deals.AddRange(later[..count]) }))
            .Any(state => state is not null && ((billed.Schedule is { } schedule && HeldPlan.Matches(state, schedule, books, isNew: history.Deals.Length == 1 && history.Base is null)) || (billed.Invoice is { } invoice && HeldPlan.Matches(state, invoice))));
        return same ? new PlanOutcome.Unchanged(plan) : null;

        BillingPlan? PlanOf(ContractHistory state) =>
            ContractPlanning.Plan(state with { IsBilled = true }, billed.Snapshot with { Contract = null }, file.Contracts) is PlanOutcome.Planned(var found) ? found : null;
    }
}
