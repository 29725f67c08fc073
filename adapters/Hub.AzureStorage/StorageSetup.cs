namespace Hub.AzureStorage;

/// <summary>Creates what a deployment declares, for an emulator or an empty account.</summary>
public sealed class StorageSetup(StorageClients clients)
{
    /// <summary>Creates every table, queue and poison queue that is missing; running it again changes nothing.</summary>
    public async Task EnsureCreated(CancellationToken ct)
    {
        await Parallel.ForEachAsync(TableNames.All, Limits(ct), async (table, token) => await clients.Tables.CreateTableIfNotExistsAsync(table, token));
        await Parallel.ForEachAsync(
            QueueNames.All.SelectMany(queue => (string[])[queue, QueueNames.PoisonOf(queue)]),
            Limits(ct),
            async (queue, token) => await clients.Queues.GetQueueClient(queue).CreateIfNotExistsAsync(cancellationToken: token));
    }

    private static ParallelOptions Limits(CancellationToken ct) => new() { MaxDegreeOfParallelism = 4, CancellationToken = ct };
}
