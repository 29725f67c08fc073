using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Queue names of the concept; each has a <c>-poison</c> twin.</summary>
public static class ContractQueues
{
    public const string ContractSync = "contract-sync";

    public const string ContractAdjustment = "contract-adjustment";

    /// <summary>As <see cref="ContractSync"/>, several opportunities in a message.</summary>
    public const string ContractSyncBatch = "contract-sync-batch";

    /// <summary>Contracts whose invoices the Hub has not heard of.</summary>
    public const string ContractAdopted = "contract-adopted";
}

/// <summary>An opportunity may need billing work: a hint to read it again, never its content.</summary>
/// <param name="OpportunityId">18-character id.</param>
/// <param name="Source">One of <see cref="ContractSources"/>.</param>
public sealed record ContractChanged(string OpportunityId, string Source, [property: JsonConverter(typeof(InstantJsonConverter))] Instant ObservedAt);

/// <summary>A contract may have a proration or credit that the Hub itself has to issue, or phases to be sent: a hint to look into its record.</summary>
/// <param name="OpportunityId">18-character id of the contract's original opportunity.</param>
public sealed record AdjustmentDue(string OpportunityId);

/// <summary>Several opportunities may need billing work; read together they cost a fraction of the calls.</summary>
/// <param name="OpportunityIds">18-character ids, 1 to <see cref="Most"/>.</param>
public sealed record ContractsChanged(
    ImmutableArray<string> OpportunityIds, string Source, [property: JsonConverter(typeof(InstantJsonConverter))] Instant ObservedAt)
{
    /// <summary>As many as one read takes; their text is a tenth of what a queue message holds.</summary>
    public const int Most = 200;
}

/// <summary>Stripe billed the contract before the Hub had a record of it.</summary>
/// <param name="OpportunityId">18-character id.</param>
public sealed record ContractAdopted(string OpportunityId);
