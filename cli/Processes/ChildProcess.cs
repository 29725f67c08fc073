using System.ComponentModel;
using System.Diagnostics;

namespace Hub.Cli.Processes;

/// <summary>A process this command started and alone may end.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(15);
    private readonly Process _process;
    private readonly StreamWriter? _log;
    private readonly TimeSpan _stopWithin;
    private readonly Queue<string> _tail = new();

    private ChildProcess(Process process, StreamWriter? log, TimeSpan stopWithin)
    {
        _process = process;
        _log = log;
        _stopWithin = stopWithin;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines the process printed, for error messages.</summary>
    public string Tail
    {
        get
        {
            lock (_tail)
            {
                return string.Join(Environment.NewLine, _tail);
            }
        }
    }

    /// <summary>Starts the program; its output goes to the log file, or is passed line by line to <paramref name="onLine"/>.</summary>
    /// <param name="stopWithin">How long it may take to end once it was asked to; 15 s unless stated, infinite where it limits itself.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingFolder = null,
        string? logFile = null,
        Action<string>? onLine = null,
        TimeSpan? stopWithin = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = workingFolder ?? Repository.Root,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var log = logFile is null ? null : new StreamWriter(logFile, append: true) { AutoFlush = true };
        Process process = Started(start);
        var child = new ChildProcess(process, log, stopWithin ?? StopWithin);
        process.OutputDataReceived += (_, line) => child.Received(line.Data, onLine);
        process.ErrorDataReceived += (_, line) => child.Received(line.Data, onLine);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException(
                $"{start.FileName} could not be started; the commands need the .NET 10 SDK and Node 20 or newer (with npm) on the PATH.", missing);
        }
    }

    /// <summary>Runs the program to its end and returns its exit code.</summary>
    public static async Task<int> Run(
        string program, IEnumerable<string> arguments, CancellationToken ct, string? workingFolder = null, Action<string>? onLine = null)
    {
        await using ChildProcess child = Start(program, arguments, workingFolder: workingFolder, onLine: onLine);
        await child._process.WaitForExitAsync(ct);
        return child.ExitCode;
    }

    /// <summary>Ends the process at once, as a crash would.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
    }

    public Task WaitForExit(CancellationToken ct) => _process.WaitForExitAsync(ct);

    /// <summary>Asks the process to stop (SIGTERM where there is one), waits, then ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited && !OperatingSystem.IsWindows())
        {
            using Process? terminate = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            using var limit = new CancellationTokenSource(_stopWithin);
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Kill();
        _process.Dispose();
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }
    }

    private void Received(string? line, Action<string>? onLine)
    {
        if (line is null)
        {
            return;
        }

        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > 30)
            {
                _tail.Dequeue();
            }

            _log?.WriteLine(line);
        }

        onLine?.Invoke(line);
    }
}
