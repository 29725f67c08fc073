using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Hub.AzureStorage.Tables;

/// <summary>One table in the Hub's words: expected refusals are values, everything else throws.</summary>
/// <remarks>
/// A write whose answer was lost is sent again by the pipeline and then meets itself: 409 or 412. Each conditional write therefore carries
/// an id of its own (<c>WriteId</c>), by which it is told apart from somebody else's.
/// </remarks>
internal sealed class Table(TableClient client)
{
    private const string WriteId = "WriteId";

    public async Task<TableEntity?> Find(string partitionKey, string rowKey, CancellationToken ct)
    {
        NullableResponse<TableEntity> found = await client.GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, cancellationToken: ct);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Inserts; null when the keys are taken.</summary>
    public Task<ETag?> TryInsert(TableEntity entity, CancellationToken ct) =>
        Try(entity, () => client.AddEntityAsync(entity, ct), ct);

    /// <summary>Replaces the version that was read; null when somebody else changed or removed it first.</summary>
    public Task<ETag?> TryReplace(TableEntity entity, ETag etag, CancellationToken ct) =>
        Try(entity, () => client.UpdateEntityAsync(entity, etag, TableUpdateMode.Replace, ct), ct);

    /// <summary>Sets some properties of the version that was read; null when somebody else changed or removed it first.</summary>
    public Task<ETag?> TryMerge(TableEntity change, ETag etag, CancellationToken ct) =>
        Try(change, () => client.UpdateEntityAsync(change, etag, TableUpdateMode.Merge, ct), ct);

    /// <summary>Inserts without a version, replaces with one; null when somebody else was first.</summary>
    public Task<ETag?> TrySave(TableEntity entity, string? etag, CancellationToken ct) =>
        etag is null ? TryInsert(entity, ct) : TryReplace(entity, new ETag(etag), ct);

    /// <summary>Inserts, or returns what is stored.</summary>
    public async Task<TableEntity> InsertOrFind(TableEntity entity, CancellationToken ct)
    {
        if (await TryInsert(entity, ct) is { } etag)
        {
            entity.ETag = etag;
            return entity;
        }

        return await Find(entity.PartitionKey, entity.RowKey, ct)
            ?? throw new InvalidOperationException($"A row of table {client.Name} was there and is gone.");
    }

    /// <summary>Reads a row and changes it on what was read, over again while others change it in between.</summary>
    /// <param name="what">The row in the Hub's words, for the error.</param>
    /// <param name="attempts">How often at most; 1 and above.</param>
    /// <param name="change">Takes the row as stored; false when somebody else's change came first.</param>
    /// <exception cref="InvalidOperationException">Others were first every time.</exception>
    public async Task Change(
        string partitionKey, string rowKey, string what, int attempts, Func<TableEntity?, Task<bool>> change, CancellationToken ct)
    {
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            if (await change(await Find(partitionKey, rowKey, ct)))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{what} was changed by others {attempts} times in a row.");
    }

    public async Task Replace(TableEntity entity, CancellationToken ct) =>
        await client.UpsertEntityAsync(entity, TableUpdateMode.Replace, ct);

    public AsyncPageable<TableEntity> Query(string filter, CancellationToken ct, params string[] select) =>
        client.QueryAsync<TableEntity>(filter, select: select.Length == 0 ? null : select, cancellationToken: ct);

    /// <summary>One transaction; throws <see cref="TableTransactionFailedException"/> where an operation is refused.</summary>
    public async Task<IReadOnlyList<Response>> Submit(IReadOnlyList<TableTransactionAction> actions, CancellationToken ct)
    {
        using (CallCounter.Naming(client.Name))
        {
            return (await client.SubmitTransactionAsync(actions, ct)).Value;
        }
    }

    /// <summary>One transaction; false where somebody else changed, made or removed one of its rows first, and then nothing is written.</summary>
    public async Task<bool> TrySubmit(IReadOnlyList<TableTransactionAction> actions, CancellationToken ct)
    {
        try
        {
            await Submit(actions, ct);
            return true;
        }
        catch (TableTransactionFailedException refused) when (IsConflict(refused))
        {
            return false;
        }
    }

    /// <summary>Any number of operations that may be repeated, by partition, in as few transactions as the limits allow.</summary>
    public Task SubmitAll(IEnumerable<TableTransactionAction> actions, CancellationToken ct) =>
        ByPartition(actions, async (batch, token) => await Submit(batch, token), ct);

    /// <summary>As <see cref="SubmitAll"/> with conditions: false where somebody else changed, made or removed one of the rows first; some are written then.</summary>
    public async Task<bool> TrySubmitAll(IEnumerable<TableTransactionAction> actions, CancellationToken ct)
    {
        try
        {
            await SubmitAll(actions, ct);
            return true;
        }
        catch (TableTransactionFailedException refused) when (IsConflict(refused))
        {
            return false;
        }
    }

    /// <summary>Deletes rows, whether or not somebody else deletes them too.</summary>
    public Task DeleteAll(IEnumerable<TableEntity> rows, CancellationToken ct) =>
        ByPartition(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row)), Delete, ct);

    private static Task ByPartition(
        IEnumerable<TableTransactionAction> actions, Func<IReadOnlyList<TableTransactionAction>, CancellationToken, Task> submit, CancellationToken ct) => Parallel.ForEachAsync(
        actions.GroupBy(action => action.Entity.PartitionKey),
        new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct },
        async (partition, token) =>
        {
            foreach (IReadOnlyList<TableTransactionAction> batch in Transactions.Cut(partition))
            {
                await submit(batch, token);
            }
        });

    // A transaction needs all its rows; one by one, a row that is gone is no error.
    private async Task Delete(IReadOnlyList<TableTransactionAction> batch, CancellationToken ct)
    {
        try
        {
            await Submit(batch, ct);
        }
        catch (TableTransactionFailedException gone) when (gone.Status == 404)
        {
            foreach (TableTransactionAction action in batch)
            {
                await client.DeleteEntityAsync(action.Entity.PartitionKey, action.Entity.RowKey, cancellationToken: ct);
            }
        }
    }

    private async Task<ETag?> Try(TableEntity entity, Func<Task<Response>> write, CancellationToken ct)
    {
        string id = Guid.NewGuid().ToString("N");
        entity[WriteId] = id;
        try
        {
            return (await write()).Headers.ETag;
        }
        catch (RequestFailedException refused) when (IsConflict(refused))
        {
            TableEntity? stored = await Find(entity.PartitionKey, entity.RowKey, ct);
            return stored?.GetString(WriteId) == id ? stored.ETag : null;
        }
    }

    // An answer without a code is not the service's own: comparing null with a code would throw.
    private static bool IsConflict(RequestFailedException refused) => refused.ErrorCode is { } code
        && (code == TableErrorCode.EntityAlreadyExists
            || code == TableErrorCode.UpdateConditionNotSatisfied
            || code == TableErrorCode.ResourceNotFound
            || code == TableErrorCode.EntityNotFound);
}
