using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>How far each poll has come. Implemented by Hub.AzureStorage (table SyncState).</summary>
public interface IWatermarks
{
    /// <summary>Null before the first poll.</summary>
    Task<Watermark?> Find(string name, CancellationToken ct);

    /// <summary>Stores the watermark; false when another host moved it first (nothing is written then).</summary>
    Task<bool> TrySave(Watermark watermark, CancellationToken ct);
}

/// <param name="Name">What is polled, such as <c>opportunity</c>.</param>
/// <param name="Through">Everything before this instant has been enqueued durably.</param>
/// <param name="Seen">Ids with their SystemModstamp inside the overlap, so that the overlap enqueues nothing twice.</param>
public sealed record Watermark(string Name, Instant Through, ImmutableArray<string> Seen, string? ETag);
