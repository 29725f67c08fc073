using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Queues;

/// <summary>An instant in a queue message, such as <c>2027-03-09T04:30:00Z</c>.</summary>
/// <remarks>Named on the property itself, because whoever binds a message to its record uses plain System.Text.Json options.</remarks>
public sealed class InstantJsonConverter : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && InstantPattern.ExtendedIso.Parse(reader.GetString()!).TryGetValue(default, out Instant instant)
            ? instant
            : throw new JsonException("An instant is malformed.");

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
        writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
}
