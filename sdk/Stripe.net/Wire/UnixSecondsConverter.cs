using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hub.Sdk.StripeWire;

/// <summary>Writes a time as integer Unix seconds.</summary>
internal sealed class UnixSecondsConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => UnixTime.Read(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteNumberValue(UnixTime.Write(value));
}
