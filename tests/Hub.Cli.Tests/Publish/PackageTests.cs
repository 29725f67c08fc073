using System.IO.Compression;
using Hub.Cli.Publish;

namespace Hub.Cli.Tests.Publish;

public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-pack-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Equal_folders_give_equal_bytes_whenever_they_were_written()
    {
        byte[] first = Pack("first", ["Hub.Host", "host.json", "WatchPoison/function.json", "a.dll", "B.dll"], new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc));
        byte[] second = Pack("second", ["B.dll", "a.dll", "host.json", "Hub.Host", "WatchPoison/function.json"], new DateTime(2027, 5, 6, 7, 8, 10, DateTimeKind.Utc));

        Assert.Equal(first, second);
    }

    [Fact]
    public void Entries_are_sorted_and_only_the_executable_can_be_run()
    {
        Pack("one", ["host.json", "Hub.Host", "WatchPoison/function.json"], DateTime.UtcNow);

        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(_folder, "one.zip"));
        Assert.Equal(
            [("Hub.Host", "100755"), ("WatchPoison/function.json", "100644"), ("host.json", "100644")],
            zip.Entries.Select(entry => (entry.FullName, Convert.ToString((entry.ExternalAttributes >> 16) & 0xFFFF, 8))));
        Assert.All(zip.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
    }

    [Fact]
    public void A_package_replaces_the_one_before_and_leaves_nothing_beside_it()
    {
        string place = Directory.CreateDirectory(Path.Combine(_folder, "place")).FullName;
        File.WriteAllText(Path.Combine(place, "hub.zip"), "older");
        string app = Folder("app", ["Hub.Host"], DateTime.UtcNow);

        Package.Write(app, "Hub.Host", new FileInfo(Path.Combine(place, "hub.zip")));

        Assert.Equal("hub.zip", Path.GetFileName(Assert.Single(Directory.GetFiles(place))));
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(place, "hub.zip"));
        Assert.Single(zip.Entries);
    }

    [Fact]
    public void A_package_that_cannot_be_made_leaves_the_one_before()
    {
        string place = Directory.CreateDirectory(Path.Combine(_folder, "place")).FullName;
        File.WriteAllText(Path.Combine(place, "hub.zip"), "older");

        Assert.Throws<DirectoryNotFoundException>(() => Package.Write(Path.Combine(_folder, "nothing"), "Hub.Host", new FileInfo(Path.Combine(place, "hub.zip"))));

        Assert.Equal("older", File.ReadAllText(Assert.Single(Directory.GetFiles(place))));
    }

    private byte[] Pack(string name, string[] files, DateTime written)
    {
        var output = new FileInfo(Path.Combine(_folder, $"{name}.zip"));
        Package.Write(Folder(name, files, written), "Hub.Host", output);
        return File.ReadAllBytes(output.FullName);
    }

    private string Folder(string name, string[] files, DateTime written)
    {
        string folder = Path.Combine(_folder, name);
        foreach (string file in files)
        {
            string path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, $"content of {file}");
            File.SetLastWriteTimeUtc(path, written);
        }

        return folder;
    }
}
