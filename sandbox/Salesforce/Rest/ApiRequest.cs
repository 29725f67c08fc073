using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>One call to the REST API, on its own or as part of a composite call.</summary>
/// <param name="Version">API version of the path, such as <c>v67.0</c>.</param>
/// <param name="Segments">Decoded path after the version.</param>
/// <param name="Header">Looks a request header up; null when it was not sent.</param>
/// <param name="Text">The body as sent; empty when there was none.</param>
public sealed record ApiRequest(
    string Method,
    string Version,
    ImmutableArray<string> Segments,
    IReadOnlyDictionary<string, StringValues> Query,
    Func<string, string?> Header,
    string Text)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Path of the version, such as <c>/services/data/v67.0</c>.</summary>
    public string Root => $"/services/data/{Version}";

    /// <summary>Client name of <c>Sforce-Call-Options: client=…</c>; null when none was given.</summary>
    public string? Client => Option("Sforce-Call-Options", "client");

    public JsonObject Body => Parsed() as JsonObject ?? throw new RefusedException("JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has none or it is no JSON object.");

    /// <summary>Splits a root-relative address of this API; null when it does not belong to it.</summary>
    public static (string Version, ImmutableArray<string> Segments, IReadOnlyDictionary<string, StringValues> Query)? Split(string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? target : target[..mark];
        var query = QueryHelpers.ParseQuery(mark < 0 ? "" : target[mark..]);
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["services", "data", var version, .. var rest]
            ? (version, [.. rest.Select(Uri.UnescapeDataString)], query)
            : null;
    }

    public string? Parameter(string name) => Query.TryGetValue(name, out var values) ? values.ToString() : null;

    public bool Flag(string name) => string.Equals(Parameter(name), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The HTTP date of a header, UTC; null when absent.</summary>
    /// <exception cref="RefusedException">It is no HTTP date.</exception>
    public DateTimeOffset? Date(string header) => Header(header) switch
    {
        null => null,
        var text when DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) => date,
        var text => throw new RefusedException("INVALID_HTTP_HEADER", $"{header}: {text} is no HTTP date"),
    };

    /// <summary>One value of a header made of <c>name=value</c> pairs.</summary>
    public string? Option(string header, string name) => Header(header)?
        .Split([',', ';'], StringSplitOptions.TrimEntries)
        .Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
        .FirstOrDefault(pair => pair.Length == 2 && pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];

    private JsonNode? Parsed()
    {
        try
        {
            return JsonNode.Parse(Text.Length == 0 ? "null" : Text, documentOptions: Strict);
        }
        catch (JsonException unreadable)
        {
            throw new RefusedException("JSON_PARSER_ERROR", $"Unexpected character at [line:{unreadable.LineNumber + 1}, column:{unreadable.BytePositionInLine + 1}]");
        }
    }
}
