using System.Diagnostics;
using Hub.Cli;
using Hub.Cli.Demo;

namespace Hub.EndToEnd.Tests.Support;

/// <param name="Output">Standard output, the answer.</param>
/// <param name="Errors">Standard error: progress and what went wrong.</param>
internal sealed record HostAnswer(int Code, string Output, string Errors);

/// <summary>One command of the host, run to its end beside the host that serves.</summary>
internal static class HostCommand
{
    public static async Task<HostAnswer> Run(HostSetup setup, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = setup.Folder };
        foreach (string argument in (string[])[Repository.Assembly("host", "Hub.Host"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in HostSettings
            .For(1, setup.World, setup.Port, setup.Storage, setup.WebhookSecret, setup.PrivateKeyPem, setup.Folder, "master", "function").Concat(setup.Changes))
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(ct);
        Task<string> errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return new(process.ExitCode, await output, await errors);
    }
}
