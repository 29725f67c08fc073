using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hub.Cli.Demo;

/// <summary>Plays the world around the Hub: time, customers who pay, people who edit records. Counts its own calls, so that the Hub's can be told apart.</summary>
internal sealed class SandboxClient : IDisposable
{
    private readonly HttpClient _http;
    private long _ownStripeCalls;

    public SandboxClient(Uri sandbox)
    {
        _http = new HttpClient { BaseAddress = sandbox, Timeout = TimeSpan.FromMinutes(5) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk_test_sandbox");
    }

    /// <summary>Fills Salesforce with the story's records and Stripe with the products they name.</summary>
    public async Task Seed(int seed, CancellationToken ct)
    {
        JsonElement seeded = await Post("/sandbox/seed", new { seed }, ct);
        HashSet<string> known = [.. (await StripeList("/v1/products", ct)).Select(product => product.GetProperty("id").GetString()!)];
        foreach (JsonElement product in seeded.GetProperty("products").EnumerateArray())
        {
            (string id, string name) = (product.GetProperty("id").GetString()!, product.GetProperty("name").GetString()!);
            if (known.Add(id))
            {
                await StripePost("/v1/products", new Dictionary<string, string> { ["id"] = id, ["name"] = name }, ct);
            }
        }
    }

    public async Task<DateTimeOffset> Now(CancellationToken ct) => (await Get("/sandbox/clock", ct)).GetProperty("now").GetDateTimeOffset();

    public Task AdvanceTo(DateTimeOffset instant, CancellationToken ct) => Post("/sandbox/clock/advance", new { to = instant }, ct);

    /// <summary>Delivers the webhooks that are due; returns how many went out and how many wait for another try.</summary>
    public async Task<(int Delivered, int Failed)> DeliverWebhooks(CancellationToken ct)
    {
        JsonElement answer = await Post("/sandbox/webhooks/deliver", new { }, ct);
        return (answer.GetProperty("delivered").GetInt32(), answer.GetProperty("failed").GetInt32());
    }

    public Task Pay(string invoiceId, long amount, CancellationToken ct) => Post($"/sandbox/stripe/invoices/{invoiceId}/payments", new { amount }, ct);

    /// <summary>Erases a subscription as if it had never been created.</summary>
    public async Task Erase(string subscriptionId, CancellationToken ct)
    {
        using HttpResponseMessage answer = await _http.DeleteAsync(new Uri($"/sandbox/stripe/subscriptions/{subscriptionId}", UriKind.Relative), ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Edits a Salesforce record as a person would.</summary>
    public async Task EditRecord(string objectName, string id, object fields, CancellationToken ct)
    {
        using HttpResponseMessage answer = await _http.PatchAsJsonAsync($"/sandbox/salesforce/records/{objectName}/{id}", fields, ct);
        answer.EnsureSuccessStatusCode();
    }

    public async Task<IReadOnlyList<JsonElement>> Records(string objectName, CancellationToken ct)
    {
        JsonElement answer = await Get($"/sandbox/salesforce/records/{objectName}", ct);
        JsonElement list = answer.ValueKind == JsonValueKind.Array ? answer : answer.GetProperty("records");
        return [.. list.EnumerateArray()];
    }

    /// <summary>Every object of a Stripe list, newest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> StripeList(string path, CancellationToken ct)
    {
        var all = new List<JsonElement>();
        string separator = path.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        string? after = null;
        while (true)
        {
            _ownStripeCalls++;
            JsonElement page = await Get($"{path}{separator}limit=100{(after is null ? "" : "&starting_after=" + after)}", ct);
            all.AddRange(page.GetProperty("data").EnumerateArray());
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return all;
            }

            after = all[^1].GetProperty("id").GetString();
        }
    }

    public async Task<JsonElement> StripePost(string path, IEnumerable<KeyValuePair<string, string>> form, CancellationToken ct)
    {
        _ownStripeCalls++;
        using var content = new FormUrlEncodedContent(form);
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, ct);
        return await Read(answer, $"POST {path}", ct);
    }

    public async Task<JsonElement> StripeDelete(string path, CancellationToken ct)
    {
        _ownStripeCalls++;
        using HttpResponseMessage answer = await _http.DeleteAsync(new Uri(path, UriKind.Relative), ct);
        return await Read(answer, $"DELETE {path}", ct);
    }

    /// <summary>Calls the simulated services received from everybody but this client.</summary>
    public async Task<(long Salesforce, long Stripe)> CallsOfTheHub(CancellationToken ct)
    {
        JsonElement calls = await Get("/sandbox/calls", ct);
        return (calls.GetProperty("salesforce").GetInt64(), calls.GetProperty("stripe").GetInt64() - _ownStripeCalls);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> Get(string path, CancellationToken ct)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(path, UriKind.Relative), ct);
        return await Read(answer, $"GET {path}", ct);
    }

    private async Task<JsonElement> Post(string path, object body, CancellationToken ct)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(path, body, ct);
        return await Read(answer, $"POST {path}", ct);
    }

    private static async Task<JsonElement> Read(HttpResponseMessage answer, string what, CancellationToken ct) => answer.IsSuccessStatusCode
        ? answer.Content.Headers.ContentLength == 0 ? default : await answer.Content.ReadFromJsonAsync<JsonElement>(ct)
        : throw new InvalidOperationException($"{what} failed: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
}
