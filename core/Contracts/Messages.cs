using System.Text.Json.Serialization;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Queue names of the concept; each has a <c>-poison</c> twin.</summary>
public static class ContractQueues
{
    public const string ContractSync = "contract-sync";
}

/// <summary>An opportunity may need billing work: a hint to read it again, never its content.</summary>
/// <param name="OpportunityId">18-character id.</param>
/// <param name="Source">One of <see cref="ContractSources"/>.</param>
public sealed record ContractChanged(string OpportunityId, string Source, [property: JsonConverter(typeof(InstantJsonConverter))] Instant ObservedAt);
