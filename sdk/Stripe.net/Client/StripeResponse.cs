using System.Net;
using System.Net.Http.Headers;

namespace Stripe;

/// <summary>A response of Stripe, whole.</summary>
public class StripeResponse
{
    public StripeResponse(HttpStatusCode statusCode, HttpResponseHeaders headers, string content)
    {
        StatusCode = statusCode;
        Headers = headers;
        Content = content;
    }

    public HttpStatusCode StatusCode { get; }

    public HttpResponseHeaders Headers { get; }

    public string Content { get; }

    /// <summary>When Stripe answered, null without a <c>Date</c> header.</summary>
    public DateTimeOffset? Date => Headers?.Date;

    public string IdempotencyKey => Header("Idempotency-Key");

    public string RequestId => Header("Request-Id");

    internal int NumRetries { get; set; }

    public override string ToString() => $"<{GetType().FullName} status={(int)StatusCode} Request-Id={RequestId} Date={Date:s}>";

    private string Header(string name) =>
        Headers != null && Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
