using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for each message of a storage queue, at least once.</summary>
/// <param name="queueName">The queue, or <c>%Setting%</c> holding its name.</param>
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    public string QueueName { get; } = queueName;

    /// <summary>Name of the setting or section that holds the storage connection; null means AzureWebJobsStorage.</summary>
    public string? Connection { get; set; }
}
