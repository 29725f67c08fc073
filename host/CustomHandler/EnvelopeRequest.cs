using System.Text;
using System.Text.Json;

namespace Hub.Host.CustomHandler;

/// <summary>Builds a request from the <c>req</c> value of an HTTP call that was not forwarded.</summary>
internal static class EnvelopeRequest
{
    /// <exception cref="FormatException">The value is not a request.</exception>
    public static DefaultHttpContext Read(JsonElement req, IServiceProvider services)
    {
        if (Text(req, "Url") is not { } url || !Uri.TryCreate(url, UriKind.Absolute, out Uri? address))
        {
            throw new FormatException("The request has no Url.");
        }

        var context = new DefaultHttpContext { RequestServices = services };
        HttpRequest request = context.Request;
        request.Method = Text(req, "Method") ?? HttpMethods.Get;
        request.Scheme = address.Scheme;
        request.Host = HostString.FromUriComponent(address);
        request.Path = PathString.FromUriComponent(address);
        request.QueryString = QueryString.FromUriComponent(address);
        CopyHeaders(req, request);
        CopyRouteValues(req, request);
        byte[] body = Body(req, request.ContentType);
        request.Body = new MemoryStream(body, writable: false);
        request.ContentLength = body.Length;
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static void CopyHeaders(JsonElement req, HttpRequest request)
    {
        foreach (JsonProperty header in Members(req, "Headers"))
        {
            request.Headers[header.Name] = header.Value.ValueKind == JsonValueKind.Array
                ? header.Value.EnumerateArray().Select(value => value.ToString()).ToArray()
                : header.Value.ToString();
        }
    }

    private static void CopyRouteValues(JsonElement req, HttpRequest request)
    {
        foreach (JsonProperty parameter in Members(req, "Params"))
        {
            request.RouteValues[parameter.Name] = parameter.Value.ToString();
        }
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement req, string name) =>
        Envelope.Member(req, name) is { ValueKind: JsonValueKind.Object } members ? members.EnumerateObject() : default;

    // The host hands text over as text and, for binary content types, bytes as base64.
    private static byte[] Body(JsonElement req, string? contentType)
    {
        if (Envelope.Member(req, "Body") is not { } body || body.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return [];
        }

        string text = body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText();
        byte[] bytes = new byte[text.Length];
        return IsBinary(contentType) && Convert.TryFromBase64String(text, bytes, out int length)
            ? bytes[..length]
            : Encoding.UTF8.GetBytes(text);
    }

    private static bool IsBinary(string? contentType) => contentType is not null
        && (contentType.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase)
            || contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase));

    private static string? Text(JsonElement req, string name) =>
        Envelope.Member(req, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
