using System.Security.Cryptography;
using Hub.Cli;
using Hub.Cli.Demo;
using Hub.Cli.Processes;

namespace Hub.EndToEnd.Tests.Support;

/// <summary>The built host as a process of its own, in stand-alone mode, in an empty folder.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private RunningHost(ChildProcess process, Uri url, string masterKey, string log)
    {
        (_process, Url, Log) = (process, url, log);
        Http = new HttpClient { BaseAddress = url };
        Http.DefaultRequestHeaders.Add("x-functions-key", masterKey);
        Client = new HostClient(url, masterKey);
    }

    public Uri Url { get; }

    /// <summary>Carries the master key; answers are given as they are.</summary>
    public HttpClient Http { get; }

    /// <summary>The demo's client: fails on what is not a success.</summary>
    public HostClient Client { get; }

    /// <summary>What the host has printed so far.</summary>
    public string Log { get; }

    /// <summary>Starts a host by the demo's settings with changes; a change to the empty text removes a setting.</summary>
    public static async Task<RunningHost> Start(HostSetup setup, CancellationToken ct)
    {
        string masterKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        Dictionary<string, string> settings = HostSettings.For(
            1, setup.World, setup.Port, setup.Storage, setup.WebhookSecret, setup.PrivateKeyPem, setup.Folder, masterKey, functionKey: "function-" + masterKey);
        foreach ((string name, string value) in setup.Changes)
        {
            settings[name] = value;
        }

        string log = Path.Combine(setup.Folder, "host.log");
        ChildProcess process = ChildProcess.Start("dotnet", [Repository.Assembly("host", "Hub.Host")], settings, setup.Folder, log);
        var host = new RunningHost(process, new Uri($"http://127.0.0.1:{setup.Port}"), masterKey, log);
        await Within.Seconds(60, "the host answers", () => host.Answers(ct));
        return host;
    }

    public string ReadLog()
    {
        using var file = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Client.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<bool> Answers(CancellationToken ct)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"The host ended with code {_process.ExitCode}:{Environment.NewLine}{_process.Tail}");
        }

        try
        {
            using HttpResponseMessage answer = await Http.GetAsync(new Uri("/api/health", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <param name="World">Origin that plays Salesforce, Stripe and the clock.</param>
/// <param name="Changes">Settings on top of the demo's.</param>
internal sealed record HostSetup(
    Uri World, int Port, string Storage, string WebhookSecret, string PrivateKeyPem, string Folder, IReadOnlyDictionary<string, string> Changes);
