using System.Net;
using Hub.Host.Http;
using Hub.Host.Startup;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Tests.Http;

public sealed class FunctionKeysTests
{
    private static readonly HostSettings Nothing = new(IPAddress.Loopback, 7071, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), FunctionKey: null, MasterKey: null);

    [Fact]
    public void Missing_keys_are_made_once_and_kept()
    {
        string folder = Directory.CreateTempSubdirectory("hub-keys-").FullName;

        (_, string? file) = FunctionKeys.From(Nothing, folder);
        string first = File.ReadAllText(file!);
        FunctionKeys.From(Nothing, folder);

        Assert.Equal(Path.Combine(folder, ".hub", "host-keys", "keys.json"), Path.GetFullPath(file!));
        Assert.Equal(first, File.ReadAllText(file!));
    }

    [Fact]
    public async Task Hosts_started_at_the_same_moment_agree_on_the_keys()
    {
        for (int round = 0; round < 100; round++)
        {
            string folder = Directory.CreateTempSubdirectory("hub-keys-").FullName;
            using var together = new Barrier(4);

            FunctionKeys[] hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return FunctionKeys.From(Nothing, folder).Keys;
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            using var kept = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, FunctionKeys.FileName)));
            HttpRequest request = Showing(kept.RootElement.GetProperty("functionKey").GetString()!);
            Assert.All(hosts, keys => Assert.True(keys.Allows(AuthorizationLevel.Function, request)));
            Assert.Single(Directory.GetFileSystemEntries(Path.Combine(folder, ".hub")));
        }
    }

    [Fact]
    public void Taking_the_keys_out_makes_new_ones()
    {
        string folder = Directory.CreateTempSubdirectory("hub-keys-").FullName;
        (_, string? file) = FunctionKeys.From(Nothing, folder);
        string first = File.ReadAllText(file!);

        File.Delete(file!);
        FunctionKeys.From(Nothing, folder);

        Assert.NotEqual(first, File.ReadAllText(file!));
    }

    [Fact]
    public void Kept_keys_are_for_their_owner_only()
    {
        (_, string? file) = FunctionKeys.From(Nothing, Directory.CreateTempSubdirectory("hub-keys-").FullName);

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file!) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void Stated_keys_leave_no_file()
    {
        string folder = Directory.CreateTempSubdirectory("hub-keys-").FullName;

        (FunctionKeys keys, string? file) = FunctionKeys.From(Nothing with { FunctionKey = "f", MasterKey = "m" }, folder);

        Assert.Null(file);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Assert.True(keys.Allows(AuthorizationLevel.Function, Showing("f")));
    }

    [Fact]
    public void A_kept_key_opens_its_level_and_no_other()
    {
        string folder = Directory.CreateTempSubdirectory("hub-keys-").FullName;
        (FunctionKeys keys, string? file) = FunctionKeys.From(Nothing, folder);
        using var kept = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file!));
        HttpRequest withFunctionKey = Showing(kept.RootElement.GetProperty("functionKey").GetString()!);

        Assert.True(keys.Allows(AuthorizationLevel.Function, withFunctionKey));
        Assert.False(keys.Allows(AuthorizationLevel.Admin, withFunctionKey));
        Assert.False(keys.Allows(AuthorizationLevel.System, withFunctionKey));
        Assert.False(keys.Allows(AuthorizationLevel.Function, Showing("")));
    }

    private static HttpRequest Showing(string key)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers["x-functions-key"] = key;
        return context.Request;
    }
}
