using System.Net;
using System.Net.Http.Headers;

namespace Stripe;

/// <summary>A response of Stripe whose body the caller reads.</summary>
public class StripeStreamedResponse
{
    public StripeStreamedResponse(HttpStatusCode statusCode, HttpResponseHeaders headers, Stream body)
    {
        StatusCode = statusCode;
        Headers = headers;
        Body = body;
    }

    public HttpStatusCode StatusCode { get; }

    public HttpResponseHeaders Headers { get; }

    public Stream Body { get; }

    internal async Task<StripeResponse> ToStripeResponseAsync()
    {
        using var reader = new StreamReader(Body);
        return new StripeResponse(StatusCode, Headers, await reader.ReadToEndAsync().ConfigureAwait(false));
    }
}
