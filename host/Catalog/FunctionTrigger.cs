using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Catalog;

/// <summary>What starts a function.</summary>
internal abstract record FunctionTrigger
{
    private FunctionTrigger()
    {
    }

    /// <param name="QueueName">The queue, or an expression <c>%Setting%</c> until the catalog is resolved.</param>
    /// <param name="Connection">Name of the setting or section that holds the storage connection.</param>
    public sealed record Queue(string QueueName, string Connection) : FunctionTrigger;

    /// <param name="Schedule">Six-field NCrontab in UTC, or an expression <c>%Setting%</c> until the catalog is resolved.</param>
    /// <param name="UseMonitor">Occurrences are recorded, so that a missed one is made up for.</param>
    /// <param name="RunOnStartup">Also runs at every start.</param>
    public sealed record Timer(string Schedule, bool UseMonitor, bool RunOnStartup) : FunctionTrigger;

    /// <param name="Route">Route template without the prefix.</param>
    /// <param name="Methods">Upper-case HTTP methods; empty means all.</param>
    /// <param name="Level">The key a caller must show.</param>
    public sealed record Http(string Route, ImmutableArray<string> Methods, AuthorizationLevel Level) : FunctionTrigger;
}
