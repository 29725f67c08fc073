using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Field values between JSON and the store, spelled as the REST API spells them.</summary>
public static partial class FieldValues
{
    private static readonly string[] DateTimeForms =
    [
        "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
    ];

    /// <summary>Reads a value that a client wrote, with every check that needs no other record.</summary>
    /// <returns>Null for an absent value: JSON null or blank text.</returns>
    /// <exception cref="RefusedException">The value does not fit the field.</exception>
    public static object? Read(Field field, JsonNode? node)
    {
        var value = Parse(field, node);
        return value switch
        {
            string text => Checked(field, text),
            decimal number => InRange(field, number),
            _ => value,
        };
    }

    /// <summary>Reads a value without judging lengths, picklists or ranges, as data that is simply there.</summary>
    /// <exception cref="RefusedException">The value is of another type.</exception>
    public static object? Parse(Field field, JsonNode? node)
    {
        if (node is null)
        {
            return field.Type == FieldType.Boolean ? field.Default : null;
        }

        return field.Type switch
        {
            FieldType.Id or FieldType.Reference => Identifier(field, node),
            FieldType.Boolean => Flag(field, node),
            FieldType.Date => DateOnly.TryParseExact(String(field, node), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? date
                : throw Mismatch(field, node),
            FieldType.DateTime => DateTime(String(field, node)) ?? throw Mismatch(field, node),
            FieldType.Base64 => String(field, node) is { Length: > 0 } data && Convert.TryFromBase64String(data, new byte[data.Length], out _)
                ? data
                : throw Mismatch(field, node),
            _ when field.IsNumber => Number(field, node),
            _ => String(field, node).Trim() is { Length: > 0 } text ? text : null,
        };
    }

    /// <summary>Writes a value the way query and read answers show it.</summary>
    public static JsonNode? Write(Field field, object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        decimal number when field.Type == FieldType.Whole => JsonNode.Parse(number.ToString("0", CultureInfo.InvariantCulture)),
        decimal number => JsonNode.Parse(NumberText(number)),
        DateOnly date => JsonValue.Create(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        DateTimeOffset instant => JsonValue.Create(InstantText(instant)),
        _ => JsonValue.Create((string)value),
    };

    /// <summary>Writes a value of a record; bytes become the address they are read from.</summary>
    /// <param name="recordPath">Path records are addressed under.</param>
    public static JsonNode? Write(Row row, Field field, string recordPath) => field.Type == FieldType.Base64 && row[field.Name] is not null
        ? JsonValue.Create($"{recordPath}/{row.Type.Name}/{row.Id}/{field.Name}")
        : Write(field, row[field.Name]);

    public static string InstantText(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + "+0000";

    /// <summary>A number as the service's Java runtime prints a double: <c>5.0</c>, <c>1.2345678E7</c>.</summary>
    public static string NumberText(decimal number)
    {
        var plain = number.ToString("0.0###########################", CultureInfo.InvariantCulture);
        return Math.Abs(number) switch
        {
            0m => "0.0",
            < 0.001m or >= 10_000_000m => Exponential(number),
            _ => plain,
        };
    }

    /// <summary>An ISO 8601 instant with <c>Z</c>, <c>+00:00</c> or <c>+0000</c>; null for anything else.</summary>
    public static DateTimeOffset? DateTime(string text)
    {
        var colon = BareOffset().Replace(text, "$1:$2");
        return DateTimeOffset.TryParseExact(
            colon, DateTimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;
    }

    private static string Exponential(decimal number)
    {
        var digits = Math.Abs(number).ToString("0.############################E+0", CultureInfo.InvariantCulture).Replace("E+", "E", StringComparison.Ordinal);
        var mantissa = digits.Split('E')[0];
        var shown = mantissa.Contains('.', StringComparison.Ordinal) ? mantissa : mantissa + ".0";
        return (number < 0 ? "-" : "") + shown + "E" + digits.Split('E')[1];
    }

    private static string Identifier(Field field, JsonNode node)
    {
        var text = String(field, node);
        var id = RecordIds.Normalise(text);
        return id is not null && (field.References.IsEmpty || field.References.Any(target => OrgSchema.OfId(id)?.Name == target))
            ? id
            : throw new RefusedException(new SalesforceError("MALFORMED_ID", $"{field.Label}: id value of incorrect type: {text}") { Fields = [field.Name] });
    }

    private static bool Flag(Field field, JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(node.GetValue<string>(), out var flag) => flag,
        _ => throw Mismatch(field, node),
    };

    private static decimal? Number(Field field, JsonNode node)
    {
        var text = node.GetValueKind() switch
        {
            JsonValueKind.Number => node.ToJsonString(),
            JsonValueKind.String => node.GetValue<string>(),
            _ => throw Mismatch(field, node),
        };
        if (text.Length == 0)
        {
            return null;
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Math.Round(number, field.Scale, MidpointRounding.AwayFromZero)
            : throw Mismatch(field, node);
    }

    private static string String(Field field, JsonNode node)
    {
        if (node.GetValueKind() != JsonValueKind.String)
        {
            throw Mismatch(field, node);
        }

        try
        {
            return node.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            throw new RefusedException("JSON_PARSER_ERROR", $"{field.Label}: the text holds half a surrogate pair");
        }
    }

    private static string Checked(Field field, string text)
    {
        if (field.Length > 0 && text.Length > field.Length)
        {
            var shown = text.Length > 255 ? text[..255] : text;
            throw Refused(field, "STRING_TOO_LONG", $"{field.Label}: data value too large: {shown} (max length={field.Length})");
        }

        if (field.Restricted && !field.Values.Contains(text))
        {
            throw Refused(field, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", $"{field.Label}: bad value for restricted picklist field: {text}");
        }

        if (field.Type == FieldType.Email && !EmailShape().IsMatch(text))
        {
            throw Refused(field, "INVALID_EMAIL_ADDRESS", $"{field.Label}: invalid email address: {text}");
        }

        return text;
    }

    private static decimal InRange(Field field, decimal number)
    {
        var limit = Enumerable.Repeat(10m, field.Precision - field.Scale).Aggregate(1m, (product, ten) => product * ten);
        return Math.Abs(number) < limit
            ? number
            : throw Refused(field, "NUMBER_OUTSIDE_VALID_RANGE", $"{field.Label}: value outside of valid range on numeric field: {NumberText(number)}");
    }

    private static RefusedException Refused(Field field, string code, string message) =>
        new(new SalesforceError(code, message) { Fields = [field.Name] });

    private static RefusedException Mismatch(Field field, JsonNode node)
    {
        var token = node.GetValueKind() switch
        {
            JsonValueKind.Object => "START_OBJECT",
            JsonValueKind.Array => "START_ARRAY",
            JsonValueKind.String => "VALUE_STRING",
            JsonValueKind.Number => "VALUE_NUMBER",
            _ => "VALUE_BOOLEAN",
        };
        return new RefusedException(
            "JSON_PARSER_ERROR",
            $"Cannot deserialize instance of {field.TypeName} from {token} value {node.ToJsonString().Trim('"')} or request may be missing a required field at [line:1, column:1]");
    }

    [GeneratedRegex(@"([+-]\d\d)(\d\d)$")]
    private static partial Regex BareOffset();

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    private static partial Regex EmailShape();
}
