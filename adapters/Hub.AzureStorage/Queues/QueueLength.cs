using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Hub.Core.Queues;

namespace Hub.AzureStorage.Queues;

/// <summary>Asks one queue for its approximate length.</summary>
public sealed class QueueLength(StorageClients clients) : IQueueLength
{
    public async Task<int> Waiting(string queue, CancellationToken ct)
    {
        QueueClient client = clients.Queues.GetQueueClient(queue);
        QueueProperties properties = await client.GetPropertiesAsync(ct);
        return properties.ApproximateMessagesCount;
    }
}
