using System.Collections.Immutable;
using Hub.Sandbox.Salesforce.Outbound;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Everything the org holds at one moment. Immutable, so that a rollback is keeping the older one.</summary>
public sealed record OrgData(
    ImmutableDictionary<string, ImmutableSortedDictionary<string, Row>> Tables,
    ImmutableDictionary<string, long> Counters,
    ImmutableList<Change> Changes,
    ImmutableList<OutboundMessage> Outbound)
{
    private static readonly ImmutableSortedDictionary<string, Row> NoRows = ImmutableSortedDictionary.Create<string, Row>(StringComparer.Ordinal);

    public static OrgData Empty { get; } = new(
        ImmutableDictionary<string, ImmutableSortedDictionary<string, Row>>.Empty,
        ImmutableDictionary<string, long>.Empty,
        [],
        []);

    /// <summary>All rows of an object by id, soft-deleted ones included.</summary>
    public ImmutableSortedDictionary<string, Row> Rows(SObjectType type) => Tables.GetValueOrDefault(type.Name, NoRows);

    /// <summary>The record, deleted or not; null when there never was one or it is gone for good.</summary>
    public Row? Find(string id) => OrgSchema.OfId(id) is { } type ? Rows(type).GetValueOrDefault(id) : null;

    public OrgData Put(Row row) => this with { Tables = Tables.SetItem(row.Type.Name, Rows(row.Type).SetItem(row.Id, row)) };
}

/// <summary>One write, with the client name that <c>Sforce-Call-Options</c> gave.</summary>
/// <param name="Kind"><c>create</c>, <c>update</c> or <c>delete</c>.</param>
/// <param name="Client">Null when the caller named none.</param>
/// <param name="Fields">Fields the caller sent.</param>
public sealed record Change(DateTimeOffset At, string Record, string Id, string Kind, string? Client, string UserId, ImmutableArray<string> Fields);
