using System.Net;
using System.Text;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Hub.Sdk.Tests.AzureDataTables;

/// <summary>A transport that keeps what was sent and answers from a script.</summary>
internal sealed class Wire : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<Sent> Requests { get; } = [];

    public Sent Only => Assert.Single(Requests);

    public Wire Answer(HttpStatusCode status, string? json = null, params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(status);
            if (json is not null)
            {
                response.Content = new StringContent(json, Encoding.UTF8, "application/json");
            }

            foreach ((string name, string value) in headers)
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }

            return response;
        });
        return this;
    }

    public TableClientOptions Options(int retries = 0)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(this) };
        options.Retry.MaxRetries = retries;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
        return options;
    }

    public TableClient Table(string name = "Hub") =>
        new(new Uri("https://acct.table.core.windows.net"), name, new TableSharedKeyCredential("acct", "a2V5"), Options());

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add(new Sent(request.Method.Method, request.RequestUri!, request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).ToDictionary(header => header.Key, header => string.Join(',', header.Value)), body));
        return _answers.Dequeue()();
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The subset sends asynchronously only.");

    internal sealed record Sent(string Method, Uri Address, Dictionary<string, string> Headers, string Body);
}
