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
}
