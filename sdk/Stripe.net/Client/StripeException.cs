using System.Net;

namespace Stripe;

/// <summary>Stripe refused a request, or answered something unreadable (then <see cref="StripeError"/> is null).</summary>
public class StripeException : Exception
{
    public StripeException()
    {
    }

    public StripeException(string message)
        : base(message)
    {
    }

    public StripeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public StripeException(HttpStatusCode httpStatusCode, StripeError stripeError, string message)
        : base(message)
    {
        HttpStatusCode = httpStatusCode;
        StripeError = stripeError;
    }

    public HttpStatusCode HttpStatusCode { get; set; }

    public StripeError StripeError { get; set; }

    public StripeResponse StripeResponse { get; set; }
}
