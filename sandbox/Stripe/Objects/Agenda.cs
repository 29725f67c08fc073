namespace Hub.Sandbox.Stripe.Objects;

/// <summary>What is due to happen by itself, in time order, ties in order of entry.</summary>
/// <remarks>Entries are never withdrawn: each checks, when its time comes, whether there is still something to do.</remarks>
public sealed class Agenda
{
    private readonly PriorityQueue<Action, (long At, long Order)> entries = new();
    private long order;

    /// <summary>Unix seconds of the next entry.</summary>
    public long? Next => entries.TryPeek(out _, out var priority) ? priority.At : null;

    public void At(long unixSeconds, Action action) => entries.Enqueue(action, (unixSeconds, ++order));

    /// <summary>Plays all that is due, including what becomes due by playing.</summary>
    public void Play(long nowUnixSeconds)
    {
        while (entries.TryPeek(out _, out var priority) && priority.At <= nowUnixSeconds)
        {
            entries.Dequeue()();
        }
    }

    public void Clear() => entries.Clear();
}
