using System.IO.Compression;

namespace Hub.Cli.Publish;

/// <summary>Packs a folder into a zip that depends on its content alone.</summary>
/// <remarks>
/// Entries in ordinal order, every one with the same time, modes stated rather than taken from the files: equal folders give equal bytes,
/// whenever and wherever they are packed with the same version of .NET.
/// </remarks>
internal static class Package
{
    // Any time a zip can hold does: it starts in 1980 and knows no zone.
    private static readonly DateTimeOffset Written = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int RegularFile = 0x8000;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Runnable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Writes the zip beside its place and moves it there, so that a failure leaves what was there before.</summary>
    /// <param name="executable">Path in the zip of the one file that can be run.</param>
    public static void Write(string folder, string executable, FileInfo output)
    {
        output.Directory?.Create();
        string aside = $"{output.FullName}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (ZipArchive zip = ZipFile.Open(aside, ZipArchiveMode.Create))
            {
                foreach ((string name, string file) in Files(folder))
                {
                    Add(zip, name, file, name == executable ? Runnable : Readable);
                }
            }

            File.Move(aside, output.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static IEnumerable<(string Name, string File)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(file => (Name: Path.GetRelativePath(folder, file).Replace('\\', '/'), File: file))
            .OrderBy(file => file.Name, StringComparer.Ordinal);

    private static void Add(ZipArchive zip, string name, string file, UnixFileMode mode)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = Written;
        entry.ExternalAttributes = (RegularFile | (int)mode) << 16;
        using Stream target = entry.Open();
        using FileStream source = File.OpenRead(file);
        source.CopyTo(target);
    }
}
