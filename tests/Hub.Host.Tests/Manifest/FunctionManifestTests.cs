using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Functions;
using Hub.Host.Catalog;
using Hub.Host.Manifest;
using Hub.Host.Tests.Support;

namespace Hub.Host.Tests.Manifest;

public sealed class FunctionManifestTests
{
    private static readonly FunctionCatalog Catalog = FunctionCatalog.Scan([typeof(SampleFunctions)]);

    [Theory]
    [InlineData("SampleQueue", """{"bindings":[{"type":"queueTrigger","direction":"in","name":"queueItem","queueName":"%SampleQueueName%","connection":"HubStorage"}]}""")]
    [InlineData("SampleBytes", """{"bindings":[{"type":"queueTrigger","direction":"in","name":"queueItem","queueName":"sample-bytes","connection":"HubStorage","dataType":"binary"}]}""")]
    [InlineData("SampleTimer", """{"bindings":[{"type":"timerTrigger","direction":"in","name":"timer","schedule":"%SampleSchedule%","useMonitor":true,"runOnStartup":false}]}""")]
    [InlineData("SampleOpen", """{"bindings":[{"type":"httpTrigger","direction":"in","name":"req","authLevel":"anonymous","route":"open/{id}","methods":["post"]},{"type":"http","direction":"out","name":"res"}]}""")]
    [InlineData("SampleMaster", """{"bindings":[{"type":"httpTrigger","direction":"in","name":"req","authLevel":"admin","route":"master","methods":["get"]},{"type":"http","direction":"out","name":"res"}]}""")]
    public void Each_function_has_its_bindings(string function, string expected) =>
        Assert.Equal(expected, Compact(FunctionManifest.FunctionJson(Catalog.Find(function)!)));

    [Fact]
    public void The_package_names_the_executable_and_forwards_http()
    {
        using JsonDocument host = JsonDocument.Parse(FunctionManifest.HostJson());
        JsonElement handler = host.RootElement.GetProperty("customHandler");

        Assert.Equal("Hub.Host", handler.GetProperty("description").GetProperty("defaultExecutablePath").GetString());
        Assert.True(handler.GetProperty("enableProxyingHttpRequest").GetBoolean());
        Assert.Equal("base64", host.RootElement.GetProperty("extensions").GetProperty("queues").GetProperty("messageEncoding").GetString());
    }

    [Fact]
    public void The_committed_host_json_is_the_generated_one() =>
        Assert.Equal(FunctionManifest.HostJson(), File.ReadAllText(Repository("functions", "host.json")));

    /// <summary>The Functions host would start an isolated worker that names a custom handler as one.</summary>
    [Fact]
    public void The_isolated_workers_host_json_differs_by_what_only_a_custom_handler_has()
    {
        JsonObject generated = JsonNode.Parse(FunctionManifest.HostJson())!.AsObject();
        Assert.True(generated.Remove("customHandler") && generated.Remove("extensionBundle"));

        JsonNode? isolated = JsonNode.Parse(File.ReadAllText(Repository("functions", "isolated", "host.json")));

        Assert.True(JsonNode.DeepEquals(generated, isolated));
    }

    [Fact]
    public void The_hubs_own_functions_are_declared_without_defects() =>
        Assert.Empty(FunctionCatalog.Scan(typeof(HubServices).Assembly).Defects);

    [Fact]
    public async Task Write_manifest_writes_one_folder_per_function_and_needs_no_settings()
    {
        string folder = Directory.CreateTempSubdirectory("hub-manifest-").FullName;
        using TestProcess host = TestProcess.Start("Hub.Host.Tests.dll", new Dictionary<string, string>(), "--write-manifest", folder);

        Assert.Equal(0, await host.Exit());
        Assert.Equal(FunctionManifest.HostJson(), await File.ReadAllTextAsync(Path.Combine(folder, "host.json")));
        Assert.Equal(
            Catalog.Functions.Select(function => function.Name),
            Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal(
            FunctionManifest.FunctionJson(Catalog.Find("SampleTimer")!),
            await File.ReadAllTextAsync(Path.Combine(folder, "SampleTimer", "function.json")));
    }

    private static string Compact(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json));

    private static string Repository(params string[] path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Hub.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine([folder!.FullName, .. path]);
    }
}
