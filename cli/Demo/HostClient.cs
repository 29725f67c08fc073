using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hub.Cli.Demo;

/// <summary>Talks to a running host: its operator routes and its API. A host that is restarting is waited for.</summary>
internal sealed class HostClient : IDisposable
{
    private static readonly TimeSpan RestartLimit = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http;

    public HostClient(Uri host, string masterKey)
    {
        _http = new HttpClient { BaseAddress = host, Timeout = TimeSpan.FromMinutes(5) };
        _http.DefaultRequestHeaders.Add("x-functions-key", masterKey);
    }

    /// <summary>Runs a timer function now and waits for its end; repeated when the host ends meanwhile, which handlers allow.</summary>
    public async Task RunTimer(string function, CancellationToken ct)
    {
        using HttpResponseMessage answer = await Send(
            () => new HttpRequestMessage(HttpMethod.Post, $"/admin/functions/{function}?wait=true") { Content = JsonContent.Create(new { input = "" }) }, ct);
        await EnsureOk(answer, $"Timer {function} failed", ct);
    }

    /// <summary>Waits until no message waits and none is being worked on.</summary>
    public async Task WaitUntilIdle(CancellationToken ct)
    {
        while (!(await Get("/admin/queues", ct)).GetProperty("idle").GetBoolean())
        {
            await Task.Delay(25, ct);
        }
    }

    public async Task<JsonElement> Get(string path, CancellationToken ct)
    {
        using HttpResponseMessage answer = await Send(() => new HttpRequestMessage(HttpMethod.Get, path), ct);
        await EnsureOk(answer, $"GET {path} failed", ct);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    /// <summary>Null when the host answers 404.</summary>
    public async Task<JsonElement?> Find(string path, CancellationToken ct)
    {
        using HttpResponseMessage answer = await Send(() => new HttpRequestMessage(HttpMethod.Get, path), ct);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await EnsureOk(answer, $"GET {path} failed", ct);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    public async Task<JsonElement> Post(string path, CancellationToken ct)
    {
        using HttpResponseMessage answer = await Send(() => new HttpRequestMessage(HttpMethod.Post, path), ct);
        await EnsureOk(answer, $"POST {path} failed", ct);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using HttpRequestMessage message = request();
                HttpResponseMessage answer = await _http.SendAsync(message, ct);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || TimeProvider.System.GetElapsedTime(start) >= RestartLimit)
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (HttpRequestException) when (TimeProvider.System.GetElapsedTime(start) < RestartLimit)
            {
                // The host is down for a moment; the same request is safe to repeat.
            }

            await Task.Delay(100, ct);
        }
    }

    private static async Task EnsureOk(HttpResponseMessage answer, string what, CancellationToken ct)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
        }
    }
}
