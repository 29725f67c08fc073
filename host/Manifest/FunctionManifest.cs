using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Host.Catalog;
using Hub.Host.CustomHandler;
using Hub.Host.Http;
using Hub.Host.Queues;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Manifest;

/// <summary>The files the Functions host finds the functions by: host.json and one function.json per function.</summary>
/// <remarks>Expressions <c>%Setting%</c> stay as they are: the Functions host and its scale controller replace them.</remarks>
internal static class FunctionManifest
{
    public const string HostFile = "host.json";
    public const string FunctionFile = "function.json";

    /// <summary>The handler's file name beside host.json; self-contained for Linux it has no extension.</summary>
    public const string Executable = "Hub.Host";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>host.json for custom hosting, with line feeds and a final one.</summary>
    public static string HostJson()
    {
        var queues = new QueuesOptions();
        return Text(new JsonObject
        {
            ["version"] = "2.0",
            ["telemetryMode"] = "OpenTelemetry",
            ["functionTimeout"] = HandlerDeadline.DefaultTimeout.ToString("c", null),
            ["logging"] = new JsonObject
            {
                ["logLevel"] = new JsonObject { ["default"] = "Information", ["Host.Aggregator"] = "Warning", ["Host.Results"] = "Information" },
            },
            ["extensions"] = new JsonObject
            {
                ["http"] = new JsonObject { ["routePrefix"] = HttpFunctions.DefaultPrefix },
                ["queues"] = new JsonObject
                {
                    ["batchSize"] = queues.BatchSize,
                    ["newBatchThreshold"] = queues.NewBatchThreshold,
                    ["maxDequeueCount"] = queues.MaxDequeueCount,
                    ["visibilityTimeout"] = queues.VisibilityTimeout.ToString("c", null),
                    ["maxPollingInterval"] = queues.MaxPollingInterval.ToString("c", null),
                    ["messageEncoding"] = queues.MessageEncoding,
                },
            },
            ["extensionBundle"] = new JsonObject { ["id"] = "Microsoft.Azure.Functions.ExtensionBundle", ["version"] = "[4.*, 5.0.0)" },
            ["customHandler"] = new JsonObject
            {
                ["description"] = new JsonObject { ["defaultExecutablePath"] = Executable },
                ["enableProxyingHttpRequest"] = true,
            },
        });
    }

    /// <summary>function.json of one function.</summary>
    public static string FunctionJson(FunctionDescriptor function) => Text(new JsonObject { ["bindings"] = Bindings(function) });

    /// <summary>All files by path relative to the package's root.</summary>
    public static IReadOnlyDictionary<string, string> Files(FunctionCatalog catalog) => catalog.Functions
        .Select(function => KeyValuePair.Create($"{function.Name}/{FunctionFile}", FunctionJson(function)))
        .Prepend(KeyValuePair.Create(HostFile, HostJson()))
        .ToDictionary(StringComparer.Ordinal);

    public static void Write(FunctionCatalog catalog, string folder)
    {
        foreach ((string path, string text) in Files(catalog))
        {
            string file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    private static JsonArray Bindings(FunctionDescriptor function) => function.Trigger switch
    {
        FunctionTrigger.Queue queue => [QueueTrigger(queue, function.TakesBytes)],
        FunctionTrigger.Timer timer =>
        [
            new JsonObject
            {
                ["type"] = "timerTrigger",
                ["direction"] = "in",
                ["name"] = Envelope.TimerBinding,
                ["schedule"] = timer.Schedule,
                ["useMonitor"] = timer.UseMonitor,
                ["runOnStartup"] = timer.RunOnStartup,
            },
        ],
        FunctionTrigger.Http http =>
        [
            HttpTrigger(http),
            new JsonObject { ["type"] = "http", ["direction"] = "out", ["name"] = "res" },
        ],
        var other => throw new InvalidOperationException($"{function.Name} has a trigger without a binding: {other}."),
    };

    private static JsonObject QueueTrigger(FunctionTrigger.Queue queue, bool binary)
    {
        var binding = new JsonObject
        {
            ["type"] = "queueTrigger",
            ["direction"] = "in",
            ["name"] = Envelope.QueueBinding,
            ["queueName"] = queue.QueueName,
            ["connection"] = queue.Connection,
        };
        if (binary)
        {
            binding["dataType"] = "binary";
        }

        return binding;
    }

    private static JsonObject HttpTrigger(FunctionTrigger.Http http)
    {
        var binding = new JsonObject
        {
            ["type"] = "httpTrigger",
            ["direction"] = "in",
            ["name"] = Envelope.HttpBinding,
            ["authLevel"] = Level(http.Level),
            ["route"] = http.Route,
        };
        if (!http.Methods.IsEmpty)
        {
            binding["methods"] = new JsonArray([.. http.Methods.Select(method => JsonValue.Create(method.ToLowerInvariant()))]);
        }

        return binding;
    }

    private static string Level(AuthorizationLevel level) => level switch
    {
        AuthorizationLevel.Anonymous => "anonymous",
        AuthorizationLevel.User => "user",
        AuthorizationLevel.Function => "function",
        AuthorizationLevel.System => "system",
        AuthorizationLevel.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "Unknown level."),
    };

    private static string Text(JsonObject json) => json.ToJsonString(Json) + "\n";
}
