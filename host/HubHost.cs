using Hub.Host.Backfill;
using Hub.Host.Manifest;
using Hub.Host.Startup;

namespace Hub.Host;

/// <summary>The host's command: run the functions, examine the settings, or write the package's function files.</summary>
internal static class HubHost
{
    private const string WriteManifest = "--write-manifest";

    /// <summary>Asks the Functions host for a new process; after 0 it would start none, and every call from then on would fail.</summary>
    private const int Restart = 200;

    /// <returns>The exit code: 0 after a graceful stop, 200 as a custom handler; 1 when the start was refused or failed.</returns>
    public static async Task<int> Run(string[] args, HostedFunctions hosted)
    {
        try
        {
            return args switch
            {
                [WriteManifest, ..] => Write(args, hosted),
                [Doctor.Argument, .. var rest] => await Doctor.Examine(rest, hosted, CancellationToken.None),
                [BackfillCommand.Argument, .. var rest] => await BackfillCommand.Run(rest, hosted),
                _ => await Serve(args, hosted),
            };
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Non-zero and in words: the Functions host restarts a handler on it, and an operator reads one line, not a stack.
            return Refuse(StartupDefects.Sentences(failure).Select(StartupDefects.OneLine));
        }
    }

    private static async Task<int> Serve(string[] args, HostedFunctions hosted)
    {
        switch (await HostBuilding.Prepare(args, hosted, CancellationToken.None))
        {
            case Prepared.Ready ready:
                await using (ready.App)
                {
                    await ready.App.RunAsync();
                }

                return ready.IsCustomHandler ? Restart : 0;
            case Prepared.Refused refused:
                return Refuse(refused.Defects);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static int Write(string[] args, HostedFunctions hosted)
    {
        if (args is not [_, var folder])
        {
            return Refuse([$"{WriteManifest} needs a folder."]);
        }

        if (!hosted.Catalog.Defects.IsEmpty)
        {
            return Refuse(hosted.Catalog.Defects);
        }

        FunctionManifest.Write(hosted.Catalog, folder);
        return 0;
    }

    private static int Refuse(IEnumerable<string> defects)
    {
        foreach (string defect in defects)
        {
            Console.Error.WriteLine(defect);
        }

        return 1;
    }
}
