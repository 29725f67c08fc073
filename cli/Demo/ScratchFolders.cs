using System.Diagnostics;
using System.Globalization;

namespace Hub.Cli.Demo;

/// <summary>The folders of earlier demos, one per stack, named <c>PROCESS-NUMBER</c>: logs and sent mail worth a look, but not for ever.</summary>
internal static class ScratchFolders
{
    /// <summary>How many are kept.</summary>
    public const int Kept = 5;

    /// <summary>Makes an empty folder for a stack of this process and removes the oldest of those nobody uses.</summary>
    public static string Create(string root, int number)
    {
        string folder = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{number}"));

        // A process id may have been another demo's before.
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(Path.Combine(folder, "outbox"));
        Prune(root, Runs);
        return folder;
    }

    /// <summary>Removes all but the <see cref="Kept"/> newest, and never one whose process runs.</summary>
    internal static void Prune(string root, Func<int, bool> runs)
    {
        IEnumerable<DirectoryInfo> old = new DirectoryInfo(root).GetDirectories()
            .OrderByDescending(folder => folder.LastWriteTimeUtc)
            .ThenByDescending(folder => folder.Name, StringComparer.Ordinal)
            .Skip(Kept)
            .Where(folder => ProcessOf(folder.Name) is { } process && !runs(process));
        foreach (DirectoryInfo folder in old)
        {
            Remove(folder);
        }
    }

    // A folder not named by a demo is somebody's own.
    private static int? ProcessOf(string name) =>
        name.Split('-') is [var process, var number]
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? id
            : null;

    private static bool Runs(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            // Another demo removes it too, or somebody reads in it: the next demo tries again.
        }
    }
}
