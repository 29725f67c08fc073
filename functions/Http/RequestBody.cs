using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Hub.Functions.Http;

/// <summary>Reads request bodies of strangers: exactly as sent, and never more than a limit.</summary>
internal static class RequestBody
{
    /// <summary>1 MiB: far above any event Stripe or Salesforce sends.</summary>
    public const int LimitBytes = 1024 * 1024;

    /// <summary>The body's bytes, or null when it is larger than the limit.</summary>
    public static async Task<byte[]?> Read(HttpRequest request, CancellationToken ct)
    {
        // Asked first: the server itself fails the reading of a body that says it is above the server's own limit.
        if (request.ContentLength > LimitBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        byte[] part = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(part, ct)) > 0)
        {
            if (body.Length + read > LimitBytes)
            {
                return null;
            }

            body.Write(part, 0, read);
        }

        return body.ToArray();
    }

    /// <summary>The body as UTF-8 text, or null when it is larger than the limit.</summary>
    public static async Task<string?> ReadText(HttpRequest request, CancellationToken ct) =>
        await Read(request, ct) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Null where the request says nothing in its body: none, blanks, or <c>{}</c>. Otherwise 400, or 413 above the limit.</summary>
    /// <remarks>An address that takes no settings does not pass over some in silence: whoever sent them believes that they count.</remarks>
    /// <param name="what">What the address does, as the subject of a sentence.</param>
    public static async Task<IResult?> RefuseAny(HttpRequest request, string what, CancellationToken ct) => await Read(request, ct) switch
    {
        null => ApiProblem.TooLarge(),
        var bytes when SaysNothing(bytes) => null,
        _ => ApiProblem.Of(StatusCodes.Status400BadRequest, $"{what} takes no settings: send no body, or the empty JSON object {{}}."),
    };

    private static bool SaysNothing(byte[] body)
    {
        if (body.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            return true;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && !root.EnumerateObject().Any();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
