using Hub.Functions;
using Hub.Host.Startup;
using Hub.Host.Tests.Support;
using Microsoft.Extensions.Options;

namespace Hub.Host.Tests.Startup;

public sealed class StartupTests
{
    [Fact]
    public async Task Every_defect_of_the_settings_is_told_at_once()
    {
        Prepared prepared = await TestHost.Prepare(
            TestHost.Hosted with { AddServices = AddDefects },
            "--Host:Port=many", "--SampleSchedule=whenever", "--AzureFunctionsJobHost:extensions:queues:batchSize=33", "--Sample:Name=");

        Assert.Equal(
            [
                "AzureFunctionsJobHost__extensions__queues__batchSize must be 1 to 32.",
                "Clock and calendar disagree.",
                "Function SampleQueue: setting SampleQueueName is missing.",
                "Function SampleTimer: setting SampleSchedule: 'whenever' is not a schedule of six fields (second minute hour day month weekday).",
                "Host__Port must be a whole number from 0 to 65535, not 'many'.",
                "HubStorage is missing: a connection string, or an address in HubStorage__queueServiceUri and HubStorage__tableServiceUri.",
                "Sample__Color is missing; state it.",
                "Sample__Name is missing; state it.",
            ],
            Assert.IsType<Prepared.Refused>(prepared).Defects.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("--HubStorage:clientId=11111111-1111-1111-1111-111111111111", "HubStorage__clientId names an identity, so HubStorage__credential must be 'managedidentity'.")]
    [InlineData("--HubStorage:credential=password", "HubStorage__credential is neither empty nor 'managedidentity'.")]
    public async Task An_identity_that_would_not_be_used_refuses_the_start(string setting, string expected)
    {
        Prepared prepared = await TestHost.Prepare(
            TestHost.Hosted, "--SampleQueueName=one-queue", "--HubStorage:queueServiceUri=https://acct.queue.core.windows.net",
            "--HubStorage:tableServiceUri=https://acct.table.core.windows.net", setting);

        Assert.Equal(expected, Assert.Single(Assert.IsType<Prepared.Refused>(prepared).Defects));
    }

    [Fact]
    public async Task A_schedule_that_never_comes_refuses_the_start()
    {
        Prepared prepared = await TestHost.Prepare(
            TestHost.Hosted, "--HubStorage=UseDevelopmentStorage=true", "--SampleQueueName=one-queue", "--SampleSchedule=0 0 0 30 2 *");

        Assert.Equal(
            "Function SampleTimer: setting SampleSchedule: '0 0 0 30 2 *' names no day of any year.",
            Assert.Single(Assert.IsType<Prepared.Refused>(prepared).Defects));
    }

    [Fact]
    public async Task A_setting_of_the_wrong_type_is_told_in_one_line()
    {
        Prepared prepared = await TestHost.Prepare(
            TestHost.Hosted, "--HubStorage=UseDevelopmentStorage=true", "--SampleQueueName=one-queue",
            "--AzureFunctionsJobHost:extensions:queues:batchSize=many");

        string defect = Assert.Single(Assert.IsType<Prepared.Refused>(prepared).Defects);
        Assert.Equal("AzureFunctionsJobHost__extensions__queues__batchSize must be a whole number, not 'many'.", defect, ignoreCase: true);
    }

    [Fact]
    public async Task A_setting_of_the_wrong_type_hides_no_defect_of_another_section()
    {
        Prepared prepared = await TestHost.Prepare(
            TestHost.Hosted with { AddServices = AddDefects }, "--HubStorage=UseDevelopmentStorage=true", "--SampleQueueName=one-queue",
            "--AzureFunctionsJobHost:extensions:queues:visibilityTimeout=soon");

        Assert.Equal(
            [
                "AzureFunctionsJobHost__extensions__queues__visibilityTimeout must be a duration such as 00:00:30, not 'soon'.",
                "Clock and calendar disagree.",
                "Sample__Color is missing; state it.",
                "Sample__Name is missing; state it.",
            ],
            Assert.IsType<Prepared.Refused>(prepared).Defects.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task A_followed_clock_is_refused_outside_development(string environment)
    {
        using TestProcess host = TestProcess.Start("Hub.Host.Tests.dll", new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = environment,
            ["Clock__FollowUrl"] = "http://127.0.0.1:9/clock",
            ["HubStorage"] = "UseDevelopmentStorage=true",
            ["SampleQueueName"] = "one-queue",
            ["SampleSchedule"] = "0 0 0 1 1 *",
        });

        Assert.NotEqual(0, await host.Exit());
        Assert.Equal([$"Clock__FollowUrl is allowed in the Development environment only; this is {environment}."], host.Errors);
    }

    [Fact]
    public void Local_settings_are_read_with_comments_and_nested_names()
    {
        string folder = Directory.CreateTempSubdirectory("hub-settings-").FullName;
        File.WriteAllText(Path.Combine(folder, LocalSettings.FileName), """
            { "IsEncrypted": false, "Values": {
                // the emulator
                "HubStorage": "UseDevelopmentStorage=true", "Stripe__ApiKey": "sk_test", "Host__Port": 7072 } }
            """);
        List<string> defects = [];

        Dictionary<string, string?> values = LocalSettings.Read(folder, defects);

        Assert.Empty(defects);
        Assert.Equal(("UseDevelopmentStorage=true", "sk_test", "7072"), (values["HubStorage"], values["Stripe:ApiKey"], values["Host:Port"]));
    }

    [Fact]
    public void Local_settings_that_cannot_be_read_are_a_defect()
    {
        string folder = Directory.CreateTempSubdirectory("hub-settings-").FullName;
        File.WriteAllText(Path.Combine(folder, LocalSettings.FileName), "{ not json");
        List<string> defects = [];

        Assert.Empty(LocalSettings.Read(folder, defects));

        Assert.StartsWith("local.settings.json cannot be read:", Assert.Single(defects), StringComparison.Ordinal);
    }

    private static void AddDefects(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IStartupCheck, Disagreement>();
        services.AddSingleton<IValidateOptions<SampleOptions>, SampleValidation>();
        services.AddOptions<SampleOptions>().BindConfiguration("Sample").ValidateOnStart();
    }

    private sealed class Disagreement : IStartupCheck
    {
        public Task<IReadOnlyList<string>> Check(CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<string>>(["Clock and\ncalendar disagree."]);
    }

    private sealed class SampleOptions
    {
        public string? Name { get; set; }

        public string? Color { get; set; }
    }

    private sealed class SampleValidation : IValidateOptions<SampleOptions>
    {
        public ValidateOptionsResult Validate(string? name, SampleOptions options) => ValidateOptionsResult.Fail(
            new[] { ("Name", options.Name), ("Color", options.Color) }
                .Where(setting => string.IsNullOrEmpty(setting.Item2))
                .Select(setting => $"Sample:{setting.Item1} is missing; state it."));
    }
}
