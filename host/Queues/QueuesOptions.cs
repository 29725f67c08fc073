using Microsoft.Extensions.Options;

namespace Hub.Host.Queues;

/// <summary>The queue section of host.json; defaults here are what the generated host.json states.</summary>
/// <remarks>Overridden by settings <c>AzureFunctionsJobHost:extensions:queues:*</c>, as in the Functions host.</remarks>
internal sealed class QueuesOptions
{
    public const string Section = "AzureFunctionsJobHost:extensions:queues";

    /// <summary>Messages received at once; 1 to 32.</summary>
    public int BatchSize { get; set; } = 8;

    /// <summary>The next batch is received once so many or fewer are running; 0 and above.</summary>
    public int NewBatchThreshold { get; set; } = 4;

    /// <summary>Attempts before a message goes to the poison queue; 1 and above.</summary>
    public int MaxDequeueCount { get; set; } = 5;

    /// <summary>How long a failed message stays invisible before the next attempt; 0 to 7 days.</summary>
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest pause between looks at an empty queue; 100 ms and above.</summary>
    public TimeSpan MaxPollingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary><c>base64</c> or <c>none</c>.</summary>
    public string MessageEncoding { get; set; } = "base64";

    public bool IsBase64 => string.Equals(MessageEncoding, "base64", StringComparison.OrdinalIgnoreCase);

    internal sealed class Validation : IValidateOptions<QueuesOptions>
    {
        public ValidateOptionsResult Validate(string? name, QueuesOptions options)
        {
            List<string> failures = [];
            void Demand(bool holds, string setting, string range)
            {
                if (!holds)
                {
                    failures.Add($"{Section}:{setting} must be {range}.");
                }
            }

            Demand(options.BatchSize is >= 1 and <= 32, "batchSize", "1 to 32");
            Demand(options.NewBatchThreshold >= 0, "newBatchThreshold", "0 or more");
            Demand(options.MaxDequeueCount >= 1, "maxDequeueCount", "1 or more");
            Demand(options.VisibilityTimeout >= TimeSpan.Zero && options.VisibilityTimeout <= TimeSpan.FromDays(7), "visibilityTimeout", "0 to 7 days");
            Demand(options.MaxPollingInterval >= PollingBackoff.Shortest, "maxPollingInterval", "100 ms or more");
            Demand(options.IsBase64 || string.Equals(options.MessageEncoding, "none", StringComparison.OrdinalIgnoreCase), "messageEncoding", "base64 or none");
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}
