using Hub.Cli.Demo;

namespace Hub.Cli.Tests.Demo;

public sealed class ScratchFoldersTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hub-scratch-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_newest_five_are_kept_and_never_one_whose_process_runs()
    {
        for (int process = 1; process <= 9; process++)
        {
            Folder($"{process}-1", new DateTime(2026, 1, process, 0, 0, 0, DateTimeKind.Utc));
        }

        ScratchFolders.Prune(_root, process => process == 2);

        Assert.Equal(["2-1", "5-1", "6-1", "7-1", "8-1", "9-1"], Names());
    }

    [Fact]
    public void A_folder_that_no_demo_made_is_left_alone()
    {
        Folder("my-notes", new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        for (int process = 1; process <= 5; process++)
        {
            Folder($"{process}-1", new DateTime(2026, 1, process, 0, 0, 0, DateTimeKind.Utc));
        }

        ScratchFolders.Prune(_root, _ => false);

        Assert.Contains("my-notes", Names());
    }

    [Fact]
    public void A_new_folder_is_empty_and_makes_room_for_itself()
    {
        // No process has these ids: they are above what any system gives.
        for (int process = 0; process < 6; process++)
        {
            Folder($"{int.MaxValue - process}-1", new DateTime(2026, 1, 10 - process, 0, 0, 0, DateTimeKind.Utc));
        }

        string folder = ScratchFolders.Create(_root, 1);

        Assert.Equal(["outbox"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
        Assert.Equal(ScratchFolders.Kept, Names().Length);
        Assert.Contains(Path.GetFileName(folder), Names());
    }

    private void Folder(string name, DateTime written)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "host.log"), "");
        Directory.SetLastWriteTimeUtc(folder, written);
    }

    private string[] Names() => [.. Directory.GetDirectories(_root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];
}
