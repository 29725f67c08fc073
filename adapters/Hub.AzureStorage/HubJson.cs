using System.Text.Json;
using System.Text.Json.Serialization;
using Hub.Core.Contracts;
using Hub.Core.Money;
using Hub.Core.Time;
using NodaTime;
using NodaTime.Text;

namespace Hub.AzureStorage;

/// <summary>The one JSON form of queue messages and stored records: camelCase, enums by name, instants as ISO 8601 in UTC.</summary>
/// <remarks>A queue message can be read without these options too: what plain System.Text.Json does not know is named on the message itself.</remarks>
public static class HubJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new InstantJsonConverter());
        options.Converters.Add(new TextConverter<LocalDate>(LocalDatePattern.Iso.Format, text => LocalDatePattern.Iso.Parse(text).Value));
        options.Converters.Add(new TextConverter<Currency>(currency => currency.Code, Currency.Parse));
        options.Converters.Add(new TextConverter<SalesforceId>(id => id.Value, SalesforceId.Parse));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class TextConverter<T>(Func<T, string> format, Func<string, T> parse) : JsonConverter<T>
        where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string text = reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} cannot be null.");
            try
            {
                return parse(text);
            }
            catch (Exception failure) when (failure is FormatException or UnparsableValueException)
            {
                throw new JsonException($"A {typeof(T).Name} is malformed.", failure);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(format(value));
    }
}
