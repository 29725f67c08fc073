using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Books;

/// <summary>A snapshot of what Salesforce and Stripe hold, as the offline commands read it.</summary>
/// <param name="AsOf">The instant a command treats as now.</param>
/// <param name="Opportunities">Every opportunity of the file, once, in the order of the file.</param>
/// <param name="Stripe">Objects by resource name; a list that was not exported is absent.</param>
public sealed record BooksFile(
    Instant AsOf,
    BillingZone Zone,
    ContractsOptions Contracts,
    ImmutableArray<DealSnapshot> Opportunities,
    ImmutableDictionary<string, ImmutableArray<JsonElement>> Stripe,
    ImmutableArray<UsageReading> Usage)
{
    /// <summary>Every Product2 record of the file.</summary>
    public ImmutableArray<SalesforceRecord> Products { get; init; } = [];
}

/// <summary>The outcome of reading a books file.</summary>
public abstract record BooksOutcome
{
    private BooksOutcome()
    {
    }

    public sealed record Read(BooksFile Books) : BooksOutcome;

    /// <summary>One line per defect: file, JSON path, what was expected.</summary>
    public sealed record Unreadable(ImmutableArray<string> Defects) : BooksOutcome;
}
