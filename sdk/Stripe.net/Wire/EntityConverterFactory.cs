using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hub.Sdk.StripeWire;

/// <summary>Lets System.Text.Json read and write entities with the rules of <see cref="EntityReader"/> and <see cref="EntityWriter"/>.</summary>
internal sealed class EntityConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => true;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert));

    private sealed class Converter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (T)EntityReader.Read(JsonElement.ParseValue(ref reader), typeToConvert);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => EntityWriter.Write(writer, value);
    }
}
