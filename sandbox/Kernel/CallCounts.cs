using System.Collections.Concurrent;

namespace Hub.Sandbox.Kernel;

/// <summary>How many requests each module has received, faulted ones included.</summary>
public sealed class CallCounts(IEnumerable<ISandboxModule> modules)
{
    private readonly ConcurrentDictionary<string, long> counts =
        new(modules.Select(module => KeyValuePair.Create(module.Name, 0L)), StringComparer.Ordinal);

    public void Count(string module) => counts.AddOrUpdate(module, 1, (_, before) => before + 1);

    public IReadOnlyDictionary<string, long> Snapshot() => new SortedDictionary<string, long>(counts, StringComparer.Ordinal);
}
