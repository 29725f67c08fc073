using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Readiness;

/// <summary>Looks at the queues from outside. Implemented by Hub.AzureStorage.</summary>
public interface IQueueWatch
{
    /// <summary>Every Hub queue with its approximate length and that of its poison twin.</summary>
    Task<ImmutableArray<QueueBacklog>> Backlogs(CancellationToken ct);
}

/// <param name="Waiting">Approximate number of messages, invisible ones included.</param>
/// <param name="Poison">Approximate number of messages in <c>{Queue}-poison</c>.</param>
public sealed record QueueBacklog(string Queue, int Waiting, int Poison);

/// <summary>A dependency the Hub cannot work without; each adapter registers one.</summary>
public interface IDependencyCheck
{
    /// <summary>Short name such as <c>stripe</c>.</summary>
    string Name { get; }

    /// <summary>Null when reachable and usable, else one sentence in words for the person who can mend it; no secrets.</summary>
    Task<string?> Check(CancellationToken ct);

    /// <summary>What does not work although the dependency does, in one sentence; null when nothing. The Hub is ready all the same.</summary>
    Task<string?> Note(CancellationToken ct) => Task.FromResult<string?>(null);
}
