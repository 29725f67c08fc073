using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hub.Host.Startup;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Http;

/// <summary>The two keys of stand-alone mode and the question whether a request shows the right one.</summary>
internal sealed class FunctionKeys(string functionKey, string masterKey)
{
    /// <summary>Where generated keys are kept for local use, under the content root.</summary>
    public const string FileName = ".hub/host-keys.json";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly byte[] _functionKey = Digest(functionKey);
    private readonly byte[] _masterKey = Digest(masterKey);

    /// <summary>Whether a caller may run a function of this level. The master key opens everything.</summary>
    public bool Allows(AuthorizationLevel level, HttpRequest request)
    {
        if (level is AuthorizationLevel.Anonymous or AuthorizationLevel.User)
        {
            return true;
        }

        // Digests are compared, so that neither content nor length of the key shows in the time taken.
        byte[] shown = Digest(Shown(request));
        bool isMaster = CryptographicOperations.FixedTimeEquals(shown, _masterKey);
        bool isFunction = CryptographicOperations.FixedTimeEquals(shown, _functionKey);
        return isMaster || (isFunction && level == AuthorizationLevel.Function);
    }

    /// <summary>Keys from settings; what is missing is generated once and kept in <see cref="FileName"/>, readable by its owner only.</summary>
    /// <returns>The keys, and the file when one is in use.</returns>
    public static (FunctionKeys Keys, string? File) From(HostSettings settings, string contentRoot)
    {
        if (settings is { FunctionKey: { } function, MasterKey: { } master })
        {
            return (new FunctionKeys(function, master), null);
        }

        string file = Path.Combine(contentRoot, FileName);
        Kept kept = Read(file) ?? CreateOrRead(file);
        return (new FunctionKeys(settings.FunctionKey ?? kept.FunctionKey, settings.MasterKey ?? kept.MasterKey), file);
    }

    private static string Shown(HttpRequest request) =>
        request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault() ?? "";

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static Kept? Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<Kept>(File.ReadAllText(file), Json) : null;

    // One host at a time: File.Move looks whether the target exists and then renames over it, so two first hosts could each keep their own keys.
    private static Kept CreateOrRead(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using FileStream turn = WaitForTurn($"{file}.lock");
        return Read(file) ?? Create(file);
    }

    // Written aside and moved, so that a host reading without its turn never sees half a file.
    private static Kept Create(string file)
    {
        var kept = new Kept(NewKey(), NewKey());
        string aside = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            Write(aside, kept);
            File.Move(aside, file);
            return kept;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    // The lock file stays: deleting it would let two hosts hold two different files of one name.
    private static FileStream WaitForTurn(string lockFile)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < LongestWait)
            {
                Thread.Sleep(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private static void Write(string file, Kept kept)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(stream, kept, Json);
    }

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private sealed record Kept(string FunctionKey, string MasterKey);
}
