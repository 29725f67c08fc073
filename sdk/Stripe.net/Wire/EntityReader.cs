using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stripe;

namespace Hub.Sdk.StripeWire;

/// <summary>Reads Stripe's JSON into entities.</summary>
/// <remarks>
/// Unknown fields stay reachable through <see cref="StripeEntity.RawJsonElement"/>; an object of unknown type in a polymorphic slot becomes null;
/// a deleted stub becomes its normal entity. A field of another kind than expected throws <see cref="JsonException"/>.
/// </remarks>
internal static class EntityReader
{
    private static readonly ConcurrentDictionary<Type, Dictionary<string, PropertyInfo>> Properties = new();

    public static object Parse(string json, Type type)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        return Read(document.RootElement.Clone(), type);
    }

    public static object Read(JsonElement json, Type type)
    {
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return null;
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        try
        {
            return type switch
            {
                _ when type == typeof(string) => json.ValueKind == JsonValueKind.String ? json.GetString() : json.GetRawText(),
                _ when type == typeof(bool) => json.GetBoolean(),
                _ when type == typeof(long) => json.GetInt64(),
                _ when type == typeof(decimal) => ReadDecimal(json),
                _ when type == typeof(DateTime) => UnixTime.Read(json.GetInt64()),
                _ when type == typeof(object) => DynamicJson.Wrap(json),
                _ when type.IsInterface => ReadPolymorphic(json, type),
                _ when type.IsGenericType => ReadGeneric(json, type),
                _ => ReadEntity(json, type),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new JsonException($"A {json.ValueKind} cannot be read as {type.Name}.", e);
        }
    }

    // *_decimal fields are strings, percentages are numbers; both keep their scale.
    private static decimal ReadDecimal(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? decimal.Parse(json.GetString(), CultureInfo.InvariantCulture)
        : json.GetDecimal();

    private static object ReadGeneric(JsonElement json, Type type)
    {
        var kind = type.GetGenericTypeDefinition();
        if (kind == typeof(List<>))
        {
            return ReadList(json, type);
        }

        if (kind == typeof(Dictionary<,>))
        {
            return ReadMap(json, type);
        }

        return kind == typeof(ExpandableField<>) ? ReadExpandable(json, type) : ReadEntity(json, type);
    }

    private static IList ReadList(JsonElement json, Type type)
    {
        var list = (IList)Activator.CreateInstance(type);
        foreach (var item in json.EnumerateArray())
        {
            list.Add(Read(item, type.GenericTypeArguments[0]));
        }

        return list;
    }

    private static IDictionary ReadMap(JsonElement json, Type type)
    {
        var map = (IDictionary)Activator.CreateInstance(type);
        foreach (var member in json.EnumerateObject())
        {
            map[member.Name] = Read(member.Value, type.GenericTypeArguments[1]);
        }

        return map;
    }

    private static object ReadExpandable(JsonElement json, Type type)
    {
        var field = Activator.CreateInstance(type);
        if (json.ValueKind == JsonValueKind.String)
        {
            type.GetProperty(nameof(ExpandableField<Customer>.Id)).SetValue(field, json.GetString());
        }
        else
        {
            // The id is kept apart: an expanded object of unknown type still has one.
            type.GetProperty(nameof(ExpandableField<Customer>.Id)).SetValue(field, json.TryGetProperty("id", out var id) ? id.GetString() : null);
            type.GetProperty(nameof(ExpandableField<Customer>.ExpandedObject)).SetValue(field, Read(json, type.GenericTypeArguments[0]));
        }

        return field;
    }

    private static object ReadPolymorphic(JsonElement json, Type type) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("object", out var name)
        && ObjectTypes.ByName.TryGetValue(name.GetString(), out var concrete)
        && type.IsAssignableFrom(concrete)
            ? ReadEntity(json, concrete)
            : null;

    private static object ReadEntity(JsonElement json, Type type)
    {
        var properties = Properties.GetOrAdd(type, Describe);
        var entity = Activator.CreateInstance(type);
        foreach (var member in json.EnumerateObject())
        {
            if (properties.TryGetValue(member.Name, out var property) && Read(member.Value, property.PropertyType) is { } value)
            {
                property.SetValue(entity, value);
            }
        }

        ((StripeEntity)entity).RawJsonElement = json;
        return entity;
    }

    internal static Dictionary<string, PropertyInfo> Describe(Type type) => type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(property => (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name, Property: property))
        .Where(pair => pair.Name != null)
        .ToDictionary(pair => pair.Name, pair => pair.Property, StringComparer.Ordinal);
}
