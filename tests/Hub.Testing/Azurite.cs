using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Hub.Testing;

/// <summary>A real Azurite (queues, tables, blobs) on free loopback ports, in memory, ended with the test process.</summary>
/// <remarks>
/// The emulator is the one pinned in <c>package.json</c>; <c>./hub test</c> restores it. Only the process started here is ended:
/// it ends by itself when its standard input closes, so also when the test process is killed and no exit handler runs.
/// </remarks>
public sealed class Azurite : IDisposable
{
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string EndWithParent = "process.stdin.on('end', () => process.exit(0)).resume(); require(process.argv[1]);";
    private static readonly Lazy<Task<Azurite>> Shared = new(() => StartAsync(CancellationToken.None));
    private readonly Process _process;

    private Azurite(Process process, int blobPort, int queuePort, int tablePort)
    {
        _process = process;
        ConnectionString =
            $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={AccountKey};"
            + $"BlobEndpoint=http://127.0.0.1:{blobPort}/devstoreaccount1;"
            + $"QueueEndpoint=http://127.0.0.1:{queuePort}/devstoreaccount1;"
            + $"TableEndpoint=http://127.0.0.1:{tablePort}/devstoreaccount1;";
        TableEndpoint = new Uri($"http://127.0.0.1:{tablePort}/devstoreaccount1");
        QueueEndpoint = new Uri($"http://127.0.0.1:{queuePort}/devstoreaccount1");
    }

    /// <summary>The emulator's well-known account name.</summary>
    public static string AccountName => "devstoreaccount1";

    /// <summary>The emulator's well-known account key; public, not a secret.</summary>
    public static string Key => AccountKey;

    public string ConnectionString { get; }

    public Uri TableEndpoint { get; }

    public Uri QueueEndpoint { get; }

    /// <summary>One emulator for the whole test process; tests keep apart by using names of their own.</summary>
    public static Task<Azurite> SharedAsync() => Shared.Value;

    /// <summary>Starts an emulator of its own, for tests that need an empty account.</summary>
    public static async Task<Azurite> StartAsync(CancellationToken ct)
    {
        string script = FindScript();
        (int blob, int queue, int table) = (FreePort(), FreePort(), FreePort());
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in (string[])
            ["-e", EndWithParent, "--", script, "--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry",
             "--blobHost", "127.0.0.1", "--queueHost", "127.0.0.1", "--tableHost", "127.0.0.1",
             "--blobPort", $"{blob}", "--queuePort", $"{queue}", "--tablePort", $"{table}"])
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("node could not be started");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        foreach (int port in (int[])[blob, queue, table])
        {
            await WaitForPort(process, port, ct);
        }

        return new Azurite(process, blob, queue, table);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static string FindScript()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = Path.Combine(folder.FullName, "node_modules", "azurite", "dist", "src", "azurite.js");
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new InvalidOperationException("Azurite is not installed: run ./hub test, or npm ci in the repository's root.");
    }

    private static async Task WaitForPort(Process process, int port, CancellationToken ct)
    {
        for (int attempt = 0; attempt < 600; attempt++)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"Azurite ended with code {process.ExitCode} before it listened on port {port}.");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, ct);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100, ct);
            }
        }

        throw new TimeoutException($"Azurite did not listen on port {port} within 60 s.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
