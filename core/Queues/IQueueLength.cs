namespace Hub.Core.Queues;

/// <summary>How much waits on a queue, for senders that must not crowd others out. Implemented by Hub.AzureStorage.</summary>
public interface IQueueLength
{
    /// <summary>Approximate number of messages, invisible ones included.</summary>
    Task<int> Waiting(string queue, CancellationToken ct);
}
