using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Cli;
using Hub.Cli.Demo;
using Hub.Cli.Processes;
using Hub.Testing;

namespace Hub.EndToEnd.Tests.Support;

/// <summary>An emulator of its own, the sandbox and the host, each empty; webhooks go out when a test says so.</summary>
internal sealed class SandboxStack : IAsyncDisposable
{
    public const string WebhookSecret = "whsec_end_to_end";

    private readonly Azurite _azurite;
    private readonly ChildProcess _sandbox;
    private readonly string _folder;
    private readonly HttpClient _control;

    private SandboxStack(Azurite azurite, ChildProcess sandbox, Uri sandboxUrl, RunningHost host, HostSetup setup)
    {
        (_azurite, _sandbox, _folder, Host, Setup) = (azurite, sandbox, setup.Folder, host, setup);
        _control = new HttpClient { BaseAddress = sandboxUrl, Timeout = TimeSpan.FromMinutes(5) };
        World = new SandboxClient(sandboxUrl);
        Storage = new HubStorage(azurite.ConnectionString);
    }

    public RunningHost Host { get; }

    /// <summary>What the host was started with.</summary>
    public HostSetup Setup { get; }

    public SandboxClient World { get; }

    public HubStorage Storage { get; }

    public string StorageConnection => _azurite.ConnectionString;

    public string Outbox => Path.Combine(_folder, "outbox");

    /// <param name="now">Where the clock starts; null: where the sandbox starts it.</param>
    public static async Task<SandboxStack> Start(IReadOnlyDictionary<string, string> hostChanges, CancellationToken ct, string? now = null)
    {
        string folder = Directory.CreateTempSubdirectory("hub-end-to-end-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "outbox"));
        using var key = RSA.Create(2048);
        string publicKeyFile = Path.Combine(folder, "public.pem");
        await File.WriteAllTextAsync(publicKeyFile, key.ExportSubjectPublicKeyInfoPem(), ct);
        (int sandboxPort, int hostPort) = (Ports.Free(), Ports.Free());
        var sandboxUrl = new Uri($"http://127.0.0.1:{sandboxPort}");
        ChildProcess sandbox = ChildProcess.Start(
            "dotnet",
            [Repository.Assembly("sandbox", "Hub.Sandbox"), "--port", $"{sandboxPort}", "--webhooks", "manual", "--stripe-rate", "0",
             "--webhook-url", $"http://127.0.0.1:{hostPort}/api/webhooks/stripe", "--webhook-secret", WebhookSecret,
             "--salesforce-public-key", publicKeyFile, .. now is null ? (string[])[] : ["--now", now]],
            logFile: Path.Combine(folder, "sandbox.log"));
        Azurite azurite = await Azurite.StartAsync(ct);
        var setup = new HostSetup(
            sandboxUrl, hostPort, azurite.ConnectionString, WebhookSecret, key.ExportPkcs8PrivateKeyPem(), folder, hostChanges);
        return new SandboxStack(azurite, sandbox, sandboxUrl, await RunningHost.Start(setup, ct), setup);
    }

    /// <summary>Inserts Salesforce records as given, by object.</summary>
    public Task Insert(JsonObject records, CancellationToken ct) => Control("/sandbox/salesforce/records", records, ct);

    /// <summary>Delivers the webhooks that are due, each twice and in another order.</summary>
    public async Task<int> DeliverTwiceShuffled(int seed, CancellationToken ct) =>
        (await Control("/sandbox/webhooks/deliver", new JsonObject { ["duplicates"] = true, ["shuffle"] = seed }, ct)).GetProperty("delivered").GetInt32();

    /// <summary>What the sandbox counts, such as <c>/sandbox/stripe/state</c>.</summary>
    public async Task<string> Read(string path, CancellationToken ct) => await _control.GetStringAsync(new Uri(path, UriKind.Relative), ct);

    /// <summary>Has requests fail as the sandbox's faults describe it.</summary>
    public async Task Fault(object fault, CancellationToken ct)
    {
        using HttpResponseMessage answer = await _control.PostAsJsonAsync("/sandbox/faults", fault, ct);
        answer.EnsureSuccessStatusCode();
    }

    public async Task ClearFaults(CancellationToken ct)
    {
        using HttpResponseMessage answer = await _control.DeleteAsync(new Uri("/sandbox/faults", UriKind.Relative), ct);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _sandbox.DisposeAsync();
        _azurite.Dispose();
        World.Dispose();
        _control.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Moves a Salesforce record to the recycle bin, as a person would.</summary>
    public async Task DeleteRecord(string type, string id, CancellationToken ct)
    {
        using HttpResponseMessage answer = await _control.DeleteAsync(new Uri($"/sandbox/salesforce/records/{type}/{id}", UriKind.Relative), ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Posts to one of the sandbox's controls.</summary>
    public async Task<JsonElement> Control(string path, JsonObject body, CancellationToken ct)
    {
        using HttpResponseMessage answer = await _control.PostAsJsonAsync(path, body, ct);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(ct)
            : throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
    }
}
