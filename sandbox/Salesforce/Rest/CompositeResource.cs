using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hub.Sandbox.Salesforce.Records;

namespace Hub.Sandbox.Salesforce.Rest;

/// <summary>Up to 25 calls in one, where later ones may use what earlier ones returned.</summary>
internal static partial class CompositeResource
{
    private const int MostParts = 25;
    private const int MostQueries = 5;

    /// <summary>Keeps <c>@{…}</c> readable in the text.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly SalesforceError Halted = new(
        "PROCESSING_HALTED", "The transaction was rolled back since another operation in the same transaction failed.");

    public static ApiReply Run(ApiRequest request, Router router, Org org)
    {
        var body = request.Body;
        var parts = Parts(body);
        var together = body["allOrNone"] is JsonValue flag && flag.GetValueKind() == JsonValueKind.True;
        var replies = new Dictionary<string, ApiReply>(StringComparer.Ordinal);
        org.Together(() =>
        {
            foreach (var part in parts)
            {
                replies[part.Reference] = together && replies.Values.Any(reply => !reply.Succeeded)
                    ? ApiReply.Refused(Halted)
                    : One(request, part, router, replies);
            }

            return !together || replies.Values.All(reply => reply.Succeeded);
        });
        var failed = together && replies.Values.Any(reply => !reply.Succeeded);
        var results = parts.Select(part => Result(part, failed && replies[part.Reference].Succeeded ? ApiReply.Refused(Halted) : replies[part.Reference]));
        return ApiReply.Ok(new JsonObject { ["compositeResponse"] = new JsonArray([.. results]) });
    }

    private static List<Part> Parts(JsonObject body)
    {
        if (body["compositeRequest"] is not JsonArray array || array.Any(entry => entry is not JsonObject))
        {
            throw new RefusedException("JSON_PARSER_ERROR", "compositeRequest must be an array of subrequests");
        }

        var parts = array.Select(entry => Part.Read(entry!.AsObject())).ToList();
        if (parts.Count > MostParts)
        {
            throw new RefusedException("LIMIT_EXCEEDED", $"The maximum number of subrequests is {MostParts}, got {parts.Count}");
        }

        if (parts.Count(part => part.IsQueryOrCollection) > MostQueries)
        {
            throw new RefusedException("LIMIT_EXCEEDED", $"At most {MostQueries} subrequests may be queries or collections");
        }

        return parts.Select(part => part.Reference).Distinct(StringComparer.Ordinal).Count() == parts.Count
            ? parts
            : throw new RefusedException("INVALID_INPUT", "Each referenceId must be unique");
    }

    private static ApiReply One(ApiRequest request, Part part, Router router, Dictionary<string, ApiReply> earlier)
    {
        try
        {
            var target = Resolve(part.Url, earlier, value => value);
            var split = ApiRequest.Split(target) ?? throw new RefusedException("NOT_FOUND", "The requested resource does not exist", 404);
            if (split.Segments is ["composite"] or ["jobs", ..])
            {
                throw new RefusedException("INVALID_INPUT", "Composite requests do not nest, and take no jobs");
            }

            var body = part.Body is null ? "" : Resolve(part.Body.ToJsonString(Plain), earlier, value => JsonEncodedText.Encode(value).ToString());
            return router.Handle(new ApiRequest(part.Method, split.Version, split.Segments, split.Query, name => part.Header(name) ?? request.Header(name), body));
        }
        catch (RefusedException refused)
        {
            return ApiReply.Refused(refused.Error);
        }
    }

    private static string Resolve(string text, Dictionary<string, ApiReply> earlier, Func<string, string> escape) => Reference().Replace(text, match =>
    {
        var (name, path) = (match.Groups[1].Value, match.Groups[2].Value);
        var value = earlier.TryGetValue(name, out var reply) && reply.Succeeded ? Follow(reply.Body, path) : null;
        return value switch
        {
            JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => escape(scalar.GetValue<string>()),
            JsonValue scalar => scalar.ToJsonString(),
            _ => throw new RefusedException("PROCESSING_HALTED", $"Invalid reference specified. No value for {name}.{path} found in {name}"),
        };
    });

    private static JsonNode? Follow(JsonNode? node, string path) => PathStep().Matches(path).Aggregate(node, (current, step) =>
        step.Groups[2].Success
            ? current is JsonArray array && int.TryParse(step.Groups[2].ValueSpan, out var index) && index < array.Count ? array[index] : null
            : (current as JsonObject)?[step.Groups[1].Value]);

    private static JsonObject Result(Part part, ApiReply reply) => new()
    {
        ["body"] = reply.Body?.DeepClone(),
        ["httpHeaders"] = new JsonObject(reply.Headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value))),
        ["httpStatusCode"] = reply.Status,
        ["referenceId"] = part.Reference,
    };

    [GeneratedRegex(@"@\{([A-Za-z][A-Za-z0-9_]*)[.]?([^}]*)\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]")]
    private static partial Regex PathStep();

    private sealed partial record Part(string Method, string Url, string Reference, JsonNode? Body, JsonObject? Headers)
    {
        public bool IsQueryOrCollection => Url.Contains("/query", StringComparison.Ordinal) || Url.Contains("/composite/sobjects", StringComparison.Ordinal);

        public static Part Read(JsonObject entry)
        {
            var reference = Text(entry, "referenceId");
            return Name().IsMatch(reference)
                ? new Part(Text(entry, "method").ToUpperInvariant(), Text(entry, "url"), reference, entry["body"], entry["httpHeaders"] as JsonObject)
                : throw new RefusedException("INVALID_INPUT", $"referenceId {reference} may hold letters, digits and underscores only");
        }

        public string? Header(string name) => Headers?
            .FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value?.ToString();

        private static string Text(JsonObject entry, string name) =>
            entry[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String
                ? value.GetValue<string>()
                : throw new RefusedException("JSON_PARSER_ERROR", $"A subrequest needs {name}");

        [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]*\z")]
        private static partial Regex Name();
    }
}
