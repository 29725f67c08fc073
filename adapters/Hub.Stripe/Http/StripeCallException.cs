using System.Net;

namespace Hub.Stripe;

/// <summary>A call to Stripe failed for good, or its outcome stayed unknown after all repeats.</summary>
/// <remarks>The message holds Stripe's code and parameter name, never a value that was sent.</remarks>
public sealed class StripeCallException : Exception
{
    public StripeCallException()
    {
    }

    public StripeCallException(string message)
        : base(message)
    {
    }

    public StripeCallException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal StripeCallException(HttpStatusCode? status, string? type, string? code, string? param, string? requestId, Exception? cause)
        : base($"Stripe answered {(int?)status ?? 0} {code ?? type ?? "without an error body"}{(param is null ? "" : $" for {param}")}, request {requestId ?? "without id"}.", cause)
    {
        (Status, Type, Code, Param, RequestId) = (status, type, code, param, requestId);
    }

    /// <summary>Null when no answer arrived.</summary>
    public HttpStatusCode? Status { get; }

    public string? Type { get; }

    public string? Code { get; }

    public string? Param { get; }

    public string? RequestId { get; }

    /// <summary>Nothing is there.</summary>
    public bool IsMissing => Status == HttpStatusCode.NotFound;

    /// <summary>Stripe looked at the request and did nothing; repeating it as it is will be refused again.</summary>
    /// <remarks>A key in use for another request is our own bug, and a wrong API key says nothing about the request.</remarks>
    public bool IsRefusal =>
        Status is HttpStatusCode.BadRequest or HttpStatusCode.PaymentRequired or HttpStatusCode.NotFound && Type != "idempotency_error";
}
