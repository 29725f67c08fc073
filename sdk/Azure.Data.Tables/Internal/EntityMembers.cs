using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;

namespace Azure.Data.Tables.Internal;

/// <summary>Maps entities to property names and values and back.</summary>
/// <remarks>
/// A class's public properties are the entity's properties; <c>[IgnoreDataMember]</c> leaves one out,
/// <c>[DataMember(Name = …)]</c> renames it. The keys go through the interface, so an explicit implementation works too.
/// </remarks>
internal static class EntityMembers
{
    private static readonly ConcurrentDictionary<Type, Member[]> Cache = new();

    /// <summary>What is written: all properties but the time stamp and the version, which the service keeps.</summary>
    public static IEnumerable<(string Name, object? Value)> Read(ITableEntity entity) =>
        entity is IDictionary<string, object> properties ? FromDictionary(properties) : FromClass(entity);

    public static T Create<T>(Dictionary<string, object?> properties)
        where T : class, ITableEntity
    {
        if (typeof(T) == typeof(TableEntity))
        {
            return (T)(object)new TableEntity(properties!);
        }

        T entity = Activator.CreateInstance<T>();
        if (entity is IDictionary<string, object?> dictionary)
        {
            foreach ((string name, object? value) in properties)
            {
                dictionary[name] = value;
            }
        }
        else
        {
            Fill(entity, properties);
        }

        FillInterface(entity, properties);
        return entity;
    }

    /// <summary>The stored name of a class's property.</summary>
    public static string NameOf(MemberInfo member) => member.GetCustomAttribute<DataMemberAttribute>()?.Name ?? member.Name;

    private static IEnumerable<(string, object?)> FromDictionary(IDictionary<string, object> properties) =>
        from pair in properties
        where pair.Key is not (EntityNames.Timestamp or EntityNames.ETag) && !pair.Key.StartsWith(EntityNames.ODataPrefix, StringComparison.Ordinal)
        select (pair.Key, (object?)pair.Value);

    private static IEnumerable<(string, object?)> FromClass(ITableEntity entity)
    {
        yield return (EntityNames.PartitionKey, entity.PartitionKey);
        yield return (EntityNames.RowKey, entity.RowKey);
        foreach (Member member in Of(entity.GetType()))
        {
            yield return (member.Name, member.Property.GetValue(entity));
        }
    }

    private static void Fill(ITableEntity entity, Dictionary<string, object?> properties)
    {
        foreach (Member member in Of(entity.GetType()))
        {
            if (member.Property.SetMethod is { IsPublic: true } && properties.TryGetValue(member.Name, out object? value))
            {
                member.Property.SetValue(entity, Convert(value, member.Property.PropertyType));
            }
        }
    }

    private static void FillInterface(ITableEntity entity, Dictionary<string, object?> properties)
    {
        entity.PartitionKey = (string?)properties.GetValueOrDefault(EntityNames.PartitionKey)!;
        entity.RowKey = (string?)properties.GetValueOrDefault(EntityNames.RowKey)!;
        entity.Timestamp = (DateTimeOffset?)properties.GetValueOrDefault(EntityNames.Timestamp);
        if (properties.GetValueOrDefault(EntityNames.ODataETag) is string etag)
        {
            entity.ETag = new ETag(etag);
        }
    }

    private static Member[] Of(Type type) => Cache.GetOrAdd(type, static key =>
    [
        .. from property in key.GetProperties(BindingFlags.Instance | BindingFlags.Public)
           where property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0
               && property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null
           let name = NameOf(property)
           where name is not (EntityNames.PartitionKey or EntityNames.RowKey or EntityNames.Timestamp or EntityNames.ETag)
           select new Member(name, property),
    ]);

    private static object? Convert(object? value, Type target)
    {
        Type type = Nullable.GetUnderlyingType(target) ?? target;
        if (value is null)
        {
            return target.IsValueType && type == target ? Activator.CreateInstance(target) : null;
        }

        return type.IsInstanceOfType(value) ? value : Widen(value, type);
    }

    private static object? Widen(object value, Type type) => value switch
    {
        DateTimeOffset instant when type == typeof(DateTime) => instant.UtcDateTime,
        byte[] bytes when type == typeof(BinaryData) => new BinaryData(bytes),
        string text when type.IsEnum => Enum.Parse(type, text),
        string text => FromText(text, type),
        int or long or double when type == typeof(string) => null,
        IConvertible number when type.IsPrimitive => System.Convert.ChangeType(number, type, CultureInfo.InvariantCulture),
        _ => throw new InvalidCastException($"Cannot read a {value.GetType()} property as {type}."),
    };

    // Written by another client without a declared type.
    private static object FromText(string text, Type type) => type switch
    {
        _ when type == typeof(DateTimeOffset) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        _ when type == typeof(DateTime) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        _ when type == typeof(Guid) => Guid.Parse(text),
        _ when type == typeof(byte[]) => System.Convert.FromBase64String(text),
        _ => System.Convert.ChangeType(text, type, CultureInfo.InvariantCulture),
    };

    private sealed record Member(string Name, PropertyInfo Property);
}
