using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hub.Core.Audit;

/// <summary>JSON in one form only: keys sorted by code unit, no white space, numbers as written.</summary>
public static class CanonicalJson
{
    // Only what JSON itself demands is escaped: payloads are read by people and never put into HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Canonical form of a value (ids, counts, amounts; never personal data in an audit payload).</summary>
    public static string Of<T>(T value) => Of(JsonSerializer.SerializeToElement(value, JsonSerializerOptions.Web));

    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static string OfText(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    private static string Of(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            Write(writer, element);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, element);
                break;
            case JsonValueKind.Array:
                WriteArray(writer, element);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement element)
    {
        writer.WriteStartObject();
        foreach (JsonProperty member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(member.Name);
            Write(writer, member.Value);
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, JsonElement element)
    {
        writer.WriteStartArray();
        foreach (JsonElement item in element.EnumerateArray())
        {
            Write(writer, item);
        }

        writer.WriteEndArray();
    }
}
