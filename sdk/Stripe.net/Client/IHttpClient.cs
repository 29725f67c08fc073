namespace Stripe;

/// <summary>Puts requests on the wire.</summary>
public interface IHttpClient
{
    Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default);

    Task<StripeStreamedResponse> MakeStreamingRequestAsync(StripeRequest request, CancellationToken cancellationToken = default);
}
