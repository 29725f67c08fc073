using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Contracts a person must look at that Salesforce cannot show, because there is no record left to show it on. Implemented by Hub.AzureStorage.</summary>
public interface IContractAlerts
{
    /// <summary>Raises an alert; one that stands already stays as it is.</summary>
    Task Raise(ContractAlert alert, CancellationToken ct);

    /// <summary>Takes the opportunity's alert back; nothing happens where there is none.</summary>
    Task Clear(SalesforceId opportunityId, CancellationToken ct);

    /// <summary>The oldest alerts, at most <paramref name="most"/>.</summary>
    Task<ImmutableArray<ContractAlert>> List(int most, CancellationToken ct);
}

/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
public sealed record ContractAlert(SalesforceId OpportunityId, string Code, Instant Since);
