using NodaTime;

namespace Hub.Core.Queues;

/// <summary>Puts a message on a storage queue. Implemented by Hub.AzureStorage.</summary>
/// <remarks>
/// Delivery is at least once and unordered: messages carry ids and a version, never payloads, and every handler is a no-op on replay.
/// Body properties never clash with queue metadata names (<c>opportunityId</c>, not <c>id</c>), because the Functions host copies
/// body properties over its own metadata.
/// </remarks>
public interface IQueueSender
{
    /// <summary>Sends one message; it becomes visible after <paramref name="delay"/> (at most 7 days; null: at once).</summary>
    Task Send<T>(string queue, T message, Duration? delay, CancellationToken ct)
        where T : class;
}
