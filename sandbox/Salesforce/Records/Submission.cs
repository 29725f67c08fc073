using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>The fields a client sent for one record, read and checked against the schema.</summary>
/// <param name="Values">Field to value; null clears.</param>
public sealed record Submission(ImmutableDictionary<Field, object?> Values)
{
    public bool Sets(string field) => Values.Keys.Any(key => key.Name == field);

    /// <summary>Reads a body as the API does: unknown and read-only fields, wrong types and values that do not fit are refused.</summary>
    /// <param name="creating">Whether a record is to be created with it.</param>
    /// <exception cref="RefusedException">The first thing that is wrong.</exception>
    public static Submission Strict(SObjectType type, JsonObject body, bool creating, OrgData data)
    {
        var values = ImmutableDictionary.CreateBuilder<Field, object?>();
        foreach (var (name, node) in body.Where(member => member.Key != "attributes"))
        {
            if (type.Find(name) is { } field)
            {
                values[Writable(field, creating)] = FieldValues.Read(field, node);
            }
            else if (type.Parent(name) is { } parent && node is JsonObject reference)
            {
                values[Writable(parent, creating)] = ByForeignKey(type, parent, reference, data);
            }
            else
            {
                throw new RefusedException("INVALID_FIELD", $"No such column '{name}' on sobject of type {type.Name}");
            }
        }

        return new Submission(values.ToImmutable());
    }

    /// <summary>Reads a body as raw data: any known field may be set, no value is judged.</summary>
    /// <exception cref="RefusedException">A field is unknown or a value of another type.</exception>
    public static Submission Raw(SObjectType type, JsonObject body)
    {
        var values = ImmutableDictionary.CreateBuilder<Field, object?>();
        foreach (var (name, node) in body.Where(member => member.Key != "attributes"))
        {
            var field = type.Find(name) ?? throw new RefusedException("INVALID_FIELD", $"No such column '{name}' on sobject of type {type.Name}");
            values[field] = FieldValues.Parse(field, node);
        }

        return new Submission(values.ToImmutable());
    }

    private static Field Writable(Field field, bool creating) => (creating ? field.Createable : field.Updateable)
        ? field
        : throw new RefusedException(new SalesforceError(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            $"Unable to create/update fields: {field.Name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.")
        {
            Fields = [field.Name],
        });

    private static string ByForeignKey(SObjectType type, Field parent, JsonObject reference, OrgData data)
    {
        var target = OrgSchema.Find(parent.References[0])!;
        var (name, node) = reference.FirstOrDefault(member => member.Key != "attributes");
        var key = name is null ? null : target.Find(name);
        if (key is not { ExternalId: true })
        {
            throw new RefusedException("INVALID_FIELD", $"The external foreign key reference does not reference a valid entity: {parent.Relationship}");
        }

        var found = data.Rows(target).Values.Where(row => !row.IsDeleted && UniqueKeys.Same(key, row[key.Name], FieldValues.Read(key, node))).ToList();
        return found.Count == 1
            ? found[0].Id
            : throw new RefusedException("INVALID_FIELD", $"Foreign key external ID: {node} not found for field {key.Name} in entity {target.Name} ({type.Name})");
    }
}
