using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Days on which the Hub itself has to act for a contract. A hint: the contract's record says what there is to do. Implemented by Hub.AzureStorage.</summary>
public interface IDueContracts
{
    /// <summary>Notes a day; noting it again changes nothing.</summary>
    Task Add(DueContract due, CancellationToken ct);

    /// <summary>Everything noted up to a day, inclusive, by day.</summary>
    IAsyncEnumerable<DueContract> Through(LocalDate day, CancellationToken ct);

    /// <summary>Forgets a day; one that is forgotten already is no error.</summary>
    Task Remove(DueContract due, CancellationToken ct);
}

public sealed record DueContract(SalesforceId OpportunityId, LocalDate Day);
