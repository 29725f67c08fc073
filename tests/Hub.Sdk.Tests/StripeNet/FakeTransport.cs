using System.Net;
using System.Text;
using Stripe;

namespace Hub.Sdk.Tests.StripeNet;

/// <summary>Answers requests from a script and keeps what was sent.</summary>
internal sealed class FakeTransport : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<SentRequest> Sent { get; } = [];

    public static string Customer => """{"id":"cus_1","object":"customer"}""";

    public FakeTransport Answer(HttpStatusCode status, string body, params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8) };
            foreach (var (name, value) in headers)
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }

            return response;
        });
        return this;
    }

    public FakeTransport Answer(string body) => Answer(HttpStatusCode.OK, body);

    public FakeTransport Fail()
    {
        _answers.Enqueue(() => throw new HttpRequestException("connection reset"));
        return this;
    }

    public StripeClient Client(int maxNetworkRetries = 0) => new(new StripeClientOptions
    {
        ApiKey = "sk_test_1",
        HttpClient = new SystemNetHttpClient(new HttpClient(this), maxNetworkRetries, enableTelemetry: false),
    });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Sent.Add(new SentRequest(
            request.Method.Method,
            request.RequestUri!,
            request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value)),
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken)));
        return _answers.Dequeue()();
    }
}

internal sealed record SentRequest(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string? Body)
{
    /// <summary>The parameters, decoded, one per line, in the order sent.</summary>
    public string Parameters => string.Join(
        "\n",
        (Body ?? Uri.Query.TrimStart('?')).Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => WebUtility.UrlDecode(pair)));
}
