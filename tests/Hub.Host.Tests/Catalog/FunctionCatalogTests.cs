using Hub.Host.Catalog;
using Hub.Host.Tests.Support;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Tests.Catalog;

public sealed class FunctionCatalogTests
{
    [Fact]
    public void Functions_are_found_with_their_triggers()
    {
        FunctionCatalog catalog = FunctionCatalog.Scan(typeof(SampleFunctions).Assembly);

        Assert.Empty(catalog.Defects);
        Assert.Equal(
            ["SampleBytes", "SampleEmpty", "SampleKeyed", "SampleMaster", "SampleOpen", "SampleQueue", "SampleText", "SampleThrowing", "SampleTimer"],
            catalog.Functions.Select(function => function.Name));
        Assert.Equal(new FunctionTrigger.Queue("%SampleQueueName%", "HubStorage"), catalog.Find("samplequeue")?.Trigger);
        Assert.Equal(new FunctionTrigger.Timer("%SampleSchedule%", UseMonitor: true, RunOnStartup: false), catalog.Find("SampleTimer")?.Trigger);
        var open = Assert.IsType<FunctionTrigger.Http>(catalog.Find("SampleOpen")?.Trigger);
        Assert.Equal(("open/{id}", "POST", AuthorizationLevel.Anonymous), (open.Route, Assert.Single(open.Methods), open.Level));
    }

    [Fact]
    public void Expressions_take_their_value_from_settings()
    {
        FunctionCatalog catalog = Sample().Resolve(Settings(("SampleQueueName", "contract-sync"), ("SampleSchedule", "0 */5 * * * *")));

        Assert.Empty(catalog.Defects);
        Assert.Equal("contract-sync", ((FunctionTrigger.Queue)catalog.Find("SampleQueue")!.Trigger).QueueName);
        Assert.Equal("0 */5 * * * *", ((FunctionTrigger.Timer)catalog.Find("SampleTimer")!.Trigger).Schedule);
    }

    [Fact]
    public void Every_missing_or_wrong_setting_is_named()
    {
        FunctionCatalog catalog = Sample().Resolve(Settings(("SampleSchedule", "whenever")));

        Assert.Equal(
            [
                "Function SampleQueue: setting SampleQueueName is missing.",
                "Function SampleTimer: setting SampleSchedule: 'whenever' is not a schedule of six fields (second minute hour day month weekday).",
            ],
            catalog.Defects.AsEnumerable());
    }

    [Theory]
    [InlineData("AzureWebJobs:SampleQueue:Disabled")]
    [InlineData("AzureWebJobs.SampleQueue.Disabled")]
    public void A_function_that_is_switched_off_is_not_found_and_needs_no_settings(string setting)
    {
        FunctionCatalog catalog = Sample().Resolve(Settings((setting, "true"), ("SampleSchedule", "0 0 * * * *")));

        Assert.Empty(catalog.Defects);
        Assert.Null(catalog.Find("SampleQueue"));
        Assert.NotNull(catalog.Find("SampleText"));
    }

    [Fact]
    public static void Two_functions_of_one_name_are_refused() =>
        Assert.Contains(FunctionCatalog.Scan([typeof(Twins)]).Defects, defect => defect.StartsWith("Function Twin: the name is used by", StringComparison.Ordinal));

    [Fact]
    public void Declarations_the_host_cannot_run_are_refused() =>
        Assert.Equal(
            [
                "Function 9lives: not a function name (a letter, then up to 127 letters, digits, '_' or '-'; not 'host').",
                "Function NoAnswer: returns String; an HTTP function returns IActionResult or IResult.",
                "Function NoRoute: parameter customer of type String cannot be bound.",
                "Function NoTrigger: 0 triggers; a function has exactly one.",
            ],
            FunctionCatalog.Scan([typeof(Broken)]).Defects.Order(StringComparer.Ordinal));

    private static FunctionCatalog Sample() => FunctionCatalog.Scan([typeof(SampleFunctions)]);

    private static IConfiguration Settings(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
        .Build();

    internal sealed class Twins
    {
        [Function("Twin")]
        public static void One([QueueTrigger("one")] string message) => _ = message;

        [Function("twin")]
        public static void Two([QueueTrigger("two")] string message) => _ = message;
    }

    internal sealed class Broken
    {
        [Function("NoTrigger")]
        public static void NoTrigger(string message) => _ = message;

        [Function("9lives")]
        public static void BadName([QueueTrigger("one")] string message) => _ = message;

        [Function("NoAnswer")]
        public static string NoAnswer([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => request.Path;

        [Function("NoRoute")]
        public static IActionResult NoRoute([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "plans/{id}")] HttpRequest request, string customer) =>
            new OkObjectResult(customer + request.Path);
    }
}
