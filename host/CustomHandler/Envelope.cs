using System.Globalization;
using System.Text;
using System.Text.Json;
using Hub.Host.Catalog;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.CustomHandler;

/// <summary>Reads the call the Functions host makes of a custom handler: <c>{ "Data": { binding: value }, "Metadata": … }</c>.</summary>
/// <remarks>
/// Tolerant on purpose: hosts quote strings twice where the documentation shows them quoted once, and write numbers and flags as
/// strings. Metadata is never read: properties of a message's body are copied over it and can say anything.
/// </remarks>
internal static class Envelope
{
    /// <summary>Names of the trigger bindings in the generated function.json files.</summary>
    public const string QueueBinding = "queueItem";
    public const string TimerBinding = "timer";
    public const string HttpBinding = "req";

    public static string BindingOf(FunctionTrigger trigger) => trigger switch
    {
        FunctionTrigger.Queue => QueueBinding,
        FunctionTrigger.Timer => TimerBinding,
        _ => HttpBinding,
    };

    /// <summary>The trigger's value: the member of that name, or the only member there is.</summary>
    /// <exception cref="FormatException">The envelope holds no such value.</exception>
    public static JsonElement TriggerValue(JsonElement envelope, string binding)
    {
        if (Member(envelope, "Data") is not { ValueKind: JsonValueKind.Object } data)
        {
            throw new FormatException("The envelope has no Data object.");
        }

        if (Member(data, binding) is { } named)
        {
            return named;
        }

        JsonProperty[] members = [.. data.EnumerateObject().Take(2)];
        return members is [var only] ? only.Value : throw new FormatException($"Data has no member {binding}.");
    }

    /// <summary>The message's text: out of the second pair of quotes where there is one, as it stands otherwise.</summary>
    public static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? Literal(value.GetString()!) ?? value.GetString()!
        : value.GetRawText();

    /// <summary>The message as bytes; those of a binary binding arrive as base64, which text does not.</summary>
    public static BinaryData Body(JsonElement value, bool binary)
    {
        string text = Text(value);
        byte[] bytes = new byte[text.Length];
        return binary && Convert.TryFromBase64String(text, bytes, out int length)
            ? new BinaryData(bytes.AsMemory(0, length))
            : new BinaryData(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The timer's state; what is missing keeps its default.</summary>
    public static TimerInfo Timer(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            using JsonDocument inner = JsonDocument.Parse(Text(value));
            return Timer(inner.RootElement);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return new TimerInfo();
        }

        return new TimerInfo
        {
            IsPastDue = Member(value, "IsPastDue") is { } late && Flag(late),
            ScheduleStatus = Member(value, "ScheduleStatus") is { ValueKind: JsonValueKind.Object } status
                ? new ScheduleStatus { Last = Date(status, "Last"), Next = Date(status, "Next"), LastUpdated = Date(status, "LastUpdated") }
                : null,
        };
    }

    /// <summary>A member by name, in any case.</summary>
    public static JsonElement? Member(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (JsonProperty member in parent.EnumerateObject())
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return null;
    }

    private static string? Literal(string text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<string>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Flag(JsonElement value) =>
        value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && bool.TryParse(Text(value), out bool flag) && flag);

    private static DateTime Date(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } value
        && DateTimeOffset.TryParse(Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? date.UtcDateTime
            : default;
}
