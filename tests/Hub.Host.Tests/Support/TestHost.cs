using Hub.Host.Catalog;
using Hub.Host.Startup;

namespace Hub.Host.Tests.Support;

/// <summary>A host of the functions in <see cref="SampleFunctions"/>: in this process for tests, or as a process of its own.</summary>
internal static class TestHost
{
    /// <summary>Settings every test host needs; timers stay quiet and queues are looked at often.</summary>
    private static readonly string[] Defaults =
    [
        "--Host:Port=0", "--Host:FunctionKey=function-key", "--Host:MasterKey=master-key", "--Host:DrainSeconds=5",
        "--SampleSchedule=0 0 0 1 1 *",
        "--AzureFunctionsJobHost:extensions:queues:visibilityTimeout=00:00:00",
        "--AzureFunctionsJobHost:extensions:queues:maxPollingInterval=00:00:00.100",
    ];

    public static HostedFunctions Hosted { get; } = new(
        FunctionCatalog.Scan(typeof(SampleFunctions).Assembly),
        (services, configuration) => services.AddSingleton(new Journal
        {
            Hold = ct => Task.Delay(configuration.GetValue("SampleHoldMs", 0), ct),
        }));

    public static Task<int> Main(string[] args) => HubHost.Run(args, Hosted);

    public static Task<Prepared> Prepare(HostedFunctions hosted, params string[] settings) =>
        HostBuilding.Prepare([.. Defaults, .. settings], hosted, CancellationToken.None);

    public static async Task<RunningHost> Start(Journal journal, params string[] settings)
    {
        Prepared prepared = await Prepare(Hosted with { AddServices = (services, _) => services.AddSingleton(journal) }, settings);
        WebApplication app = Assert.IsType<Prepared.Ready>(prepared).App;
        await app.StartAsync();
        return new RunningHost(app);
    }
}
