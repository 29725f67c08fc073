using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Hub.Cli.Processes;

namespace Hub.Cli.Demo;

/// <summary>Azurite, sandbox and host as processes of their own on loopback ports, as a newcomer's machine runs them.</summary>
internal sealed class Stack : IAsyncDisposable
{
    private const string StorageKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static int stacks;
    private readonly string _folder;
    private readonly Dictionary<string, string> _hostSettings;
    private readonly ChildProcess _azurite;
    private readonly ChildProcess _sandbox;
    private readonly SemaphoreSlim _hostChange = new(1);
    private ChildProcess _host;

    private Stack(
        string folder,
        Uri sandbox,
        Uri host,
        string masterKey,
        string functionKey,
        string storage,
        Dictionary<string, string> settings,
        ChildProcess azuriteProcess,
        ChildProcess sandboxProcess)
    {
        _folder = folder;
        SandboxUrl = sandbox;
        HostUrl = host;
        MasterKey = masterKey;
        FunctionKey = functionKey;
        StorageConnection = storage;
        _hostSettings = settings;
        _azurite = azuriteProcess;
        _sandbox = sandboxProcess;
        _host = StartHost();
    }

    public Uri SandboxUrl { get; }

    public Uri HostUrl { get; }

    public string MasterKey { get; }

    public string FunctionKey { get; }

    public string StorageConnection { get; }

    /// <summary>Folder the host writes messages to, one .eml file each.</summary>
    public string Outbox => Path.Combine(_folder, "outbox");

    /// <summary>Folder with one log file per process.</summary>
    public string Logs => _folder;

    /// <summary>Starts everything in an empty scratch folder; nothing of an earlier run is read.</summary>
    public static async Task<Stack> Start(int seed, Action<string> say, CancellationToken ct)
    {
        string azuriteScript = await Tools.Azurite(say, ct);
        string folder = ScratchFolders.Create(Path.Combine(Repository.Scratch, "demo"), Interlocked.Increment(ref stacks));

        int[] ports = FreePorts(4);
        int hostPort = IsFree(7071) ? 7071 : FreePorts(1)[0];
        int sandboxPort = IsFree(7080) ? 7080 : ports[3];
        var sandbox = new Uri($"http://127.0.0.1:{sandboxPort}");
        var host = new Uri($"http://127.0.0.1:{hostPort}");
        string storage = Storage(ports[0], ports[1], ports[2]);
        string webhookSecret = "whsec_" + Random();
        using var key = RSA.Create(2048);
        string publicKeyFile = Path.Combine(folder, "salesforce-public-key.pem");
        await File.WriteAllTextAsync(publicKeyFile, key.ExportSubjectPublicKeyInfoPem(), ct);

        say("Starting Azurite, the sandbox and the host");
        List<ChildProcess> started = [];
        try
        {
            started.Add(ChildProcess.Start(
                "node",
                [azuriteScript, "--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                 "--blobPort", $"{ports[0]}", "--queuePort", $"{ports[1]}", "--tablePort", $"{ports[2]}"],
                logFile: Path.Combine(folder, "azurite.log")));
            started.Add(ChildProcess.Start(
                "dotnet",
                [Repository.Assembly("sandbox", "Hub.Sandbox"), "--port", $"{sandboxPort}", "--webhooks", "manual", "--stripe-rate", "0",
                 "--webhook-url", new Uri(host, "/api/webhooks/stripe").ToString(), "--webhook-secret", webhookSecret,
                 "--salesforce-public-key", publicKeyFile],
                logFile: Path.Combine(folder, "sandbox.log")));
            await WaitForPorts([.. ports[..3], sandboxPort], started, ct);

            (string masterKey, string functionKey) = (Random(), Random());
            Dictionary<string, string> settings = HostSettings.For(
                seed, sandbox, hostPort, storage, webhookSecret, key.ExportPkcs8PrivateKeyPem(), folder, masterKey, functionKey);
            var stack = new Stack(folder, sandbox, host, masterKey, functionKey, storage, settings, started[0], started[1]);
            started.Add(stack._host);
            await WaitForPorts([hostPort], [stack._host], ct);
            return stack;
        }
        catch
        {
            // Whoever asked gets no stack to dispose of, so nothing may stay behind.
            foreach (ChildProcess process in started)
            {
                await process.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Ends the host as a crash would and starts a new one in its place.</summary>
    public async Task CrashHost(CancellationToken ct)
    {
        await _hostChange.WaitAsync(ct);
        try
        {
            _host.Kill();
            await _host.DisposeAsync();
            _host = StartHost();
        }
        finally
        {
            _hostChange.Release();
        }
    }

    /// <summary>Throws, with what the process said last, when one of the processes has ended by itself.</summary>
    public async Task EnsureRunning(CancellationToken ct)
    {
        await _hostChange.WaitAsync(ct);
        try
        {
            Examine();
        }
        finally
        {
            _hostChange.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _sandbox.DisposeAsync();
        await _azurite.DisposeAsync();
        _hostChange.Dispose();
    }

    private void Examine()
    {
        foreach ((string name, ChildProcess process) in (ReadOnlySpan<(string, ChildProcess)>)[("Azurite", _azurite), ("sandbox", _sandbox), ("host", _host)])
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The {name} ended with code {process.ExitCode}:{Environment.NewLine}{process.Tail}");
            }
        }
    }

    private static string Storage(int blob, int queue, int table) =>
        $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={StorageKey};"
        + $"BlobEndpoint=http://127.0.0.1:{blob}/devstoreaccount1;QueueEndpoint=http://127.0.0.1:{queue}/devstoreaccount1;"
        + $"TableEndpoint=http://127.0.0.1:{table}/devstoreaccount1;";

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }

    private static async Task WaitForPorts(int[] ports, IReadOnlyList<ChildProcess> processes, CancellationToken ct)
    {
        long start = TimeProvider.System.GetTimestamp();
        foreach (int port in ports)
        {
            while (!await Listens(port, ct))
            {
                if (processes.FirstOrDefault(process => process.HasExited) is { } ended)
                {
                    throw new InvalidOperationException($"A process ended before port {port.ToString(CultureInfo.InvariantCulture)} was open:{Environment.NewLine}{ended.Tail}");
                }

                if (TimeProvider.System.GetElapsedTime(start) > StartLimit)
                {
                    throw new TimeoutException($"Nothing listens on port {port.ToString(CultureInfo.InvariantCulture)} after {StartLimit.TotalSeconds:0} s.");
                }

                await Task.Delay(50, ct);
            }
        }
    }

    private static async Task<bool> Listens(int port, CancellationToken ct)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private ChildProcess StartHost() => ChildProcess.Start(
        "dotnet",
        [Repository.Assembly("host", "Hub.Host")],
        _hostSettings,
        logFile: Path.Combine(_folder, "host.log"));
}
