namespace Hub.Cli;

/// <summary>The checkout the command runs from: where projects, tools and scratch files live.</summary>
internal static class Repository
{
    /// <summary>Folder that holds <c>Hub.sln</c>, found from the command's own files upwards.</summary>
    /// <exception cref="InvalidOperationException">The command does not run from a checkout.</exception>
    public static string Root { get; } = Find();

    /// <summary>Scratch folder of local runs; ignored by git.</summary>
    public static string Scratch => Path.Combine(Root, ".hub");

    /// <summary>The built assembly of a project, in the configuration this command was built in.</summary>
    public static string Assembly(string project, string name)
    {
        DirectoryInfo framework = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(Root, project, "bin", framework.Parent!.Name, framework.Name, name + ".dll");
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("This command runs from a checkout of the Hub (no Hub.sln found above it).");
    }
}
