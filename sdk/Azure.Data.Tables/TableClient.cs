#nullable disable // The published package carries no nullability annotations, so its subset carries none either.
using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Internal;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>The entities of one table.</summary>
/// <remarks>Thread-safe. Every method throws <see cref="RequestFailedException"/> where the service refuses; its ErrorCode compares with <see cref="TableErrorCode"/>.</remarks>
public class TableClient
{
    private readonly TableAccount _account;

    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(TableAccount.Open(connectionString, options), tableName)
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableAccount.Open(endpoint, credential, options), tableName)
    {
    }

    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableAccount.Open(endpoint, tokenCredential, options), tableName)
    {
    }

    /// <summary>For mocking.</summary>
    protected TableClient()
    {
    }

    internal TableClient(TableAccount account, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _account = account;
        Name = tableName;
    }

    public virtual string Name { get; }

    public virtual string AccountName => _account.Name;

    public virtual Uri Uri => new($"{_account.Endpoint.AbsoluteUri.TrimEnd('/')}/{Name}");

    /// <summary>A filter with the interpolated values quoted and escaped.</summary>
    /// <exception cref="ArgumentException">A value's type has no literal.</exception>
    public static string CreateQueryFilter(FormattableString filter) => filter is null
        ? null
        : string.Format(CultureInfo.InvariantCulture, filter.Format, [.. filter.GetArguments().Select(ODataLiteral.Of)]);

    /// <summary>A filter from a predicate; null where it is always true.</summary>
    /// <exception cref="NotSupportedException">The service has no such filter.</exception>
    public static string CreateQueryFilter<T>(Expression<Func<T, bool>> filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return FilterExpression.Write(filter);
    }

    /// <summary>Creates the table; 409 <c>TableAlreadyExists</c> if there is one.</summary>
    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default)
    {
        Response response = await _account.Send(TableOperation.CreateTable(Name), (int[])[201, 204], cancellationToken).ConfigureAwait(false);
        return Response.FromValue(new TableItem(Name), response);
    }

    /// <summary>Creates the table; the raw response's status is 409 if there was one.</summary>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        Response response = await _account.Send(TableOperation.CreateTable(Name), (int[])[201, 204, 409], cancellationToken).ConfigureAwait(false);
        return response.Status == 409 && TableAccount.Failure(response) is { } failure && failure.ErrorCode == TableErrorCode.TableBeingDeleted
            ? throw failure
            : Response.FromValue(new TableItem(Name), response);
    }

    /// <summary>Deletes the table; the response's status is 404 if there was none.</summary>
    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        _account.Send(TableOperation.DeleteTable(Name), (int[])[204, 404], cancellationToken);

    /// <summary>Inserts an entity; 409 <c>EntityAlreadyExists</c> if its keys are taken.</summary>
    public virtual Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        return _account.Send(TableOperation.Insert(Name, entity), (int[])[201, 204], cancellationToken);
    }

    /// <exception cref="RequestFailedException">404 <c>ResourceNotFound</c>: no such entity.</exception>
    public virtual async Task<Response<T>> GetEntityAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        RequireKeys(partitionKey, rowKey);
        Response response = await _account.Send(TableOperation.Get(Name, partitionKey, rowKey, select), (int[])[200], cancellationToken).ConfigureAwait(false);
        return Response.FromValue(Entity<T>(response), response);
    }

    /// <summary>As <see cref="GetEntityAsync"/>, with <c>HasValue</c> false where there is no such entity.</summary>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        RequireKeys(partitionKey, rowKey);
        Response response = await _account.Send(TableOperation.Get(Name, partitionKey, rowKey, select), (int[])[200, 404], cancellationToken).ConfigureAwait(false);
        return response.Status == 404 ? new NoValue<T>(response) : Response.FromValue(Entity<T>(response), response);
    }

    /// <summary>Inserts the entity, or merges it into or replaces what is stored, unconditionally.</summary>
    public virtual Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        return _account.Send(TableOperation.Write(Name, entity, mode, default), (int[])[204], cancellationToken);
    }

    /// <summary>Updates an existing entity if its version is <paramref name="ifMatch"/> (<see cref="ETag.All"/>: any).</summary>
    /// <exception cref="RequestFailedException">412 <c>UpdateConditionNotSatisfied</c>: written meanwhile; 404: no such entity.</exception>
    /// <exception cref="ArgumentException"><paramref name="ifMatch"/> is empty.</exception>
    public virtual Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        return ifMatch == default
            ? throw new ArgumentException("Value cannot be empty.", nameof(ifMatch))
            : _account.Send(TableOperation.Write(Name, entity, mode, ifMatch), (int[])[204], cancellationToken);
    }

    /// <summary>Deletes an entity, on condition of <paramref name="ifMatch"/> if given; the response's status is 404 if there was none.</summary>
    public virtual Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        RequireKeys(partitionKey, rowKey);
        return _account.Send(TableOperation.Delete(Name, partitionKey, rowKey, ifMatch), (int[])[204, 404], cancellationToken);
    }

    public virtual Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    /// <summary>Entities that match <paramref name="filter"/>, ordered by keys, loaded page by page while enumerated.</summary>
    /// <param name="maxPerPage">1 to 1,000; the service's default is 1,000.</param>
    public virtual AsyncPageable<T> QueryAsync<T>(string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new Pages<T>((token, size, ct) => LoadAsync<T>(filter, select, token, size, ct), maxPerPage, cancellationToken);

    public virtual AsyncPageable<T> QueryAsync<T>(Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        QueryAsync<T>(CreateQueryFilter(filter), maxPerPage, select, cancellationToken);

    /// <summary>Writes all operations or none: at most 100 and 4 MiB, of one partition, each entity once.</summary>
    /// <exception cref="TableTransactionFailedException">An operation was refused; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">There is no operation.</exception>
    public virtual Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        TableOperation[] operations = [.. transactionActions.Select(Operation)];
        return operations.Length == 0
            ? throw new InvalidOperationException("Transactions must contain at least one item.")
            : _account.SendAll(operations, cancellationToken);
    }

    private static void RequireKeys(ITableEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        RequireKeys(entity.PartitionKey, entity.RowKey);
    }

    private static void RequireKeys(string partitionKey, string rowKey)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
    }

    private static T Entity<T>(Response response)
        where T : class, ITableEntity
    {
        using JsonDocument document = JsonDocument.Parse(response.Content.ToMemory());
        return EntityMembers.Create<T>(EntityJson.Read(document.RootElement));
    }

    private TableOperation Operation(TableTransactionAction action) => action.ActionType switch
    {
        TableTransactionActionType.Add => TableOperation.Insert(Name, action.Entity),
        TableTransactionActionType.Delete => TableOperation.Delete(Name, action.Entity.PartitionKey, action.Entity.RowKey, action.ETag),
        TableTransactionActionType.UpdateMerge => TableOperation.Write(Name, action.Entity, TableUpdateMode.Merge, action.ETag),
        TableTransactionActionType.UpdateReplace => TableOperation.Write(Name, action.Entity, TableUpdateMode.Replace, action.ETag),
        TableTransactionActionType.UpsertMerge => TableOperation.Write(Name, action.Entity, TableUpdateMode.Merge, default),
        TableTransactionActionType.UpsertReplace => TableOperation.Write(Name, action.Entity, TableUpdateMode.Replace, default),
        _ => throw new InvalidOperationException("Unknown request type."),
    };

    private async Task<Page<T>> LoadAsync<T>(string filter, IEnumerable<string> select, string token, int? size, CancellationToken ct)
        where T : class, ITableEntity
    {
        Response response = await _account.Send(TableOperation.List(Name, filter, size, select, Split(token)), (int[])[200], ct).ConfigureAwait(false);
        using JsonDocument document = JsonDocument.Parse(response.Content.ToMemory());
        T[] entities = [.. document.RootElement.GetProperty("value").EnumerateArray().Select(entity => EntityMembers.Create<T>(EntityJson.Read(entity)))];
        return Page<T>.FromValues(entities, Continuation(response), response);
    }

    // The service's two tokens as one, parted by a blank; a next partition without a next row is a valid answer.
    private static string Continuation(Response response)
    {
        bool hasPartition = response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out string partition);
        bool hasRow = response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out string row);
        return hasPartition || hasRow ? $"{partition} {row}" : null;
    }

    private static (string PartitionKey, string RowKey) Split(string token)
    {
        if (token is null || token.Length <= 1)
        {
            return (null, null);
        }

        string[] parts = token.Split(' ', 2);
        return (parts[0], parts.Length > 1 && parts[1].Length > 0 ? parts[1] : null);
    }
}
