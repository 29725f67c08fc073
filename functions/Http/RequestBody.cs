using System.Text;
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
}
