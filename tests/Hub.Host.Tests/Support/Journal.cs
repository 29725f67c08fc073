using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;

namespace Hub.Host.Tests.Support;

/// <summary>What the sample functions were given, and how they shall behave.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<string> _entries = new();
    private readonly Lock _gate = new();
    private int _inside;

    public IReadOnlyList<string> Entries => [.. _entries];

    public ConcurrentQueue<TimerInfo> Ticks { get; } = new();

    /// <summary>Awaited by every function before it ends; lets a test hold one in flight.</summary>
    public Func<CancellationToken, Task> Hold { get; set; } = _ => Task.CompletedTask;

    /// <summary>Makes a function throw.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    /// <summary>Most functions that ever ran at once.</summary>
    public int Peak { get; private set; }

    public async Task Note(string entry, CancellationToken ct)
    {
        _entries.Enqueue(entry);
        Enter(1);
        try
        {
            await Hold(ct);
        }
        finally
        {
            Enter(-1);
        }

        if (Fails(entry))
        {
            throw new InvalidOperationException("The test wanted this function to fail.");
        }
    }

    private void Enter(int change)
    {
        lock (_gate)
        {
            _inside += change;
            Peak = Math.Max(Peak, _inside);
        }
    }
}
