using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Hub.AzureStorage;

/// <summary>Counts every request to storage, retries included, as <c>hub.storage.calls</c> of meter <c>Hub.AzureStorage</c>.</summary>
/// <remarks>Tags: <c>service</c> is <c>table</c> or <c>queue</c>, <c>name</c> the table's or queue's name.</remarks>
public sealed class CallCounter(string service) : HttpPipelineSynchronousPolicy
{
    public const string MeterName = "Hub.AzureStorage";
    public const string InstrumentName = "hub.storage.calls";

    private const string NameProperty = "Hub.AzureStorage.Name";
    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Calls = Meter.CreateCounter<long>(InstrumentName, "{call}", "Requests to Azure Storage, retries included.");

    public override void OnSendingRequest(HttpMessage message)
    {
        string name = message.TryGetProperty(NameProperty, out object? given) && given is string text ? text : NameIn(message.Request.Uri.ToUri());
        Calls.Add(1, new KeyValuePair<string, object?>("service", service), new KeyValuePair<string, object?>("name", name));
    }

    /// <summary>Names the table of the requests sent inside, for those whose address does not: transactions.</summary>
    internal static IDisposable Naming(string table) =>
        HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [NameProperty] = table });

    /// <summary><c>…/Hub(PartitionKey=…)</c> is about <c>Hub</c>, <c>…/contract-sync/messages/id</c> about <c>contract-sync</c>.</summary>
    internal static string NameIn(Uri address)
    {
        string[] segments = address.AbsolutePath.Split('(')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        int messages = Array.LastIndexOf(segments, "messages");
        return segments.ElementAtOrDefault(messages > 0 ? messages - 1 : segments.Length - 1) ?? string.Empty;
    }
}
