using System.Collections.Immutable;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>A field path resolved against the org: the references to follow, then the field.</summary>
/// <param name="Parents">Reference fields from the queried object upwards.</param>
internal sealed record BoundField(ImmutableArray<Field> Parents, Field Field)
{
    private const int DeepestPath = 5;

    /// <exception cref="RefusedException">A relationship or the field does not exist.</exception>
    public static BoundField Bind(SObjectType type, string? alias, FieldPath path)
    {
        var parts = path.Parts.AsSpan();
        if (parts.Length > 1 && (Same(parts[0], alias) || (Same(parts[0], type.Name) && type.Parent(parts[0]) is null)))
        {
            parts = parts[1..];
        }

        if (parts.Length > DeepestPath + 1)
        {
            throw Lexer.Malformed($"SOQL queries go up at most {DeepestPath} relationships.");
        }

        var parents = ImmutableArray.CreateBuilder<Field>();
        var owner = type;
        foreach (var relationship in parts[..^1])
        {
            var parent = owner.Parent(relationship) ?? throw new RefusedException(
                "INVALID_FIELD",
                $"{Place(path)}Didn't understand relationship '{relationship}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.");
            parents.Add(parent);
            owner = OrgSchema.Find(parent.References[0])!;
        }

        var name = parts[^1];
        return owner.Find(name) is { } field
            ? new BoundField(parents.ToImmutable(), field)
            : throw new RefusedException(
                "INVALID_FIELD",
                $"{Place(path)}No such column '{name}' on entity '{owner.Name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.");
    }

    /// <summary>The record that holds the field, seen from a row; null when a parent is missing.</summary>
    public Row? Owner(OrgData data, Row row)
    {
        Row? owner = row;
        foreach (var parent in Parents)
        {
            owner = owner?.Text(parent.Name) is { } id ? data.Find(id) : null;
        }

        return owner;
    }

    public object? Value(OrgData data, Row row) => Owner(data, row)?[Field.Name];

    private static bool Same(string part, string? name) => string.Equals(part, name, StringComparison.OrdinalIgnoreCase);

    private static string Place(FieldPath path) =>
        $"\n{string.Join('.', path.Parts)}\n^\nERROR at Row:1:Column:{path.At + 1}\n";
}
