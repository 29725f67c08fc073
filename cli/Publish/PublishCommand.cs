using System.CommandLine;
using System.IO.Compression;
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
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

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
        string folder = Directory.CreateTempSubdirectory("hub-publish-").FullName;
        try
        {
            return await Publish(folder, ct) is { } failure ? Fail(failure) : Pack(folder, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string?> Publish(string folder, CancellationToken ct)
    {
        var said = new List<string>();
        string[] publish =
            ["publish", Path.Combine(Repository.Root, "host", "Hub.Host.csproj"), "-c", "Release", "-r", Runtime, "--self-contained", "-o", folder,
             "--nologo", "-v", "quiet", "-p:DebugType=none", "-p:ErrorOnDuplicatePublishOutputFiles=false"];
        if (await ChildProcess.Run("dotnet", publish, ct, onLine: said.Add) != 0)
        {
            return string.Join(Environment.NewLine, said);
        }

        // The functions declare themselves: the same code that will run in the cloud writes its own manifest.
        string[] manifest = [Repository.Assembly("host", "Hub.Host"), "--write-manifest", folder];
        return await ChildProcess.Run("dotnet", manifest, ct, onLine: said.Add) == 0 ? null : string.Join(Environment.NewLine, said);
    }

    private static int Pack(string folder, FileInfo output)
    {
        output.Directory?.Create();
        output.Delete();
        using (ZipArchive zip = ZipFile.Open(output.FullName, ZipArchiveMode.Create))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                string name = Path.GetRelativePath(folder, file).Replace('\\', '/');
                ZipArchiveEntry entry = zip.CreateEntryFromFile(file, name, CompressionLevel.Optimal);
                entry.ExternalAttributes = (int)(name == "Hub.Host" ? Executable : Executable & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) << 16;
            }
        }

        output.Refresh();
        Console.WriteLine($"{output.FullName} ({output.Length / 1024 / 1024} MB)");
        return 0;
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}
