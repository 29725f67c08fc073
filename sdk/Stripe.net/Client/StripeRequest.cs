using System.Net.Http.Headers;
using Hub.Sdk.StripeWire;

namespace Stripe;

/// <summary>One request as it goes on the wire: parameters in the query for GET and DELETE, in the body for POST.</summary>
public class StripeRequest
{
    private readonly BaseOptions options;
    private readonly string rawContent;

    public StripeRequest(IStripeClient client, HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions)
    {
        ArgumentNullException.ThrowIfNull(client);
        this.options = options;
        Method = method;
        Uri = BuildUri(client.ApiBase, method, path, options);
        AuthorizationHeader = BuildAuthorization(requestOptions?.ApiKey ?? client.ApiKey);
        StripeHeaders = BuildHeaders(method, requestOptions);
    }

    internal StripeRequest(string baseUrl, HttpMethod method, string path, string rawContent, RequestOptions requestOptions)
    {
        this.rawContent = rawContent;
        Method = method;
        Uri = BuildUri(baseUrl, method, path, null);
        AuthorizationHeader = BuildAuthorization(requestOptions.ApiKey);
        StripeHeaders = BuildHeaders(method, requestOptions);
    }

    public HttpMethod Method { get; }

    public Uri Uri { get; }

    public AuthenticationHeaderValue AuthorizationHeader { get; }

    public IDictionary<string, string> StripeHeaders { get; }

    /// <summary>A new instance at every call, so that a retry can send it again; null unless the method is POST.</summary>
    public HttpContent Content
    {
        get
        {
            if (Method != HttpMethod.Post)
            {
                return null;
            }

            var content = new StringContent(rawContent ?? FormEncoder.Encode(options));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
            if (rawContent != null)
            {
                content.Headers.ContentType.CharSet = "utf-8";
            }

            return content;
        }
    }

    public override string ToString() => $"<{GetType().FullName} Method={Method} Uri={Uri}>";

    private static Uri BuildUri(string baseUrl, HttpMethod method, string path, BaseOptions options)
    {
        var query = method == HttpMethod.Post ? string.Empty : FormEncoder.Encode(options);
        return new Uri(query.Length == 0 ? baseUrl + path : $"{baseUrl}{path}?{query}");
    }

    private static AuthenticationHeaderValue BuildAuthorization(string apiKey) =>
        new("Bearer", apiKey ?? throw new StripeException("No API key provided. Give StripeClient one."));

    private static Dictionary<string, string> BuildHeaders(HttpMethod method, RequestOptions options)
    {
        var headers = new Dictionary<string, string> { ["Stripe-Version"] = options?.StripeVersion ?? StripeConfiguration.ApiVersion };
        AddIfPresent(headers, "Stripe-Account", options?.StripeAccount);
        AddIfPresent(headers, "Stripe-Context", options?.StripeContext);
        AddIfPresent(headers, "Stripe-Request-Trigger", options?.StripeRequestTrigger);
        AddIfPresent(headers, "Idempotency-Key", options?.IdempotencyKey);
        if (method == HttpMethod.Post)
        {
            headers.TryAdd("Idempotency-Key", Guid.NewGuid().ToString());
        }

        foreach (var (name, value) in (options as RawRequestOptions)?.AdditionalHeaders ?? [])
        {
            headers[name] = value;
        }

        return headers;
    }

    private static void AddIfPresent(Dictionary<string, string> headers, string name, string value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            headers.Add(name, value);
        }
    }
}
