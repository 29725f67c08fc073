using System.Collections.Immutable;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Hub.Core.Readiness;

namespace Hub.AzureStorage.Queues;

/// <summary>Asks the queues for their approximate lengths.</summary>
public sealed class QueueWatch(StorageClients clients) : IQueueWatch
{
    public async Task<ImmutableArray<QueueBacklog>> Backlogs(CancellationToken ct) =>
        [.. await Task.WhenAll(QueueNames.All.Select(queue => Backlog(queue, ct)))];

    private async Task<QueueBacklog> Backlog(string queue, CancellationToken ct) =>
        new(queue, await Length(queue, ct), await Length(QueueNames.PoisonOf(queue), ct));

    private async Task<int> Length(string queue, CancellationToken ct)
    {
        QueueClient client = clients.Queues.GetQueueClient(queue);
        try
        {
            QueueProperties properties = await client.GetPropertiesAsync(ct);
            return properties.ApproximateMessagesCount;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode is { } code && code == QueueErrorCode.QueueNotFound)
        {
            // The host makes poison queues when it needs them: none is an empty one.
            return 0;
        }
    }
}
