using System.Collections.Immutable;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Core.Books;

/// <summary>When the opportunities of one contract count as processed (C4).</summary>
/// <remarks>
/// What Stripe holds was handled when it was created there, an amendment of it when it was won; what another opportunity of the file amends, and Stripe
/// does not hold, when it was won; everything else now.
/// </remarks>
/// <param name="original">The contract's first opportunity; null when the file does not hold it.</param>
internal sealed class ProcessingDays(DealSnapshot? original, WonContracts contracts, BilledDeal billed, BilledBooks books, BooksFile file)
{
    private readonly ImmutableHashSet<string> _held = original is null || billed.Schedule is null ? [] : Held(original, contracts, billed, books, file);

    public ProcessedDeal Of(DealSnapshot deal) => On(deal, Instant(deal));

    private Instant Instant(DealSnapshot deal)
    {
        bool isOriginal = deal == original;
        bool won = billed.Snapshot.Contract is null ? contracts.IsAmended(deal) : isOriginal || _held.Contains(deal.Opportunity.Id);
        return (isOriginal ? billed.CreatedAt : null) ?? (won ? BooksPlanning.WonAt(deal) : null) ?? file.AsOf;
    }

    // The invoice of the day is out: what is handled later that day is not on it.
    private ProcessedDeal On(DealSnapshot deal, Instant at)
    {
        LocalDate day = file.Zone.DateOf(at);
        return new(deal, day) { BillsFrom = billed.IssuedOn.Contains(day) ? day.PlusDays(1) : day };
    }

    // The amendments with which the schedule is the contract: as many of them, in the order they were won, as it has.
    private static ImmutableHashSet<string> Held(DealSnapshot original, WonContracts contracts, BilledDeal billed, BilledBooks books, BooksFile file)
    {
        DealSnapshot[] amendments = [.. contracts.After(original, original)];
        ProcessedDeal[] all = [.. amendments.Prepend(original).Select(deal => new ProcessedDeal(deal, file.Zone.DateOf(BooksPlanning.WonAt(deal) ?? file.AsOf)))];
        for (int count = amendments.Length; count > 0; count--)
        {
            ContractHistory history = new([.. all[..(count + 1)]]) { EarlierMayWait = true };
            if (ContractPlanning.Plan(history, billed.Snapshot with { Contract = null }, file.Contracts) is PlanOutcome.Planned(var plan)
                && HeldPlan.Matches(plan, billed.Schedule!.Value, books, isNew: false))
            {
                return [.. amendments[..count].Select(deal => deal.Opportunity.Id)];
            }
        }

        return [];
    }
}
