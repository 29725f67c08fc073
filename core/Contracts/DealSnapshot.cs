using System.Collections.Immutable;

namespace Hub.Core.Contracts;

/// <summary>All Salesforce records that decide how one opportunity is billed, read together.</summary>
/// <param name="Opportunity">The opportunity itself.</param>
/// <param name="Lines">Its OpportunityLineItem records, in the order Salesforce gave them.</param>
/// <param name="Account">The account it belongs to; null when it could not be read.</param>
/// <param name="Contacts">Contacts named by the opportunity (billing contact).</param>
/// <param name="Products">Product2 records of the lines.</param>
/// <param name="PricebookEntries">PricebookEntry records of the lines.</param>
/// <param name="Contract">The Contract named by <c>ContractId</c>; null when there is none.</param>
public sealed record DealSnapshot(
    SalesforceRecord Opportunity,
    ImmutableArray<SalesforceRecord> Lines,
    SalesforceRecord? Account,
    ImmutableArray<SalesforceRecord> Contacts,
    ImmutableArray<SalesforceRecord> Products,
    ImmutableArray<SalesforceRecord> PricebookEntries,
    SalesforceRecord? Contract)
{
    /// <summary>The quote that the opportunity is synced with; null when it names none, or when it was not read.</summary>
    public SyncedQuote? Quote { get; init; }

    /// <summary>Objects that an offline export leaves out: nothing is concluded from their absence. Always empty for deals read live.</summary>
    public ImmutableHashSet<string> NotExported { get; init; } = [];

    /// <summary>Whether the Hub's own user was the last to change the opportunity.</summary>
    public bool LastChangedByHub { get; init; }
}
