#nullable disable // The published package carries no nullability annotations, so its subset carries none either.
using System.Collections;
using Azure.Data.Tables.Internal;

namespace Azure.Data.Tables;

/// <summary>An entity as a dictionary of property names and values, with typed getters.</summary>
/// <remarks>
/// Property types: string, int, long, bool, double, Guid, byte[] or BinaryData, DateTime (UTC) and DateTimeOffset.
/// A date comes back as <see cref="DateTimeOffset"/>; both date getters accept it.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "published name")]
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    private readonly Dictionary<string, object> _properties;

    public TableEntity()
        : this(null)
    {
    }

    public TableEntity(string partitionKey, string rowKey)
        : this(null)
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    public TableEntity(IDictionary<string, object> values) => _properties = values is null ? [] : new(values);

    public string PartitionKey
    {
        get => GetString(EntityNames.PartitionKey);
        set => _properties[EntityNames.PartitionKey] = value;
    }

    public string RowKey
    {
        get => GetString(EntityNames.RowKey);
        set => _properties[EntityNames.RowKey] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(EntityNames.Timestamp);
        set => _properties[EntityNames.Timestamp] = value;
    }

    public ETag ETag
    {
        get => new(GetString(EntityNames.ODataETag));
        set => _properties[EntityNames.ODataETag] = value.ToString();
    }

    public ICollection<string> Keys => _properties.Keys;

    ICollection<object> IDictionary<string, object>.Values => _properties.Values;

    public int Count => _properties.Count;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <summary>The property's value, or null where the entity has none of that name.</summary>
    public object this[string key]
    {
        get => Find(key);
        set => Set(key, value);
    }

    /// <exception cref="InvalidOperationException">The property has another type (all typed getters).</exception>
    public string GetString(string key) => Typed<string>(Find(key));

    public BinaryData GetBinaryData(string key) => Find(key) is byte[] bytes ? new BinaryData(bytes) : Typed<BinaryData>(Find(key));

    public byte[] GetBinary(string key) => Typed<byte[]>(Find(key));

    public bool? GetBoolean(string key) => Typed<bool?>(Find(key));

    public DateTime? GetDateTime(string key) => Find(key) is DateTimeOffset instant ? instant.UtcDateTime : Typed<DateTime?>(Find(key));

    public DateTimeOffset? GetDateTimeOffset(string key) => Find(key) is DateTime date ? new DateTimeOffset(date) : Typed<DateTimeOffset?>(Find(key));

    public double? GetDouble(string key) => Typed<double?>(Find(key));

    public Guid? GetGuid(string key) => Typed<Guid?>(Find(key));

    public int? GetInt32(string key) => Typed<int?>(Find(key));

    public long? GetInt64(string key) => Typed<long?>(Find(key));

    public void Add(string key, object value) => Set(key, value);

    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    public bool Remove(string key) => _properties.Remove(key);

    public bool TryGetValue(string key, out object value) => _properties.TryGetValue(key, out value);

    public void Clear() => _properties.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => Set(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) => _properties.Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object>>)_properties).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)_properties).Remove(item);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    private object Find(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _properties.GetValueOrDefault(key);
    }

    private static T Typed<T>(object value) => value switch
    {
        null => default,
        T typed => typed,
        _ => throw new InvalidOperationException($"Cannot return {typeof(T)} type for a {value.GetType()} typed property."),
    };

    // A number keeps the wider type it was first given, so that entity["Total"] = 5 does not narrow a stored Int64 or Double.
    private void Set(string key, object value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _properties[key] = (_properties.GetValueOrDefault(key), value) switch
        {
            (double, int number) => (double)number,
            (long, int number) => (long)number,
            (string, DateTime or DateTimeOffset) => value.ToString(),
            _ => value,
        };
    }
}
