using System.Collections.Immutable;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>Turns conditions into tests on rows. All names and types are checked before the first row is looked at.</summary>
/// <remarks>SOQL knows two truth values: a missing value differs from every other, so <c>!=</c> and NOT IN hold for it.</remarks>
internal sealed class Filter(OrgData data, SObjectType type, string? alias)
{
    public Func<Row, bool> Compile(Condition? condition) => condition switch
    {
        null => _ => true,
        Condition.All(var parts) => AllOf(Compiled(parts)),
        Condition.Any(var parts) => AnyOf(Compiled(parts)),
        Condition.Not(var part) => Inverse(Compile(part)),
        Condition.Compare compare => Comparison(compare),
        Condition.OneOf(var path, var negated, var values) => Membership(path, negated, field => values.Select(value => Literals.Value(field, value))),
        Condition.InQuery(var path, var negated, var query) => Membership(path, negated, field => Inner(field, query)),
        _ => throw new InvalidOperationException($"Unknown condition {condition}."),
    };

    private static Func<Row, bool> AllOf(List<Func<Row, bool>> tests) => row => tests.All(test => test(row));

    private static Func<Row, bool> AnyOf(List<Func<Row, bool>> tests) => row => tests.Any(test => test(row));

    private static Func<Row, bool> Inverse(Func<Row, bool> test) => row => !test(row);

    private List<Func<Row, bool>> Compiled(ImmutableArray<Condition> parts) => [.. parts.Select(Compile)];

    private BoundField Bind(FieldPath path)
    {
        var bound = BoundField.Bind(type, alias, path);
        return bound.Field.Filterable
            ? bound
            : throw new RefusedException("INVALID_FIELD", $"field '{bound.Field.Name}' can not be filtered in a query call");
    }

    private Func<Row, bool> Comparison(Condition.Compare compare)
    {
        var bound = Bind(compare.Field);
        if (compare.Operator == "LIKE")
        {
            return Like(bound, compare.Value);
        }

        var value = Literals.Value(bound.Field, compare.Value);
        if (compare.Operator is "=" or "!=")
        {
            var wanted = compare.Operator == "=";
            return row => Values.Same(bound.Field, bound.Value(data, row), value) == wanted;
        }

        if (value is null || bound.Field.Type == FieldType.Boolean)
        {
            throw new RefusedException("INVALID_QUERY_FILTER_OPERATOR", $"invalid operator on {bound.Field.TypeName} field");
        }

        return row => bound.Value(data, row) is { } held && Holds(compare.Operator, Values.Compare(bound.Field, held, value));
    }

    private static bool Holds(string comparison, int order) => comparison switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        ">=" => order >= 0,
        _ => throw new InvalidOperationException($"Unknown operator {comparison}."),
    };

    private Func<Row, bool> Like(BoundField bound, Literal value)
    {
        if (!bound.Field.IsText)
        {
            throw new RefusedException("INVALID_QUERY_FILTER_OPERATOR", $"invalid operator on {bound.Field.TypeName} field");
        }

        _ = Literals.Value(bound.Field, value);
        return row => bound.Value(data, row) is string text && LikePattern.Matches(value.Value, text);
    }

    private Func<Row, bool> Membership(FieldPath path, bool negated, Func<Field, IEnumerable<object?>> members)
    {
        var bound = Bind(path);
        var listed = members(bound.Field).ToList();
        var keys = listed.Select(value => Values.Key(bound.Field, value)).ToHashSet();
        return row => keys.Contains(Values.Key(bound.Field, bound.Value(data, row))) != negated;
    }

    private List<object?> Inner(Field outer, Query query)
    {
        if (query.Select is not [SelectItem.Field(var path)] || outer.Type is not (FieldType.Id or FieldType.Reference))
        {
            throw Lexer.Malformed("A semi join compares one id field with one id field.");
        }

        var inner = QueryRun.TypeOf(query.From);
        var selected = BoundField.Bind(inner, query.Alias, path);
        return [.. QueryRun.Rows(data, inner, query, includeDeleted: false).Select(row => selected.Value(data, row)).Where(value => value is not null)];
    }
}
