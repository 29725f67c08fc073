using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Reads deals from Salesforce and writes results back. Implemented by Hub.Salesforce.</summary>
public interface ISalesforce
{
    /// <summary>
    /// Opportunities changed in [<paramref name="from"/>, <paramref name="to"/>) by SystemModstamp that are won or that the Hub has handled before,
    /// deleted ones included, then those of which a line changed; each list is ordered by SystemModstamp, then id, and an opportunity may be in both.
    /// Pages are fetched as they are consumed.
    /// </summary>
    IAsyncEnumerable<ChangedOpportunity> Changed(Instant from, Instant to, CancellationToken ct);

    /// <summary>The account that is left of this one after every merge; null when it was never merged.</summary>
    Task<SalesforceId?> MergedInto(SalesforceId account, CancellationToken ct);

    /// <summary>The server's time, so that a poll window never depends on this machine's clock.</summary>
    Task<Instant> ServerTime(CancellationToken ct);

    /// <summary>Reads the deals, at most 200 opportunities in a handful of calls; a deleted or invisible opportunity is missing from the result.</summary>
    Task<ImmutableArray<DealSnapshot>> GetDeals(IReadOnlyCollection<SalesforceId> opportunityIds, CancellationToken ct);

    /// <summary>Won opportunities that name a Salesforce Contract and amend nothing, oldest first: the one the contract was sold with.</summary>
    /// <param name="contractId">Id of a Contract record.</param>
    /// <remarks>Where none amends nothing, those that amend another Contract: the record is that of a renewed term.</remarks>
    Task<ImmutableArray<SalesforceId>> FirstOpportunities(SalesforceId contractId, CancellationToken ct);

    /// <summary>Writes values on records, up to 200 in a call; one result per write-back, in order. Replaying it writes the same values.</summary>
    /// <remarks>Sent as collections updates and upserts under the Hub's client id. A field the org does not have is left out: the others count.</remarks>
    Task<ImmutableArray<WriteBackResult>> WriteBack(IReadOnlyList<WriteBack> writeBacks, CancellationToken ct);

    /// <summary>False when the org has no such object, or the integration user may not see it; known for some minutes.</summary>
    Task<bool> Has(string @object, CancellationToken ct);
}

/// <param name="IsWon">Not known, and false, where a line is what changed.</param>
public sealed record ChangedOpportunity(SalesforceId Id, Instant SystemModstamp, bool IsWon)
{
    /// <summary>A line of the opportunity changed; the stamp is the line's.</summary>
    public bool OfLine { get; init; }
}

/// <summary>Values the Hub puts on a record; only the fields present are sent.</summary>
/// <param name="Object">Salesforce object.</param>
/// <param name="Id">Record to update, or the value of <see cref="ExternalId"/>.</param>
/// <param name="Fields">Field API name → text, number, boolean or null.</param>
public sealed record WriteBack(string Object, string Id, ImmutableSortedDictionary<string, object?> Fields)
{
    /// <summary>The unique external id by which the record is found, and created where there is none; null: the record's own id.</summary>
    public string? ExternalId { get; init; }
}

public abstract record WriteBackResult
{
    private WriteBackResult()
    {
    }

    public sealed record Written : WriteBackResult;

    /// <summary>Salesforce refused the row for good (validation rule, missing field); a person must look.</summary>
    public sealed record Refused(string Code, string Message) : WriteBackResult;

    /// <summary>The row is locked or closed to writing just now; it is to come again later.</summary>
    public sealed record Busy(string Code) : WriteBackResult;
}
