using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>Runs a query against one state of the org.</summary>
public static class QueryRun
{
    private const int MostFieldsRows = 200;
    private const int GreatestOffset = 2_000;

    /// <summary>All matching records as the REST API shows them, in order.</summary>
    /// <param name="includeDeleted">Whether soft-deleted rows count (queryAll).</param>
    /// <param name="recordPath">Path records are addressed under, such as <c>/services/data/v67.0/sobjects</c>.</param>
    /// <exception cref="RefusedException">The query names what is not there, or compares what does not compare.</exception>
    public static QueryResult Run(OrgData data, Query query, bool includeDeleted, string recordPath)
    {
        var type = TypeOf(query.From);
        var shape = query.Counts ? null : RecordShape.Bind(data, type, query, includeDeleted, recordPath);
        var rows = Rows(data, type, query, includeDeleted);
        return shape is null
            ? new QueryResult(rows.Count, [])
            : new QueryResult(rows.Count, [.. rows.Select(shape.Write)]);
    }

    internal static SObjectType TypeOf(string name) => OrgSchema.Find(name) ?? throw new RefusedException(
        "INVALID_TYPE",
        $"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.");

    internal static List<Row> Rows(OrgData data, SObjectType type, Query query, bool includeDeleted, Func<Row, bool>? among = null)
    {
        CheckBounds(query);
        if (type.Name == "ContentDocumentLink" && among is null)
        {
            LinkFilters.Check(query);
        }

        var test = new Filter(data, type, query.Alias).Compile(query.Where);
        var order = query.OrderBy.Select(ordering => (Field: Sortable(BoundField.Bind(type, query.Alias, ordering.Field)), Ordering: ordering)).ToList();
        var matching = data.Rows(type).Values
            .Where(row => (includeDeleted || !row.IsDeleted) && (among is null || among(row)) && test(row));
        var sorted = order.Count == 0
            ? matching
            : matching.Order(Comparer<Row>.Create((left, right) => Compare(data, order, left, right)));
        return [.. sorted.Skip(query.Offset ?? 0).Take(query.Limit ?? int.MaxValue)];
    }

    private static BoundField Sortable(BoundField bound) => bound.Field.Filterable
        ? bound
        : throw new RefusedException("INVALID_FIELD", $"field '{bound.Field.Name}' can not be sorted in a query call");

    private static void CheckBounds(Query query)
    {
        if (query.Offset > GreatestOffset)
        {
            throw new RefusedException("NUMBER_OUTSIDE_VALID_RANGE", $"Maximum SOQL offset allowed is {GreatestOffset}");
        }

        if (query.Select.Any(item => item is SelectItem.Group group && !group.Name.Equals("STANDARD", StringComparison.OrdinalIgnoreCase))
            && query.Limit is not <= MostFieldsRows)
        {
            throw Lexer.Malformed($"The SOQL FIELDS function must have a LIMIT of at most {MostFieldsRows}");
        }
    }

    private static int Compare(OrgData data, List<(BoundField Field, Ordering Ordering)> order, Row left, Row right)
    {
        foreach (var (field, ordering) in order)
        {
            var result = (field.Value(data, left), field.Value(data, right)) switch
            {
                (null, null) => 0,
                (null, _) => ordering.NullsLast ? 1 : -1,
                (_, null) => ordering.NullsLast ? -1 : 1,
                ({ } a, { } b) => Values.Compare(field.Field, a, b) * (ordering.Descending ? -1 : 1),
            };
            if (result != 0)
            {
                return result;
            }
        }

        return 0;
    }
}

/// <param name="Total">Matching rows; for <c>COUNT()</c> the answer itself.</param>
public sealed record QueryResult(int Total, ImmutableArray<JsonObject> Records);
