using System.Collections.Immutable;

namespace Hub.Sandbox.Salesforce.Schema;

/// <summary>One object of the org and its fields, the system fields included.</summary>
public sealed class SObjectType
{
    private readonly ImmutableDictionary<string, Field> byName;

    /// <param name="prefix">Key prefix of its record ids.</param>
    public SObjectType(string name, string prefix, params IEnumerable<Field> fields)
    {
        Name = name;
        Prefix = prefix;
        Fields = [.. SystemFields().Take(1), .. fields, .. SystemFields().Skip(1)];
        byName = Fields.ToImmutableDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);
    }

    public string Name { get; }

    public string Prefix { get; }

    /// <summary>In the order describe lists them.</summary>
    public ImmutableArray<Field> Fields { get; }

    /// <summary>Whether clients may create and delete records.</summary>
    public bool Writable { get; init; } = true;

    /// <summary>Whether the loser of a merge keeps the winner's id.</summary>
    public bool Mergeable => byName.ContainsKey("MasterRecordId");

    public bool Custom => Name.EndsWith("__c", StringComparison.Ordinal);

    /// <summary>The field of that name, whatever its case; null when the object has none.</summary>
    public Field? Find(string name) => byName.GetValueOrDefault(name);

    public Field? Parent(string relationship) => Fields.FirstOrDefault(field =>
        string.Equals(field.Relationship, relationship, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Field> SystemFields() =>
    [
        new Field("Id", FieldType.Id) { Length = 18 }.ReadOnly(),
        Schema.Fields.Bool("IsDeleted").ReadOnly(),
        Schema.Fields.DateTime("CreatedDate").ReadOnly(),
        Schema.Fields.Lookup("CreatedById", "User").ReadOnly(),
        Schema.Fields.DateTime("LastModifiedDate").ReadOnly(),
        Schema.Fields.Lookup("LastModifiedById", "User").ReadOnly(),
        Schema.Fields.DateTime("SystemModstamp").ReadOnly(),
    ];
}
