using System.Diagnostics;
using Hub.Cli;
using Hub.Cli.Demo;
using Hub.EndToEnd.Tests.Support;

namespace Hub.EndToEnd.Tests;

/// <summary>A host whose settings are wrong does not start, and says everything that is wrong at once.</summary>
public sealed class BadSettingsTests
{
    private const string Secret = "sk_live_ with a blank";
    private static readonly string[] LineBreaks = ["\r\n", "\n"];

    [Fact]
    public async Task Each_defect_is_one_line_on_stderr_and_the_start_is_refused()
    {
        (int code, string[] lines) = await Start(new()
        {
            ["Clock__FollowUrl"] = "",
            ["Host__Port"] = "70000",
            ["Hub__BillingTimeZone"] = "Mars/Olympus_Mons",
            ["Salesforce__LoginUrl"] = "http://login.example.com",
            ["Salesforce__Username"] = "",
            ["Stripe__ApiKey"] = Secret,
            ["Stripe__RequestsPerSecond"] = "0",
            ["HubStorage__queueServiceUri"] = "",
            ["Mail__Provider"] = "Pigeon",
            ["PlanRemindersSchedule"] = "every quarter of an hour",
        });

        Assert.NotEqual(0, code);
        string[] named =
        [
            "Host__Port", "Hub__BillingTimeZone", "HubStorage__queueServiceUri", "Salesforce__LoginUrl", "Salesforce__Username", "Stripe__ApiKey", "Stripe__RequestsPerSecond", "Mail__Provider",
            "PlanRemindersSchedule",
        ];
        Assert.All(named, setting => Assert.Single(lines, line => line.Contains(setting, StringComparison.Ordinal)));
        Assert.Equal(named.Length, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains("sk_live_", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Another_clock_is_refused_outside_Development(string environment)
    {
        (int code, string[] lines) = await Start(new() { ["DOTNET_ENVIRONMENT"] = environment, ["ASPNETCORE_ENVIRONMENT"] = environment });

        Assert.NotEqual(0, code);
        Assert.Equal([$"Clock__FollowUrl is allowed in the Development environment only; this is {environment}."], lines);
    }

    /// <summary>Starts a host by settings that would do but for the changes, and waits for its end. It touches no storage, so none is there.</summary>
    private static async Task<(int Code, string[] Stderr)> Start(Dictionary<string, string> changes)
    {
        string folder = Directory.CreateTempSubdirectory("hub-end-to-end-").FullName;
        using var key = System.Security.Cryptography.RSA.Create(2048);
        Dictionary<string, string> settings = HostSettings.For(
            1, new Uri("http://127.0.0.1:1"), Ports.Free(), "", "whsec_unused", key.ExportPkcs8PrivateKeyPem(), folder, "master", "function");
        settings.Remove("HubStorage");
        settings["HubStorage__queueServiceUri"] = "https://unused.queue.core.windows.net/";
        settings["HubStorage__tableServiceUri"] = "https://unused.table.core.windows.net/";
        using var host = new Process { StartInfo = StartInfo(folder, settings.Concat(changes)) };
        host.Start();
        Task<string> output = host.StandardOutput.ReadToEndAsync();
        string stderr = await host.StandardError.ReadToEndAsync();
        await output;
        await host.WaitForExitAsync(Within.Minutes(1));
        Directory.Delete(folder, recursive: true);
        return (host.ExitCode, stderr.Split(LineBreaks, StringSplitOptions.RemoveEmptyEntries));
    }

    private static ProcessStartInfo StartInfo(string folder, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Assembly("host", "Hub.Host")])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
