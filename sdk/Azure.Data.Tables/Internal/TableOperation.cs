using System.Text;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Internal;

/// <summary>One request of the Table service, sent alone or as a member of a transaction.</summary>
/// <param name="Path">Below the endpoint, already encoded, with its query.</param>
/// <remarks>Source: Table service REST reference, one page per operation.</remarks>
internal sealed record TableOperation(RequestMethod Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body = default)
{
    private const string Json = "application/json;odata=minimalmetadata";
    private const string Format = "$format=application%2Fjson%3Bodata%3Dminimalmetadata";

    public static TableOperation CreateTable(string table) =>
        new(RequestMethod.Post, $"Tables?{Format}", [.. Reading(), Content, NoEcho], JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = table }));

    public static TableOperation DeleteTable(string table) =>
        new(RequestMethod.Delete, $"Tables('{Escape(table)}')", [("Accept", "application/json")]);

    public static TableOperation ListTables(string? filter, int? top, string? nextTable) =>
        new(RequestMethod.Get, $"Tables?{Query(("$top", top?.ToString(null, null)), ("$filter", filter), ("NextTableName", nextTable))}", Reading());

    public static TableOperation Insert(string table, ITableEntity entity) =>
        new(RequestMethod.Post, $"{table}?{Format}", [.. Reading(), Content, NoEcho], EntityJson.Write(entity));

    /// <summary>An update on condition of <paramref name="ifMatch"/>; with the default ETag an upsert.</summary>
    public static TableOperation Write(string table, ITableEntity entity, TableUpdateMode mode, ETag ifMatch) =>
        new(Verb(mode), $"{Address(table, entity.PartitionKey, entity.RowKey)}?{Format}", [.. Reading(), Content, .. Condition(ifMatch)], EntityJson.Write(entity));

    public static TableOperation Delete(string table, string partitionKey, string rowKey, ETag ifMatch) =>
        new(RequestMethod.Delete, $"{Address(table, partitionKey, rowKey)}?{Format}", [.. Reading(), .. Condition(ifMatch == default ? ETag.All : ifMatch)]);

    public static TableOperation Get(string table, string partitionKey, string rowKey, IEnumerable<string>? select) =>
        new(RequestMethod.Get, $"{Address(table, partitionKey, rowKey)}?{Query(("$select", Join(select)))}", Reading());

    public static TableOperation List(string table, string? filter, int? top, IEnumerable<string>? select, (string? PartitionKey, string? RowKey) next) =>
        new(RequestMethod.Get,
            $"{table}()?{Query(("$top", top?.ToString(null, null)), ("$select", Join(select)), ("$filter", filter), ("NextPartitionKey", next.PartitionKey), ("NextRowKey", next.RowKey))}",
            Reading());

    private static (string, string) Content => ("Content-Type", "application/json;odata=nometadata");

    private static (string, string) NoEcho => ("Prefer", "return-no-content");

    private static (string, string)[] Reading() => [("Accept", Json), ("DataServiceVersion", "3.0")];

    private static IEnumerable<(string, string)> Condition(ETag etag) => etag == default ? [] : [("If-Match", etag.ToString())];

    private static string? Join(IEnumerable<string>? select) => select is null ? null : string.Join(',', select);

    private static RequestMethod Verb(TableUpdateMode mode) => mode switch
    {
        TableUpdateMode.Merge => RequestMethod.Patch,
        TableUpdateMode.Replace => RequestMethod.Put,
        _ => throw new ArgumentException($"Unexpected value for {nameof(mode)}: {mode}"),
    };

    // A quote inside a key is doubled for OData, then the whole is encoded for the address.
    private static string Address(string table, string partitionKey, string rowKey) =>
        $"{table}(PartitionKey='{Escape(partitionKey)}',RowKey='{Escape(rowKey)}')";

    private static string Escape(string key) => Uri.EscapeDataString(ODataLiteral.Escape(key));

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var query = new StringBuilder(Format);
        foreach ((string name, string? value) in parts)
        {
            if (value is not null)
            {
                query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }
}
