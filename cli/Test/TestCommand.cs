using System.CommandLine;
using System.Globalization;
using System.Xml.Linq;
using Hub.Cli.Processes;

namespace Hub.Cli.Test;

/// <summary><c>hub test</c>: every test, on real Azurite, closed by the plain line <c>N passed, N failed</c>.</summary>
internal static class TestCommand
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static Command Create()
    {
        var filter = new Option<string?>("--filter") { Description = "Only tests that match, in the form of dotnet test --filter." };
        var command = new Command("test", "Run every test, real Azurite included; ends with the line 'N passed, N failed'.") { filter };
        command.SetAction((parsed, ct) => Run(parsed.GetValue(filter), ct));
        return command;
    }

    private static async Task<int> Run(string? filter, CancellationToken ct)
    {
        await Tools.Azurite(Console.WriteLine, ct);
        string solution = Path.Combine(Repository.Root, "Hub.sln");
        int built = await ChildProcess.Run("dotnet", ["msbuild", solution, "-restore", "-nologo", "-verbosity:quiet"], ct, onLine: Console.WriteLine);
        if (built != 0)
        {
            Console.WriteLine("0 passed, 1 failed");
            return 1;
        }

        string results = Directory.CreateTempSubdirectory("hub-test-").FullName;
        string[] arguments =
            ["test", solution, "--no-build", "--nologo", "--logger", "trx", "--logger", "console;verbosity=minimal", "--results-directory", results,
             .. filter is null ? Array.Empty<string>() : ["--filter", filter]];
        int code = await ChildProcess.Run("dotnet", arguments, ct, onLine: Console.WriteLine);
        (int passed, int failed) = Count(results);
        Directory.Delete(results, recursive: true);

        // A runner that died without a result file, or that ran nothing, has not passed.
        failed += code != 0 && failed == 0 ? 1 : 0;
        failed += passed == 0 && failed == 0 ? 1 : 0;
        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static (int Passed, int Failed) Count(string folder)
    {
        (int passed, int failed) = (0, 0);
        foreach (string file in Directory.EnumerateFiles(folder, "*.trx", SearchOption.AllDirectories))
        {
            XElement counters = XDocument.Load(file).Descendants(Trx + "Counters").Single();
            int total = Value(counters, "total");
            int passedHere = Value(counters, "passed");
            passed += passedHere;
            failed += total - passedHere;
        }

        return (passed, failed);
    }

    private static int Value(XElement counters, string name) => int.Parse(counters.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
