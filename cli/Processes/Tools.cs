namespace Hub.Cli.Processes;

/// <summary>Development tools that come from npm, restored on first use.</summary>
internal static class Tools
{
    /// <summary>Makes sure the pinned Azurite is installed; returns its script.</summary>
    /// <exception cref="InvalidOperationException">npm is missing or could not install it.</exception>
    public static async Task<string> Azurite(Action<string> say, CancellationToken ct)
    {
        string script = Path.Combine(Repository.Root, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (File.Exists(script))
        {
            return script;
        }

        say("Installing the storage emulator (npm ci)");
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var output = new List<string>();
        int code = await ChildProcess.Run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], ct, Repository.Root, output.Add);
        return code == 0 && File.Exists(script)
            ? script
            : throw new InvalidOperationException($"npm ci ended with code {code}:{Environment.NewLine}{string.Join(Environment.NewLine, output)}");
    }
}
