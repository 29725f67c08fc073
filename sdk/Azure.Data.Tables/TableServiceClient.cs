#nullable disable // The published package carries no nullability annotations, so its subset carries none either.
using System.Linq.Expressions;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Internal;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>The tables of one account.</summary>
/// <remarks>Thread-safe; keep one per account. Every method throws <see cref="RequestFailedException"/> where the service refuses.</remarks>
public class TableServiceClient
{
    private readonly TableAccount _account;

    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    public TableServiceClient(string connectionString, TableClientOptions options = null)
        : this(TableAccount.Open(connectionString, options))
    {
    }

    public TableServiceClient(Uri endpoint, TableClientOptions options = null)
        : this(TableAccount.Open(endpoint, options))
    {
    }

    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <exception cref="ArgumentException">The endpoint is neither https nor this machine.</exception>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
        : this(TableAccount.Open(endpoint, credential, options))
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
        : this(TableAccount.Open(endpoint, credential, options))
    {
    }

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableAccount.Open(endpoint, tokenCredential, options))
    {
    }

    /// <summary>For mocking.</summary>
    protected TableServiceClient()
    {
    }

    private TableServiceClient(TableAccount account) => _account = account;

    public virtual string AccountName => _account.Name;

    public virtual Uri Uri => _account.Endpoint;

    /// <summary>A filter with the interpolated values quoted and escaped.</summary>
    public static string CreateQueryFilter(FormattableString filter) => TableClient.CreateQueryFilter(filter);

    public static string CreateQueryFilter(Expression<Func<TableItem, bool>> filter) => TableClient.CreateQueryFilter(filter);

    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentNullException.ThrowIfNull(tableName);
        return new TableClient(_account, tableName);
    }

    /// <summary>Creates a table; 409 <c>TableAlreadyExists</c> if there is one.</summary>
    public virtual Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateAsync(cancellationToken);

    /// <summary>Creates a table; the raw response's status is 409 if there was one.</summary>
    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Deletes a table; the response's status is 404 if there was none.</summary>
    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).DeleteAsync(cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new Pages<TableItem>((token, size, ct) => LoadAsync(filter, token, size, ct), maxPerPage, cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    private async Task<Page<TableItem>> LoadAsync(string filter, string nextTable, int? size, CancellationToken ct)
    {
        Response response = await _account.Send(TableOperation.ListTables(filter, size, nextTable), (int[])[200], ct).ConfigureAwait(false);
        using JsonDocument document = JsonDocument.Parse(response.Content.ToMemory());
        TableItem[] tables = [.. document.RootElement.GetProperty("value").EnumerateArray().Select(table => new TableItem(table.GetProperty("TableName").GetString()))];
        return Page<TableItem>.FromValues(tables, response.Headers.TryGetValue("x-ms-continuation-NextTableName", out string next) ? next : null, response);
    }
}
