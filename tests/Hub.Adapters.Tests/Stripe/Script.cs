using System.Net;
using System.Text;

namespace Hub.Adapters.Tests.Stripe;

/// <summary>A transport that answers from a script, in order, and keeps what was asked.</summary>
internal sealed class Script : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<(string Request, string? IdempotencyKey)> Calls { get; } = [];

    public Script Then(HttpStatusCode status, string body = "{}", params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            foreach (var (name, value) in headers)
            {
                response.Headers.Add(name, value);
            }

            return response;
        });
        return this;
    }

    public Script Then(string body) => Then(HttpStatusCode.OK, body);

    public Script ThenLoseTheConnection()
    {
        _answers.Enqueue(() => throw new HttpRequestException("reset"));
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? key = request.Headers.TryGetValues("Idempotency-Key", out IEnumerable<string>? keys) ? keys.Single() : null;
        Calls.Add(($"{request.Method} {WebUtility.UrlDecode(request.RequestUri!.PathAndQuery)}", key));
        return Task.FromResult(_answers.Dequeue()());
    }
}
