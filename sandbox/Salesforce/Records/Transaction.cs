using System.Collections.Immutable;
using System.Globalization;
using Hub.Sandbox.Salesforce.Outbound;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>The org as one writer sees and changes it. Undo is setting <see cref="Data"/> back.</summary>
/// <param name="now">Server time, whole seconds.</param>
/// <param name="refusals">Row errors to run into; null: none.</param>
public sealed class Transaction(OrgData start, DateTimeOffset now, string userId, string? client, Refusals? refusals = null)
{
    public OrgData Data { get; set; } = start;

    public DateTimeOffset Now => now;

    public string UserId => userId;

    /// <exception cref="RefusedException">A row error was planted for this object.</exception>
    public void RunIntoRefusals(SObjectType type) => refusals?.Check(type);

    public IEnumerable<Row> Live(string type) => Data.Rows(OrgSchema.Find(type)!).Values.Where(row => !row.IsDeleted);

    public string NewId(SObjectType type) => RecordIds.Create(type.Prefix, 1_000 + Next(type.Name));

    /// <summary>The next number of a series, from 1.</summary>
    public long Next(string series)
    {
        var number = Data.Counters.GetValueOrDefault(series) + 1;
        Data = Data with { Counters = Data.Counters.SetItem(series, number) };
        return number;
    }

    /// <summary>Stores a changed record under a new stamp.</summary>
    public Row Save(Row row)
    {
        var stamped = row.With("LastModifiedDate", now).With("LastModifiedById", userId).With("SystemModstamp", now);
        Data = Data.Put(stamped);
        return stamped;
    }

    /// <summary>Stores a record as it is, filling in only the system fields that are missing.</summary>
    public Row Raw(SObjectType type, Dictionary<string, object?> values)
    {
        var defaults = type.Fields
            .Where(field => field.Default is not null)
            .Select(field => KeyValuePair.Create(field.Name, field.Default))
            .Concat(
            [
                KeyValuePair.Create<string, object?>("Id", values.GetValueOrDefault("Id") ?? NewId(type)),
                KeyValuePair.Create<string, object?>("CreatedDate", now),
                KeyValuePair.Create<string, object?>("CreatedById", userId),
                KeyValuePair.Create<string, object?>("LastModifiedDate", values.GetValueOrDefault("SystemModstamp") ?? now),
                KeyValuePair.Create<string, object?>("LastModifiedById", userId),
                KeyValuePair.Create<string, object?>("SystemModstamp", now),
            ]);
        var row = new Row(type, defaults.Concat(values)
            .Where(pair => pair.Value is not null)
            .Aggregate(ImmutableDictionary.Create<string, object>(StringComparer.Ordinal), (all, pair) => all.SetItem(pair.Key, pair.Value!)));
        Data = Data.Put(row);
        return row;
    }

    public void Log(Row row, string kind, IEnumerable<string> fields) =>
        Data = Data with { Changes = Data.Changes.Add(new Change(now, row.Type.Name, row.Id, kind, client, userId, [.. fields])) };

    public void Notify(Row opportunity)
    {
        var number = Next("OutboundMessage");
        Data = Data with { Outbound = Data.Outbound.Add(new OutboundMessage(RecordIds.Create("04l", number), opportunity, now)) };
    }
}
