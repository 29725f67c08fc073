using Azure;
using Azure.Data.Tables;

namespace Hub.Host.Tests.Timers;

/// <summary>A table in Azurite that is as strict about dates as the service, and can lose an answer after having written.</summary>
internal sealed class FussyTable(TableClient table) : TableClient
{
    // Source: "Understanding the Table service data model", property types.
    private static readonly DateTimeOffset Earliest = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The next write is carried out, and its repetition by the pipeline is what the caller hears of.</summary>
    public bool LosesNextAnswer { get; set; }

    public override Task<Response<Azure.Data.Tables.Models.TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        table.CreateIfNotExistsAsync(cancellationToken);

    public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        table.GetEntityIfExistsAsync<T>(partitionKey, rowKey, select, cancellationToken);

    public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
        Write(entity, () => table.AddEntityAsync(entity, cancellationToken));

    public override Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        Write(entity, () => table.UpdateEntityAsync(entity, ifMatch, mode, cancellationToken));

    private async Task<Response> Write(ITableEntity entity, Func<Task<Response>> write)
    {
        if (((IEnumerable<KeyValuePair<string, object>>)(TableEntity)entity).Any(property => property.Value is DateTimeOffset date && date < Earliest))
        {
            throw new RequestFailedException(400, "A date is out of range.", "OutOfRangeInput", null);
        }

        Response answer = await write();
        if (!LosesNextAnswer)
        {
            return answer;
        }

        LosesNextAnswer = false;
        return await write();
    }
}
