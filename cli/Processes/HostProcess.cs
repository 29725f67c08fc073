using System.Diagnostics;

namespace Hub.Cli.Processes;

/// <summary>Runs the host in the working folder with this terminal's output until it ends or Ctrl-C.</summary>
internal static class HostProcess
{
    public static async Task<int> Run(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        // The host knows its own limit, setting Host__DrainSeconds: ended before it, messages would stay invisible with their work half done.
        await using ChildProcess host = ChildProcess.Start(
            "dotnet", [Repository.Assembly("host", "Hub.Host"), .. arguments],
            workingFolder: Environment.CurrentDirectory, onLine: Console.WriteLine, stopWithin: Timeout.InfiniteTimeSpan);
        try
        {
            await host.WaitForExit(ct);
            return host.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the host finishes what it works on while it is disposed of.
            return 0;
        }
    }

    /// <summary>Runs the host on this very terminal, so that it can draw there and answers go where they are redirected to; returns its exit code.</summary>
    public static async Task<int> Attached(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, WorkingDirectory = Environment.CurrentDirectory };
        foreach (string argument in (string[])[Repository.Assembly("host", "Hub.Host"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using Process host = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        await host.WaitForExitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!host.HasExited && !OperatingSystem.IsWindows())
        {
            // Ctrl-C reaches the host by itself; a signal to this process alone does not.
            using Process? terminate = Process.Start("kill", ["-TERM", $"{host.Id}"]);
        }

        await host.WaitForExitAsync(CancellationToken.None);
        return host.ExitCode;
    }
}
