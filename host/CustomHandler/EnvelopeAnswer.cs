using System.Text;

namespace Hub.Host.CustomHandler;

/// <summary>The answers the Functions host understands; a success is always a JSON object, for it waits for ever on an empty one.</summary>
internal static class EnvelopeAnswer
{
    public static readonly object Done = new { };

    /// <summary>The response a function wrote, as the value of the HTTP output <c>res</c>.</summary>
    public static async Task<object> Res(HttpContext context)
    {
        await context.Response.CompleteAsync();
        var body = (MemoryStream)context.Response.Body;
        return new
        {
            Outputs = new
            {
                res = new
                {
                    statusCode = context.Response.StatusCode,
                    headers = context.Response.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                    body = Encoding.UTF8.GetString(body.ToArray()),
                },
            },
        };
    }
}
