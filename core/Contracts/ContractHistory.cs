using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>The won opportunities of one contract in the order they were won, up to the one that is planned, which is the last.</summary>
/// <param name="Deals">The original first; a single one for a contract that nothing has amended yet.</param>
public sealed record ContractHistory(ImmutableArray<ProcessedDeal> Deals)
{
    /// <summary>Version of the contract as it was last applied, with the planned opportunity; null: that one is not applied yet.</summary>
    public string? Applied { get; init; }

    /// <summary>What is planned is only to be compared with what Stripe bills: what has happened to master data since speaks against none of it.</summary>
    public bool IsBilled { get; init; }

    /// <summary>True where Stripe need not hold all earlier amendments yet: a file tells what was won, not how far it was billed.</summary>
    public bool EarlierMayWait { get; init; }

    /// <summary>The contract as Stripe holds it, where its original opportunity is not known: all opportunities amend it. Null where the first one sold it.</summary>
    internal HeldBase? Base { get; init; }

    /// <summary>Processing date of what was first sold.</summary>
    internal LocalDate FirstProcessedOn => Base?.ProcessedOn ?? Deals[0].ProcessedOn;

    /// <summary>Amendments before the planned one.</summary>
    internal ImmutableArray<ProcessedDeal> Earlier => Deals[(Base is null ? 1 : 0)..^1];

    /// <summary>The opportunity that is planned.</summary>
    public ProcessedDeal Planned => Deals[^1];

    /// <summary>A contract, or an amendment whose contract is not known.</summary>
    public static ContractHistory Of(DealSnapshot deal, LocalDate processedOn) => new([new(deal, processedOn)]);
}

/// <param name="ProcessedOn">Billing-zone date on which the Hub handles, or handled, the opportunity (C4).</param>
public sealed record ProcessedDeal(DealSnapshot Deal, LocalDate ProcessedOn)
{
    /// <summary>
    /// First billing date whose invoice Stripe issues with the change. Stripe issues at 00:00 UTC, so live it is the UTC date after the call, whatever
    /// the billing zone's date; planned from a file, which knows days only, it is the processing date.
    /// </summary>
    public LocalDate BillsFrom { get; init; } = ProcessedOn;

    /// <summary>Stripe's day: phases that ended before it are not sent again.</summary>
    public LocalDate StripeDay { get; init; } = ProcessedOn;
}

/// <param name="ContractId">Salesforce Contract that the schedule names; null: none.</param>
/// <param name="ProcessedOn">Billing-zone date on which the schedule was created.</param>
internal sealed record HeldBase(SoldContract Contract, string? ContractId, LocalDate ProcessedOn);
