namespace Hub.Host.Queues;

/// <summary>Pauses between looks at an empty queue: exponential from 100 ms, randomised by a fifth, up to a maximum.</summary>
/// <remarks>The randomisation keeps several hosts from asking in step.</remarks>
internal sealed class PollingBackoff(TimeSpan longest, Random random)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private int _misses;

    public void Reset() => _misses = 0;

    /// <summary>The pause after one more look that found nothing.</summary>
    public TimeSpan Next()
    {
        double factor = Math.Pow(2, Math.Min(_misses++, 20)) * (0.8 + (0.4 * random.NextDouble()));
        return TimeSpan.FromTicks(Math.Clamp((long)(Shortest.Ticks * factor), Shortest.Ticks, longest.Ticks));
    }
}
