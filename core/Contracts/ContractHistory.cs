using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>The won opportunities of one contract in the order they were won, up to the one that is planned, which is the last.</summary>
/// <param name="Deals">The original first; a single one for a contract that nothing has amended yet.</param>
public sealed record ContractHistory(ImmutableArray<ProcessedDeal> Deals)
{
    /// <summary>Version of the contract as it was last applied, with the planned opportunity; null: that one is not applied yet.</summary>
    public string? Applied { get; init; }

    /// <summary>The opportunity that is planned.</summary>
    public ProcessedDeal Planned => Deals[^1];

    /// <summary>A contract, or an amendment whose contract is not known.</summary>
    public static ContractHistory Of(DealSnapshot deal, LocalDate processedOn) => new([new(deal, processedOn)]);
}

/// <param name="ProcessedOn">Billing-zone date on which the Hub handles, or handled, the opportunity (C4).</param>
public sealed record ProcessedDeal(DealSnapshot Deal, LocalDate ProcessedOn);
