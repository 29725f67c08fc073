using System.Text.Json.Serialization;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Queue names of the concept; each has a <c>-poison</c> twin.</summary>
public static class ContractQueues
{
    public const string ContractSync = "contract-sync";

    public const string ContractAdjustment = "contract-adjustment";
}

/// <summary>An opportunity may need billing work: a hint to read it again, never its content.</summary>
/// <param name="OpportunityId">18-character id.</param>
/// <param name="Source">One of <see cref="ContractSources"/>.</param>
public sealed record ContractChanged(string OpportunityId, string Source, [property: JsonConverter(typeof(InstantJsonConverter))] Instant ObservedAt);

/// <summary>A contract may have a proration or credit that the Hub itself has to issue: a hint to look into its record.</summary>
/// <param name="OpportunityId">18-character id of the contract's original opportunity.</param>
public sealed record AdjustmentDue(string OpportunityId);
