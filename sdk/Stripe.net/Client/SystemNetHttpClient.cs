using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Stripe;

/// <summary>Sends requests with <see cref="HttpClient"/> and repeats those that are safe to repeat.</summary>
/// <remarks>
/// Repeats up to <see cref="MaxNetworkRetries"/> times, with the same idempotency key: connection errors, client timeouts, 409, 5xx;
/// <c>Stripe-Should-Retry</c> overrides. A plain 429 is not repeated. Waits 0.5 s, doubling to 5 s, each shortened by up to a quarter.
/// This subset sends no telemetry whatever <see cref="EnableTelemetry"/> says.
/// Source: Stripe.net 52.2.0, observed.
/// </remarks>
public class SystemNetHttpClient : IHttpClient
{
    public const int DefaultMaxNumberRetries = 2;

    private static readonly Lazy<HttpClient> DefaultHttpClient = new(BuildDefaultSystemNetHttpClient);
    private readonly HttpClient httpClient;
    private readonly string userAgent;
    private readonly string clientUserAgent;

    public SystemNetHttpClient(
        HttpClient httpClient = null, int maxNetworkRetries = DefaultMaxNumberRetries, AppInfo appInfo = null, bool enableTelemetry = true)
    {
        this.httpClient = httpClient ?? DefaultHttpClient.Value;
        MaxNetworkRetries = maxNetworkRetries;
        EnableTelemetry = enableTelemetry;
        userAgent = $"Stripe/v1 .NetBindings/{StripeConfiguration.StripeNetVersion}" + (appInfo is null ? string.Empty : " " + appInfo.FormatUserAgent());
        clientUserAgent = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["bindings_version"] = StripeConfiguration.StripeNetVersion,
            ["lang"] = ".net",
        });
    }

    public static TimeSpan DefaultHttpTimeout => TimeSpan.FromSeconds(80);

    public static TimeSpan MaxNetworkRetriesDelay => TimeSpan.FromSeconds(5);

    public static TimeSpan MinNetworkRetriesDelay => TimeSpan.FromMilliseconds(500);

    public bool EnableTelemetry { get; }

    public int MaxNetworkRetries { get; }

    public static HttpClient BuildDefaultSystemNetHttpClient() => new() { Timeout = DefaultHttpTimeout };

    public async Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
    {
        var (response, retries) = await Send(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return new StripeResponse(response.StatusCode, response.Headers, body) { NumRetries = retries };
        }
    }

    public async Task<StripeStreamedResponse> MakeStreamingRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
    {
        var (response, _) = await Send(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return new StripeStreamedResponse(
            response.StatusCode, response.Headers, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task<(HttpResponseMessage Response, int Retries)> Send(
        StripeRequest request, HttpCompletionOption completion, CancellationToken ct)
    {
        for (var retries = 0; ; retries++)
        {
            try
            {
                using var message = BuildMessage(request);
                var response = await httpClient.SendAsync(message, completion, ct).ConfigureAwait(false);
                if (retries >= MaxNetworkRetries || !ShouldRetry(response.StatusCode, response.Headers))
                {
                    return (response, retries);
                }

                response.Dispose();
            }
            catch (Exception e) when (retries < MaxNetworkRetries && IsConnectionFault(e, ct))
            {
                // Fall through to the wait: nothing is known about the outcome, and the idempotency key makes a repeat safe.
            }

            await Task.Delay(Delay(retries), ct).ConfigureAwait(false);
        }
    }

    private static bool IsConnectionFault(Exception e, CancellationToken ct) =>
        e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested);

    private static bool ShouldRetry(HttpStatusCode status, HttpResponseHeaders headers)
    {
        if (headers.TryGetValues("Stripe-Should-Retry", out var values))
        {
            switch (values.First())
            {
                case "true": return true;
                case "false": return false;
            }
        }

        return status == HttpStatusCode.Conflict || (int)status >= 500;
    }

    private static TimeSpan Delay(int retries)
    {
        var doubled = MinNetworkRetriesDelay * Math.Pow(2, retries);
        var capped = doubled < MaxNetworkRetriesDelay ? doubled : MaxNetworkRetriesDelay;
        var shortened = capped * (1 - (0.25 * Random.Shared.NextDouble()));
        return shortened > MinNetworkRetriesDelay ? shortened : MinNetworkRetriesDelay;
    }

    private HttpRequestMessage BuildMessage(StripeRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Uri) { Content = request.Content };
        message.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        message.Headers.Add("X-Stripe-Client-User-Agent", clientUserAgent);
        message.Headers.Authorization = request.AuthorizationHeader;
        foreach (var (name, value) in request.StripeHeaders)
        {
            message.Headers.Add(name, value);
        }

        return message;
    }
}
