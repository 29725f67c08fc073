using System.Collections.Concurrent;
using System.Text.Json;
using Azure.Storage.Queues;
using Hub.Core.Queues;
using NodaTime;

namespace Hub.AzureStorage.Queues;

/// <summary>Sends messages as camelCase JSON in base64 that never expire: a message ends by being handled or in the poison queue.</summary>
public sealed class QueueSender(StorageClients clients) : IQueueSender
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);
    private readonly ConcurrentDictionary<string, QueueClient> _queues = new();

    public async Task Send<T>(string queue, T message, Duration? delay, CancellationToken ct)
        where T : class
    {
        var body = new BinaryData(JsonSerializer.SerializeToUtf8Bytes(message, HubJson.Options));
        await _queues.GetOrAdd(queue, clients.Queues.GetQueueClient).SendMessageAsync(body, delay?.ToTimeSpan(), Forever, ct);
    }
}
