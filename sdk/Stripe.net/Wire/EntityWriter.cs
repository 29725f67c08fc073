using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Stripe;

namespace Hub.Sdk.StripeWire;

/// <summary>Writes entities as Stripe's JSON: expanded fields whole, the others as ids.</summary>
internal static class EntityWriter
{
    private static readonly ConcurrentDictionary<Type, Dictionary<string, PropertyInfo>> Properties = new();

    public static string ToIndentedJson(object entity)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            Write(writer, entity);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case long number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case DateTime time: writer.WriteNumberValue(UnixTime.Write(time)); break;
            case DynamicJson json: json.Element.WriteTo(writer); break;
            case StripeEntity: WriteEntity(writer, value); break;
            case IDictionary map: WriteMap(writer, map); break;
            case IEnumerable list: WriteList(writer, list); break;
            default: WriteExpandable(writer, value); break;
        }
    }

    private static void WriteEntity(Utf8JsonWriter writer, object entity)
    {
        writer.WriteStartObject();
        foreach (var (name, property) in Properties.GetOrAdd(entity.GetType(), EntityReader.Describe))
        {
            writer.WritePropertyName(name);
            Write(writer, property.GetValue(entity));
        }

        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, IDictionary map)
    {
        writer.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            writer.WritePropertyName((string)entry.Key);
            Write(writer, entry.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, IEnumerable list)
    {
        writer.WriteStartArray();
        foreach (var item in list)
        {
            Write(writer, item);
        }

        writer.WriteEndArray();
    }

    private static void WriteExpandable(Utf8JsonWriter writer, object field)
    {
        var type = field.GetType();
        Write(
            writer,
            type.GetProperty(nameof(ExpandableField<Customer>.ExpandedObject)).GetValue(field)
            ?? type.GetProperty(nameof(ExpandableField<Customer>.Id)).GetValue(field));
    }
}
