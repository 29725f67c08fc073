using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hub.Salesforce;

/// <param name="Code">Upper-case code such as <c>UNABLE_TO_LOCK_ROW</c>; OAuth codes are lower case; <c>HTTP_503</c> where the body names none.</param>
internal sealed record SalesforceError(string Code, string Message, ImmutableArray<string> Fields);

/// <summary>Reads the errors out of any answer Salesforce or its edge gives; never throws and never returns nothing.</summary>
/// <remarks>
/// Shapes: REST array, collection row (<c>statusCode</c> instead of <c>errorCode</c>), OAuth object, array of record URLs (300), HTML, plain
/// text, nothing at all; unknown members are ignored. Source: Salesforce REST API, status codes and error responses.
/// </remarks>
internal static class SalesforceErrors
{
    private const int LongestText = 500;

    public static ImmutableArray<SalesforceError> Read(int status, ReadOnlyMemory<byte> body)
    {
        ImmutableArray<SalesforceError> errors = [];
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            errors = FromJson(json.RootElement);
        }
        catch (JsonException)
        {
            // Not JSON: the status is all there is to go by; an HTML page is nobody's message.
        }

        return errors.IsEmpty ? [new($"HTTP_{status.ToString(CultureInfo.InvariantCulture)}", PlainText(body), [])] : errors;
    }

    /// <summary>Errors of an element that is an array of errors or one error; empty when it is neither.</summary>
    public static ImmutableArray<SalesforceError> FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => [.. json.EnumerateArray().Select(One).OfType<SalesforceError>()],
        JsonValueKind.Object when One(json) is { } error => [error],
        _ => [],
    };

    private static SalesforceError? One(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string? code = Text(json, "errorCode") ?? Text(json, "statusCode") ?? Text(json, "error");
        string message = Text(json, "message") ?? Text(json, "error_description") ?? "";
        return code is null ? null : new(code, Shorten(message), Fields(json));
    }

    private static ImmutableArray<string> Fields(JsonElement json) =>
        json.TryGetProperty("fields", out JsonElement fields) && fields.ValueKind == JsonValueKind.Array
            ? [.. fields.EnumerateArray().Select(AsText).OfType<string>()]
            : [];

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? AsText(value) : null;

    private static string? AsText(JsonElement value) => value.ValueKind == JsonValueKind.String ? SalesforceJson.SafeText(value) : null;

    private static string PlainText(ReadOnlyMemory<byte> body)
    {
        string text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, LongestText)]).Trim();
        return text.StartsWith('<') ? "an HTML page" : text.Length == 0 ? "an empty answer" : Shorten(text.ReplaceLineEndings(" "));
    }

    private static string Shorten(string text) => text.Length <= LongestText ? text : text[..LongestText];
}
