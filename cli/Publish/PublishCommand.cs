using System.CommandLine;
using Hub.Cli.Processes;

namespace Hub.Cli.Publish;

/// <summary><c>hub publish</c>: the package that a Functions app runs.</summary>
/// <remarks>
/// Custom hosting: a self-contained linux-x64 executable, because the platform's image for custom handlers promises no .NET, beside
/// <c>host.json</c> and one generated <c>function.json</c> per function. Never the local settings.
/// </remarks>
internal static class PublishCommand
{
    private const string Runtime = "linux-x64";
    private const string Executable = "Hub.Host";

    public static Command Create()
    {
        var hosting = new Option<string>("--hosting") { Description = "How the Functions host runs it: custom.", DefaultValueFactory = _ => "custom" };
        hosting.AcceptOnlyFromAmong("custom");
        var output = new Option<FileInfo>("--output") { Description = "The zip file to write.", DefaultValueFactory = _ => new FileInfo("hub.zip") };
        var command = new Command("publish", "Build the package of the Functions app (self-contained linux-x64).") { hosting, output };
        command.SetAction((parsed, ct) => Run(parsed.GetValue(output)!, ct));
        return command;
    }

    private static async Task<int> Run(FileInfo output, CancellationToken ct)
    {
        string scratch = Directory.CreateTempSubdirectory("hub-publish-").FullName;
        try
        {
            string app = Path.Combine(scratch, "app");
            if (await Publish(app, Path.Combine(scratch, "build"), ct) is { } failure)
            {
                await Console.Error.WriteLineAsync(failure);
                return 1;
            }

            Package.Write(app, Executable, output);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }

        output.Refresh();
        Console.WriteLine($"{output.FullName} ({output.Length / 1024 / 1024} MB)");
        return 0;
    }

    /// <returns>What was said of a failure; null when the folder holds the app.</returns>
    private static async Task<string?> Publish(string folder, string build, CancellationToken ct)
    {
        // Everything is built outside the checkout: its own builds stay as they are, and so does what is published beside them.
        // Names that the compiler makes from paths would differ with the scratch folder, so both roots get a name of their own.
        var said = new List<string>();
        string[] publish =
            ["publish", Path.Combine(Repository.Root, "host", "Hub.Host.csproj"), "-c", "Release", "-r", Runtime, "--self-contained", "-o", folder,
             "--artifacts-path", build, $"-p:PathMap={build}=/build%2C{Repository.Root}=/hub",
             "--nologo", "-v", "quiet", "-p:DebugType=none", "-p:ErrorOnDuplicatePublishOutputFiles=false"];
        if (await ChildProcess.Run("dotnet", publish, ct, onLine: said.Add) != 0)
        {
            return string.Join(Environment.NewLine, said);
        }

        // The functions declare themselves: the same code that will run in the cloud writes its own manifest.
        string[] manifest = [Repository.Assembly("host", "Hub.Host"), "--write-manifest", folder];
        return await ChildProcess.Run("dotnet", manifest, ct, onLine: said.Add) == 0 ? null : string.Join(Environment.NewLine, said);
    }
}
