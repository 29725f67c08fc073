using System.Collections.Immutable;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>One record. Values are text, <see cref="bool"/>, <see cref="decimal"/>, <see cref="DateOnly"/> or <see cref="DateTimeOffset"/>; a field without value is absent.</summary>
public sealed record Row(SObjectType Type, ImmutableDictionary<string, object> Values)
{
    public string Id => (string)Values["Id"];

    public bool IsDeleted => Is("IsDeleted");

    public object? this[string field] => Values.GetValueOrDefault(field);

    public string? Text(string field) => this[field] as string;

    public decimal? Number(string field) => this[field] as decimal?;

    public bool Is(string field) => this[field] is true;

    public Row With(string field, object? value) =>
        this with { Values = value is null ? Values.Remove(field) : Values.SetItem(field, value) };
}
