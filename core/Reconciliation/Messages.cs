using System.Text.Json.Serialization;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>Queue names of the concept.</summary>
public static class ReconciliationQueues
{
    public const string ReconcileShard = "reconcile-shard";
}

/// <summary>Written by name; the converter is named here because messages are bound with plain System.Text.Json options.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReconcileStage>))]
public enum ReconcileStage
{
    /// <summary>Read both books and lay their rows out by shard; replay writes the same rows.</summary>
    Extract,

    /// <summary>Match one shard and store its discrepancies.</summary>
    Match,

    /// <summary>Totals, foot test and comparison with what was open before; runs when all shards are done.</summary>
    Close,
}

/// <param name="Shard">0-based; -1 where the stage is not about one shard.</param>
/// <param name="Start">What the run is opened with if nobody has stored it yet; only in the first message of a run.</param>
public sealed record ReconcileShard(string RunId, ReconcileStage Stage, int Shard, RunStart? Start = null);

/// <param name="Trigger"><c>timer</c> or <c>manual</c>.</param>
/// <param name="AsOf">The instant the run takes as now.</param>
/// <param name="Shards">1 to 1024.</param>
public sealed record RunStart(string Trigger, [property: JsonConverter(typeof(InstantJsonConverter))] Instant AsOf, int Shards);
