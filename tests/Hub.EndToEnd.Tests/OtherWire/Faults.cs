using System.Collections.Concurrent;

namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>Things that go wrong, each exactly once.</summary>
internal sealed class Faults(params string[] names)
{
    private readonly ConcurrentDictionary<string, byte> _left = new(names.ToDictionary(name => name, _ => (byte)0));

    /// <summary>What has not gone wrong yet.</summary>
    public IReadOnlyCollection<string> Left => [.. _left.Keys];

    public bool Strikes(string name) => _left.TryRemove(name, out _);
}
