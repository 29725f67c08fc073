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
        ImmutableHashSet<string> amended =
        [
            .. books.Opportunities.Where(IsWon).Select(deal => deal.Opportunity.Text(F.Opportunity.AmendsContract)).OfType<string>().Select(BooksRecords.Key),
        ];
        return
        [
            .. books.Opportunities.Where(IsWon)
                .OrderBy(deal => WonAt(deal) ?? Instant.MaxValue).ThenBy(deal => deal.Opportunity.Id, StringComparer.Ordinal)
                .Select(deal => Plan(deal, billed, IsAmended(deal, amended), books)),
        ];
    }

    private static bool IsWon(DealSnapshot deal) => string.Equals(deal.Opportunity.Text(F.Opportunity.IsWon), "true", StringComparison.OrdinalIgnoreCase);

    private static Instant? WonAt(DealSnapshot deal) => BooksDefects.Instant(deal.Opportunity.Text(F.Opportunity.LastStageChangeDate));

    private static bool IsAmended(DealSnapshot deal, ImmutableHashSet<string> amended) =>
        amended.Contains(BooksRecords.Key(deal.Opportunity.Id))
        || (deal.Opportunity.Text(F.Opportunity.ContractId) is { } contract && amended.Contains(BooksRecords.Key(contract)));

    // What Stripe holds was handled when it was created there; an original that the file amends, when it was won; everything else now (C4).
    private static LocalDate ProcessingDate(DealSnapshot deal, BilledDeal billed, bool amended, BooksFile books) => books.Zone.DateOf(
        billed.CreatedAt ?? (amended && billed.Snapshot.Contract is null ? WonAt(deal) : null) ?? books.AsOf);

    private static PlannedDeal Plan(DealSnapshot deal, BilledBooks books, bool amended, BooksFile file)
    {
        BilledDeal billed = books.Of(deal);
        LocalDate date = ProcessingDate(deal, billed, amended, file);
        PlanOutcome outcome = ContractPlanning.Plan(deal, billed.Snapshot, date, file.Contracts);
        outcome = outcome is PlanOutcome.Rejected && Held(deal, billed, date, books, file) is { } held ? held : outcome;
        ImmutableHashSet<string> reusable = PlanJson.PlanOf(outcome) is { } plan ? HeldPlan.ReusablePrices(plan, books) : [];
        return new(deal, billed.Snapshot with { ReusablePrices = reusable }, outcome);
    }

    // A schedule that was not created by this version of the Hub is the plan all the same when it has its content.
    private static PlanOutcome.Unchanged? Held(DealSnapshot deal, BilledDeal billed, LocalDate date, BilledBooks books, BooksFile file)
    {
        if (billed.Snapshot.Contract is null
            || ContractPlanning.Plan(deal, billed.Snapshot with { Contract = null }, date, file.Contracts) is not PlanOutcome.Planned(var plan))
        {
            return null;
        }

        bool same = (billed.Schedule is { } schedule && HeldPlan.Matches(plan, schedule, books))
            || (billed.Invoice is { } invoice && HeldPlan.Matches(plan, invoice));
        return same ? new PlanOutcome.Unchanged(plan) : null;
    }
}
