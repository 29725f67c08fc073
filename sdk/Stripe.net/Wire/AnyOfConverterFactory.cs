using System.Text.Json;
using System.Text.Json.Serialization;
using Stripe;

namespace Hub.Sdk.StripeWire;

/// <summary>Writes whichever value an <see cref="AnyOf{T1, T2}"/> holds. Options are only ever written.</summary>
internal sealed class AnyOfConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeof(IAnyOf).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert));

    private sealed class Converter<T> : JsonConverter<T>
        where T : IAnyOf
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Options are written, never read.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            if (value.Value is DateTime time)
            {
                writer.WriteNumberValue(UnixTime.Write(time));
            }
            else
            {
                JsonSerializer.Serialize(writer, value.Value, options);
            }
        }
    }
}
