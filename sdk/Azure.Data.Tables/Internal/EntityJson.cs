using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Internal;

/// <summary>Entities as the service's JSON: values plus <c>NAME@odata.type</c> where JSON alone does not say the type.</summary>
/// <remarks>Source: Table service REST reference, "Payload format for Table service operations".</remarks>
internal static class EntityJson
{
    private const string Binary = "Edm.Binary";
    private const string Date = "Edm.DateTime";
    private const string Double = "Edm.Double";
    private const string Guid = "Edm.Guid";
    private const string Int64 = "Edm.Int64";
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static ReadOnlyMemory<byte> Write(ITableEntity entity)
    {
        var buffer = new ArrayBufferWriter<byte>();

        // The default escaping writes pure ASCII, which also spares servers that decode a body piece by piece.
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach ((string name, object? value) in EntityMembers.Read(entity))
            {
                WriteProperty(writer, name, value);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The properties with their declared types; Int64 as long, dates as DateTimeOffset, binary as byte[].</summary>
    public static Dictionary<string, object?> Read(JsonElement entity)
    {
        var types = new Dictionary<string, string?>();
        foreach (JsonProperty property in entity.EnumerateObject())
        {
            if (property.Name.EndsWith(EntityNames.ODataType, StringComparison.Ordinal))
            {
                types[property.Name[..^EntityNames.ODataType.Length]] = property.Value.GetString();
            }
        }

        var properties = new Dictionary<string, object?>();
        foreach (JsonProperty property in entity.EnumerateObject())
        {
            if (property.Name == EntityNames.ODataETag || !IsAnnotation(property.Name))
            {
                properties[property.Name] = Value(property.Value, TypeOf(property.Name, types));
            }
        }

        return properties;
    }

    private static bool IsAnnotation(string name) =>
        name.StartsWith(EntityNames.ODataPrefix, StringComparison.Ordinal) || name.Contains("@odata.", StringComparison.Ordinal);

    // With minimal metadata the service names no type for the time stamp, which every entity has.
    private static string? TypeOf(string name, Dictionary<string, string?> types) =>
        types.GetValueOrDefault(name) ?? (name == EntityNames.Timestamp ? Date : null);

    private static object? Value(JsonElement value, string? type) => (value.ValueKind, type) switch
    {
        (JsonValueKind.Null, _) => null,
        (JsonValueKind.String, Binary) => value.GetBytesFromBase64(),
        (JsonValueKind.String, Date) => DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        (JsonValueKind.String, Guid) => System.Guid.Parse(value.GetString()!),
        (JsonValueKind.String, Int64) => long.Parse(value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        (JsonValueKind.String, Double) => double.Parse(value.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture),
        (JsonValueKind.String, _) => value.GetString(),
        (JsonValueKind.Number, Double) => value.GetDouble(),
        (JsonValueKind.Number, Int64) => value.GetInt64(),
        (JsonValueKind.Number, _) => Number(value),
        (JsonValueKind.True or JsonValueKind.False, _) => value.GetBoolean(),
        _ => throw new NotSupportedException($"A table property cannot hold JSON of kind {value.ValueKind}."),
    };

    // Not one switch expression: that would widen all three to double.
    private static object Number(JsonElement value)
    {
        if (value.TryGetInt32(out int small))
        {
            return small;
        }

        return value.TryGetInt64(out long large) ? large : value.GetDouble();
    }

    private static void WriteProperty(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull(name);
                break;
            case string text:
                writer.WriteString(name, text);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case double number:
                WriteDouble(writer, name, number);
                break;
            case Enum member:
                writer.WriteString(name, member.ToString());
                break;
            default:
                (string type, string text2) = Typed(name, value);
                writer.WriteString(name, text2);
                writer.WriteString(name + EntityNames.ODataType, type);
                break;
        }
    }

    private static (string Type, string Text) Typed(string name, object value) => value switch
    {
        long number => (Int64, number.ToString(CultureInfo.InvariantCulture)),
        ulong number => (Int64, number.ToString(CultureInfo.InvariantCulture)),
        Guid guid => (Guid, guid.ToString()),
        byte[] bytes => (Binary, Convert.ToBase64String(bytes)),
        BinaryData bytes => (Binary, Convert.ToBase64String(bytes.ToMemory().Span)),
        DateTimeOffset instant => (Date, instant.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture)),
        DateTime { Kind: DateTimeKind.Utc } instant => (Date, instant.ToString(Instant, CultureInfo.InvariantCulture)),
        DateTime local => throw new NotSupportedException($"DateTime {name} has a Kind of {local.Kind}. It must be UTC."),
        _ => throw new NotSupportedException($"Not supported type {value.GetType()} of property {name}."),
    };

    // JSON has no word for these three; the service takes them as text.
    private static void WriteDouble(Utf8JsonWriter writer, string name, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteString(name, double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }

        writer.WriteString(name + EntityNames.ODataType, Double);
    }
}
