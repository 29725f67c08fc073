using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hub.Sdk.StripeWire;

/// <summary>Writes a decimal as text with its scale, as Stripe does for <c>*_decimal</c>.</summary>
internal sealed class DecimalStringConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? decimal.Parse(reader.GetString(), CultureInfo.InvariantCulture) : reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
}
