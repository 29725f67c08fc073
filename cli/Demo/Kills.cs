using System.Collections.Concurrent;

namespace Hub.Cli.Demo;

/// <summary>Ends the host without warning at random moments of the story, spread over its days, and starts it again each time.</summary>
/// <remarks>Which days and how far into them is decided by the seed; what the host is doing at that instant is left to chance, as with a real crash.</remarks>
internal sealed class Kills : IAsyncDisposable
{
    // About as long as each part takes: billing all deals, one day, comparing the books.
    private static readonly TimeSpan WithinTheBilling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WithinADay = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan WithinTheComparison = TimeSpan.FromSeconds(1.5);

    private readonly Stack _stack;
    private readonly int _days;
    private readonly Dictionary<int, List<double>> _moments = [];
    private readonly ConcurrentBag<Task> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private int _done;

    public Kills(DemoOptions options, Stack stack)
    {
        (_stack, _days) = (stack, options.Days);
#pragma warning disable CA5394 // Moments of a test, not a secret.
        var chance = new Random(options.Seed);
        for (int kill = 0; kill < options.Kills; kill++)
        {
            // Every fourth while the deals are billed, every fifth of the rest while the books are compared.
            int day = kill % 4 == 0 ? 0 : kill % 5 == 0 ? options.Days + 1 : chance.Next(1, options.Days + 1);
            (_moments.TryGetValue(day, out List<double>? list) ? list : _moments[day] = []).Add(chance.NextDouble());
        }
#pragma warning restore CA5394
    }

    /// <summary>How often the host was ended.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>The story has come to a day; the host dies some moment into it if that was decided.</summary>
    /// <param name="day">0 while deals are billed, then 1 to the last day, then one more while the books are compared.</param>
    public void Reached(int day)
    {
        lock (_moments)
        {
            if (_moments.Remove(day, out List<double>? moments))
            {
                TimeSpan longest = day == 0 ? WithinTheBilling : day > _days ? WithinTheComparison : WithinADay;
                moments.ForEach(moment => _running.Add(Kill(longest * moment, _stop.Token)));
            }
        }
    }

    /// <summary>Waits for the kills that the end of the story has set off, and for what they interrupted.</summary>
    public async Task Finish(HostClient hub, CancellationToken ct)
    {
        await Task.WhenAll(_running).WaitAsync(ct);
        await hub.WaitUntilIdle(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (Task kill in _running)
        {
            await kill.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
    }

    private async Task Kill(TimeSpan after, CancellationToken ct)
    {
        await Task.Delay(after, ct);
        await _stack.CrashHost(ct);
        Interlocked.Increment(ref _done);
    }
}
