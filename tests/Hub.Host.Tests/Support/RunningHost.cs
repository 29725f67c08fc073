using System.Net.Http.Json;
using System.Text.Json;

namespace Hub.Host.Tests.Support;

/// <summary>A started host and a client of it that shows no key unless told to.</summary>
internal sealed class RunningHost(WebApplication app) : IAsyncDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };

    public IServiceProvider Services => app.Services;

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? key = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        return await _http.SendAsync(request);
    }

    public async Task<JsonElement> Admin(HttpMethod method, string path)
    {
        using HttpResponseMessage answer = await Send(method, path, "master-key");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task Stop() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
