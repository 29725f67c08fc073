using System.Collections.Immutable;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>The quote an opportunity is synced with; other quotes of the opportunity do not count.</summary>
/// <param name="Quote">The Quote record.</param>
/// <param name="Lines">Its QuoteLineItem records.</param>
public sealed record SyncedQuote(SalesforceRecord Quote, ImmutableArray<SalesforceRecord> Lines)
{
    /// <summary>The number people know it by; the record's id where it has none.</summary>
    public string Number => Quote.Text(F.Quote.QuoteNumber) ?? Quote.Id;
}
