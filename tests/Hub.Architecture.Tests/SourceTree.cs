namespace Hub.Architecture.Tests;

/// <summary>The source files of a checkout, as the rules read them; a planted tree serves to see a rule fail.</summary>
internal sealed class SourceTree
{
    private SourceTree(string root) => Root = root;

    public string Root { get; }

    /// <summary>The checkout the tests were built from.</summary>
    public static SourceTree OfTheRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
            {
                return new SourceTree(folder.FullName);
            }
        }

        throw new InvalidOperationException("No Hub.sln above the tests.");
    }

    /// <summary>A tree with the given files only, under a temporary folder.</summary>
    public static SourceTree Planted(params (string Path, string Text)[] files)
    {
        string root = Directory.CreateTempSubdirectory("hub-planted-").FullName;
        foreach ((string path, string text) in files)
        {
            string full = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }

        return new SourceTree(root);
    }

    public IEnumerable<SourceFile> CSharp(params string[] folders) => Files(folders, "*.cs");

    public IEnumerable<SourceFile> Projects(params string[] folders) => Files(folders, "*.csproj");

    /// <summary>Markdown files of the checkout; packages and scratch folders are none of them.</summary>
    public IEnumerable<SourceFile> Documents() => Files(["."], "*.md")
        .Where(file => !file.Path.StartsWith('.') && !file.Path.Contains("node_modules/", StringComparison.Ordinal));

    public string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public bool Has(string path) => File.Exists(Path.Combine(Root, path));

    private IEnumerable<SourceFile> Files(string[] folders, string pattern) =>
        from folder in folders
        let full = Path.Combine(Root, folder)
        where Directory.Exists(full)
        from file in Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
        orderby path
        select new SourceFile(path, File.ReadAllText(file));
}

/// <param name="Path">Relative to the root, with forward slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>The text without comments, so that prose never breaks a rule.</summary>
    public IEnumerable<(int Number, string Line)> Code => Text.Split('\n')
        .Select((line, index) => (index + 1, Line: line.TrimEnd('\r')))
        .Where(line => !line.Line.TrimStart().StartsWith("//", StringComparison.Ordinal));
}
