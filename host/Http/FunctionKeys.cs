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
    public const string FileName = ".hub/host-keys/keys.json";

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

    private static Kept CreateOrRead(string file)
    {
        try
        {
            return Create(file);
        }
        catch (IOException) when (Read(file) is { } other)
        {
            // Another host, started at the same moment, was first.
            return other;
        }
    }

    // Written aside in a folder of its own and moved with it: a folder is never moved over another that holds something, at no
    // moment, while File.Move first looks and then replaces, so that two first hosts would each keep their own keys.
    private static Kept Create(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        string aside = $"{folder}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(aside);
        try
        {
            var kept = new Kept(NewKey(), NewKey());
            Write(Path.Combine(aside, Path.GetFileName(file)), kept);
            if (Directory.Exists(folder))
            {
                // Left empty by someone who took the keys out to have new ones; this throws where another host's keys are there by now.
                Directory.Delete(folder);
            }

            Directory.Move(aside, folder);
            return kept;
        }
        catch
        {
            Directory.Delete(aside, recursive: true);
            throw;
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
