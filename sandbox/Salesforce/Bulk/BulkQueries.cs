using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Soql;

namespace Hub.Sandbox.Salesforce.Bulk;

/// <summary>What bulk queries may not contain, and how their rows look.</summary>
/// <remarks>Narrower than ordinary queries: no grouping, OFFSET, TYPEOF, aggregates, child queries, compound fields or FIELDS().</remarks>
internal static class BulkQueries
{
    private const string Code = "API_ERROR";
    private static readonly string[] CompoundFields = ["BillingAddress", "ShippingAddress", "MailingAddress", "OtherAddress", "Address"];

    /// <summary>Reads the statement and checks it against the org as it is now.</summary>
    /// <exception cref="RefusedException">The statement is none, or none for bulk.</exception>
    public static Query Parse(OrgData data, string text)
    {
        RefuseWords(Lexer.Split(text));
        var query = Parser.Parse(text);
        if (query.Select.Any(item => item is SelectItem.Children))
        {
            throw new RefusedException(Code, "Aggregate Relationships not supported in Bulk Query");
        }

        if (query.Counts || query.Select.Any(item => item is SelectItem.Group))
        {
            throw new RefusedException(Code, query.Counts ? "Aggregate functions not supported in Bulk Query" : "Selecting compound data not supported in Bulk Query");
        }

        Rows(data, query, includeDeleted: true);
        return query;
    }

    public static ImmutableArray<string> Columns(Query query) =>
        [.. query.Select.OfType<SelectItem.Field>().Select(item => string.Join('.', item.Path.Parts))];

    public static ImmutableArray<ImmutableArray<string>> Rows(OrgData data, Query query, bool includeDeleted)
    {
        ImmutableArray<string> columns = Columns(query);
        return [.. QueryRun.Run(data, query, includeDeleted, "").Records.Select(record => columns.Select(column => Text(Find(record, column))).ToImmutableArray())];
    }

    private static void RefuseWords(List<Token> tokens)
    {
        foreach (Token token in tokens.Where(token => token.Kind == TokenKind.Name))
        {
            if (token.Is("GROUP") || token.Is("OFFSET") || token.Is("TYPEOF") || token.Is("HAVING"))
            {
                throw new RefusedException(Code, $"{token.Value.ToUpperInvariant()} not supported in Bulk Query");
            }

            if (CompoundFields.Contains(token.Value.Split('.')[^1], StringComparer.OrdinalIgnoreCase))
            {
                throw new RefusedException(Code, "Selecting compound data not supported in Bulk Query");
            }
        }
    }

    private static JsonNode? Find(JsonObject record, string column) => column.Split('.').Aggregate(
        (JsonNode?)record, (node, name) => (node as JsonObject)?.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value);

    // Instants stand with Z in CSV, other than in JSON.
    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => FieldValues.DateTime(text.GetValue<string>()) is { } instant
            ? instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : text.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
