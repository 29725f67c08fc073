namespace Stripe;

/// <summary>Sends requests to Stripe and reads the objects that come back.</summary>
public interface IStripeClient
{
    string ApiBase { get; }

    string ApiKey { get; }

    string ClientId { get; }

    string ConnectBase { get; }

    string FilesBase { get; }

    string MeterEventsBase { get; }

    /// <exception cref="StripeException">Stripe answered with anything but 200.</exception>
    Task<T> RequestAsync<T>(
        HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default)
        where T : IStripeEntity;

    /// <exception cref="StripeException">Stripe answered with anything but 200.</exception>
    Task<Stream> RequestStreamingAsync(
        HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default);
}
