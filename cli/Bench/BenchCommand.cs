using System.CommandLine;
using Hub.Cli.Processes;

namespace Hub.Cli.Bench;

/// <summary><c>hub bench</c>: what planning and previewing a deal cost on this machine. Figures, not a test: none of them fails.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "JSON for programs instead of the table." };
        var command = new Command("bench", "Measure what planning and previewing a deal cost: processor time and memory, optimized build.") { json };
        command.SetAction((parsed, ct) => Run(parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> Run(bool json, CancellationToken ct)
    {
        // Built here and not with the command: only optimized code is worth measuring, and nobody else needs it.
        await Console.Error.WriteLineAsync("Building optimized code and measuring; this takes a minute or two.".AsMemory(), ct);
        string[] build = ["build", Path.Combine(Repository.Root, "bench", "Hub.Bench.csproj"), "-c", "Release", "--nologo", "-v", "quiet"];
        int built = await ChildProcess.Run("dotnet", build, ct, onLine: Console.Error.WriteLine);
        string program = Path.Combine(Repository.Root, "bench", "bin", "Release", "net10.0", "Hub.Bench.dll");
        return built != 0 ? 1 : await ChildProcess.Run("dotnet", json ? [program, "--json"] : [program], ct, onLine: Console.WriteLine);
    }
}
