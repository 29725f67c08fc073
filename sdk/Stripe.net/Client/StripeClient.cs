using System.Net;
using Hub.Sdk.StripeWire;

namespace Stripe;

/// <summary>The client of Stripe's API v1. Thread-safe; one per API key is enough.</summary>
public class StripeClient : IStripeClient
{
    private readonly StripeClientOptions defaults;
    private V1Services v1;

    /// <exception cref="ArgumentException">The key is empty or has white space in it.</exception>
    public StripeClient(
        string apiKey = null,
        string clientId = null,
        IHttpClient httpClient = null,
        string apiBase = null,
        string connectBase = null,
        string filesBase = null,
        string meterEventsBase = null)
        : this(new StripeClientOptions
        {
            ApiKey = apiKey,
            ClientId = clientId,
            HttpClient = httpClient,
            ApiBase = apiBase,
            ConnectBase = connectBase,
            FilesBase = filesBase,
            MeterEventsBase = meterEventsBase,
        })
    {
    }

    /// <exception cref="ArgumentException">The key is empty or has white space in it.</exception>
    public StripeClient(StripeClientOptions options)
    {
        options ??= new StripeClientOptions();
        if (options.ApiKey is { } key && (key.Length == 0 || key.Any(char.IsWhiteSpace)))
        {
            throw new ArgumentException("API key cannot be empty or contain whitespace.", nameof(options));
        }

        defaults = new StripeClientOptions
        {
            ApiKey = options.ApiKey,
            ClientId = options.ClientId,
            HttpClient = options.HttpClient ?? new SystemNetHttpClient(),
            ApiBase = options.ApiBase ?? DefaultApiBase,
            ConnectBase = options.ConnectBase ?? DefaultConnectBase,
            FilesBase = options.FilesBase ?? DefaultFilesBase,
            MeterEventsBase = options.MeterEventsBase ?? DefaultMeterEventsBase,
            StripeAccount = options.StripeAccount,
            StripeContext = options.StripeContext,
        };
    }

    public static string DefaultApiBase => "https://api.stripe.com";

    public static string DefaultConnectBase => "https://connect.stripe.com";

    public static string DefaultFilesBase => "https://files.stripe.com";

    public static string DefaultMeterEventsBase => "https://meter-events.stripe.com";

    public string ApiBase => defaults.ApiBase;

    public string ApiKey => defaults.ApiKey;

    public string ClientId => defaults.ClientId;

    public string ConnectBase => defaults.ConnectBase;

    public string FilesBase => defaults.FilesBase;

    public string MeterEventsBase => defaults.MeterEventsBase;

    public IHttpClient HttpClient => defaults.HttpClient;

    public virtual V1Services V1 => v1 ??= new V1Services(this);

    public T Deserialize<T>(string response)
        where T : IStripeEntity => StripeEntity.FromJson<T>(response);

    /// <inheritdoc/>
    public async Task<T> RequestAsync<T>(
        HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default)
        where T : IStripeEntity
    {
        var request = new StripeRequest(this, method, path, options, WithDefaults(requestOptions));
        var response = await HttpClient.MakeRequestAsync(request, cancellationToken).ConfigureAwait(false);
        return ErrorResponses.Read<T>(response);
    }

    /// <inheritdoc/>
    public async Task<Stream> RequestStreamingAsync(
        HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken = default)
    {
        var request = new StripeRequest(this, method, path, options, WithDefaults(requestOptions));
        var response = await HttpClient.MakeStreamingRequestAsync(request, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.OK
            ? response.Body
            : throw ErrorResponses.ToException(await response.ToStripeResponseAsync().ConfigureAwait(false));
    }

    public StripeResponse RawRequest(HttpMethod method, string path, string content = null, RawRequestOptions requestOptions = null) =>
        RawRequestAsync(method, path, content, requestOptions).ConfigureAwait(false).GetAwaiter().GetResult();

    /// <exception cref="StripeException">Stripe answered with anything but 200.</exception>
    /// <exception cref="InvalidOperationException">A body for anything but a POST.</exception>
    public async Task<StripeResponse> RawRequestAsync(
        HttpMethod method, string path, string content = null, RawRequestOptions requestOptions = null, CancellationToken cancellationToken = default)
    {
        if (method != HttpMethod.Post && content != null)
        {
            throw new InvalidOperationException("content is not allowed for non-POST requests.");
        }

        var request = new StripeRequest(requestOptions?.BaseUrl ?? ApiBase, method, path, content, WithDefaults(requestOptions));
        var response = await HttpClient.MakeRequestAsync(request, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.OK ? response : throw ErrorResponses.ToException(response);
    }

    private RequestOptions WithDefaults(RequestOptions given)
    {
        var merged = given is RawRequestOptions raw
            ? new RawRequestOptions { AdditionalHeaders = raw.AdditionalHeaders, BaseUrl = raw.BaseUrl }
            : new RequestOptions();
        merged.ApiKey = given?.ApiKey ?? defaults.ApiKey;
        merged.IdempotencyKey = given?.IdempotencyKey;
        merged.StripeAccount = given?.StripeAccount ?? defaults.StripeAccount;
        merged.StripeContext = given?.StripeContext ?? defaults.StripeContext;
        merged.StripeRequestTrigger = given?.StripeRequestTrigger;
        merged.StripeVersion = given?.StripeVersion;
        return merged;
    }
}
