using System.Collections.Immutable;
using Hub.Core.Contracts;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Books;

/// <summary>Which won opportunities of a file belong to one contract.</summary>
/// <param name="won">In the order they were won.</param>
internal sealed class WonContracts(ImmutableArray<DealSnapshot> won)
{
    private const int LongestChain = 100;

    private readonly ImmutableHashSet<string> _amended = [.. won.Select(Amends).OfType<string>()];

    /// <summary>The contract's first opportunity: the deal itself when it amends nothing; null when the file does not hold it.</summary>
    public DealSnapshot? OriginalOf(DealSnapshot deal)
    {
        DealSnapshot? found = deal;
        for (int step = 0; step < LongestChain && found is not null && Amends(found) is { } contract; step++)
        {
            found = Named(contract, found);
        }

        return found is not null && Amends(found) is null ? found : null;
    }

    /// <summary>The original and its amendments in the order they were won, up to the deal.</summary>
    public IEnumerable<DealSnapshot> UpTo(DealSnapshot deal, DealSnapshot original) =>
        won.Take(won.IndexOf(deal)).Where(other => other != original && OriginalOf(other) == original).Prepend(original).Append(deal);

    /// <summary>Amendments of the contract that the deal amends, where the file does not hold that one, in the order they were won, up to the deal.</summary>
    public IEnumerable<DealSnapshot> Orphans(DealSnapshot deal) =>
        won.Take(won.IndexOf(deal) + 1).Where(other => Amends(other) is { } contract && contract == Amends(deal) && OriginalOf(other) is null);

    /// <summary>Amendments of the contract that were won after the deal.</summary>
    public IEnumerable<DealSnapshot> After(DealSnapshot deal, DealSnapshot original) =>
        won.Skip(won.IndexOf(deal) + 1).Where(other => OriginalOf(other) == original);

    /// <summary>True when another opportunity of the file amends this one.</summary>
    public bool IsAmended(DealSnapshot deal) => _amended.Contains(BooksRecords.Key(deal.Opportunity.Id))
        || (Contract(deal) is { } contract && Amends(deal) is null && _amended.Contains(contract));

    private DealSnapshot? Named(string contract, DealSnapshot by) =>
        won.FirstOrDefault(deal => deal != by && BooksRecords.Key(deal.Opportunity.Id) == contract)
        ?? won.FirstOrDefault(deal => deal != by && Contract(deal) == contract && Amends(deal) is null)
        ?? won.FirstOrDefault(deal => deal != by && Contract(deal) == contract && Amends(deal) != contract);

    private static string? Amends(DealSnapshot deal) => deal.Opportunity.Text(F.Opportunity.AmendsContract) is { } id ? BooksRecords.Key(id) : null;

    private static string? Contract(DealSnapshot deal) => deal.Opportunity.Text(F.Opportunity.ContractId) is { } id ? BooksRecords.Key(id) : null;
}
