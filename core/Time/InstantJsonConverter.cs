using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Time;

/// <summary>An instant in a queue message, such as <c>2027-03-09T04:30:00Z</c>; read with any offset, written with <c>Z</c>.</summary>
/// <remarks>Named on the property itself, because whoever binds a message to its record uses plain System.Text.Json options.</remarks>
public sealed class InstantJsonConverter : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Instants.Parse(reader.GetString()) is { } instant
            ? instant
            : throw new JsonException("An instant is malformed.");

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) =>
        writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
}
