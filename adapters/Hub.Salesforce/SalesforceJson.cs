using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Salesforce;

/// <summary>The places where Salesforce's JSON is not what .NET expects.</summary>
internal static class SalesforceJson
{
    private static readonly string[] DateTimeForms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads <c>2026-11-20T10:43:17.000+0000</c> and the same with <c>+00:00</c> or <c>Z</c>, with or without a fraction.</summary>
    public static bool TryInstant(string? text, out Instant instant)
    {
        bool ok = DateTimeOffset.TryParseExact(
            text, DateTimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset value);
        instant = ok ? Instant.FromDateTimeOffset(value) : default;
        return ok;
    }

    /// <summary>The string's text; half surrogate pairs become U+FFFD, NUL characters vanish: neither survives Table Storage or Stripe.</summary>
    public static string SafeText(JsonElement value) => Sanitise(value).GetString()!;

    /// <summary>A record whose texts can all be read; see <see cref="SafeText"/>.</summary>
    public static SalesforceRecord Record(string @object, JsonElement json)
    {
        SalesforceRecord record = SalesforceRecord.From(@object, json);
        foreach ((string field, JsonElement value) in record.Fields)
        {
            if (value.ValueKind == JsonValueKind.String && NeedsCare(value.GetRawText()))
            {
                record = record with { Fields = record.Fields.SetItem(field, Sanitise(value)) };
            }
        }

        return record;
    }

    public static JsonElement Text(string value) => JsonSerializer.SerializeToElement(value);

    private static bool NeedsCare(string raw) => raw.Contains("\\u", StringComparison.Ordinal);

    private static JsonElement Sanitise(JsonElement value)
    {
        string raw = value.GetRawText();
        return NeedsCare(raw) ? Text(Unescape(raw)) : value;
    }

    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (int at = 1; at < raw.Length - 1; at++)
        {
            if (raw[at] != '\\')
            {
                text.Append(raw[at]);
            }
            else if (raw[++at] == 'u')
            {
                text.Append((char)int.Parse(raw.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                at += 4;
            }
            else
            {
                text.Append(raw[at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var other => other });
            }
        }

        return WithoutHalfPairs(text.Replace("\0", "").ToString());
    }

    private static string WithoutHalfPairs(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            // An invalid sequence decodes to the replacement character and consumes one char.
            OperationStatus status = Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed);
            clean.Append(status == OperationStatus.Done ? rune.ToString() : "\uFFFD");
            rest = rest[consumed..];
        }

        return clean.ToString();
    }
}
