using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>What a query selects, and how a record of it looks in JSON.</summary>
internal sealed class RecordShape
{
    private readonly OrgData data;
    private readonly string recordPath;
    private readonly ImmutableArray<BoundField> fields;
    private readonly ImmutableArray<(string Name, Field Link, SObjectType Type, Query Query, RecordShape Shape)> children;

    private RecordShape(
        OrgData data, string recordPath, ImmutableArray<BoundField> fields, ImmutableArray<(string, Field, SObjectType, Query, RecordShape)> children)
    {
        this.data = data;
        this.recordPath = recordPath;
        this.fields = fields;
        this.children = children;
    }

    /// <exception cref="RefusedException">A selected name does not exist or is selected twice.</exception>
    public static RecordShape Bind(OrgData data, SObjectType type, Query query, bool includeDeleted, string recordPath)
    {
        var fields = query.Select.SelectMany(item => Bound(type, query, item)).ToImmutableArray();
        if (fields.GroupBy(Spelled, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw Lexer.Malformed($"duplicate field selected: {twice.Key}");
        }

        var children = query.Select.OfType<SelectItem.Children>().Select(item => Child(data, type, item.Query, includeDeleted, recordPath));
        return new RecordShape(data, recordPath, fields, [.. children]);
    }

    public JsonObject Write(Row row)
    {
        var record = Head(row, recordPath);
        foreach (var field in fields)
        {
            Place(record, row, field);
        }

        foreach (var (name, link, type, query, shape) in children)
        {
            record[name] = Children(row, link, type, query, shape);
        }

        return record;
    }

    public static JsonObject Head(Row row, string recordPath) => new()
    {
        ["attributes"] = new JsonObject { ["type"] = row.Type.Name, ["url"] = $"{recordPath}/{row.Type.Name}/{row.Id}" },
    };

    private static IEnumerable<BoundField> Bound(SObjectType type, Query query, SelectItem item) => item switch
    {
        SelectItem.Field(var path) => [BoundField.Bind(type, query.Alias, path)],
        SelectItem.Group(var group) => type.Fields
            .Where(field => group.ToUpperInvariant() switch
            {
                "ALL" => true,
                "STANDARD" => !field.Custom,
                "CUSTOM" => field.Custom,
                _ => throw Lexer.Malformed($"unexpected token: '{group}'"),
            })
            .Select(field => new BoundField([], field)),
        SelectItem.Count => throw Lexer.Malformed("COUNT() stands alone; grouping is not simulated."),
        _ => [],
    };

    private static string Spelled(BoundField field) =>
        string.Join('.', field.Parents.Select(parent => parent.Relationship).Append(field.Field.Name));

    private static (string, Field, SObjectType, Query, RecordShape) Child(
        OrgData data, SObjectType type, Query query, bool includeDeleted, string recordPath)
    {
        var (child, link) = OrgSchema.Children(type, query.From) ?? throw new RefusedException(
            "INVALID_TYPE", $"Didn't understand relationship '{query.From}' in FROM part of query call.");

        // Names and filters are checked even when no parent has children.
        QueryRun.Rows(data, child, query, includeDeleted, among: _ => false);
        return (link.Children!, link, child, query, Bind(data, child, query, includeDeleted, recordPath));
    }

    private JsonObject? Children(Row row, Field link, SObjectType type, Query query, RecordShape shape)
    {
        var rows = QueryRun.Rows(data, type, query, includeDeleted: false, among: child => child.Text(link.Name) == row.Id);
        return rows.Count == 0 ? null : new JsonObject
        {
            ["totalSize"] = rows.Count,
            ["done"] = true,
            ["records"] = new JsonArray([.. rows.Select(shape.Write)]),
        };
    }

    private void Place(JsonObject record, Row row, BoundField field)
    {
        var target = record;
        Row? owner = row;
        foreach (var parent in field.Parents)
        {
            owner = owner?.Text(parent.Name) is { } id ? data.Find(id) : null;
            if (owner is null)
            {
                target.TryAdd(parent.Relationship!, null);
                return;
            }

            target.TryAdd(parent.Relationship!, Head(owner, recordPath));
            target = target[parent.Relationship!]!.AsObject();
        }

        target[field.Field.Name] = FieldValues.Write(owner, field.Field, recordPath);
    }
}
