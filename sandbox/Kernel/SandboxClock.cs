namespace Hub.Sandbox.Kernel;

/// <summary>The one clock of the sandbox. It stands still until the control API moves it, and never goes back.</summary>
/// <remarks>It is a <see cref="TimeProvider"/>, so anything that wants one can be handed the sandbox's time.</remarks>
public sealed class SandboxClock(DateTimeOffset start) : TimeProvider, IDisposable
{
    private readonly SemaphoreSlim advancing = new(1, 1);
    private readonly Lock gate = new();
    private readonly List<IClockDriven> driven = [];
    private long ticks = start.UtcTicks;

    /// <summary>Sandbox time, UTC.</summary>
    public DateTimeOffset Now => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Has <paramref name="part"/> called, in time order with all others, whenever the clock moves.</summary>
    public void Drive(IClockDriven part)
    {
        lock (gate)
        {
            driven.Add(part);
        }
    }

    /// <summary>Moves to <paramref name="to"/>, stopping at every due instant on the way; later calls wait for earlier ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="to"/> lies in the past.</exception>
    /// <exception cref="InvalidOperationException">A part keeps being due at one instant without end.</exception>
    public async Task AdvanceTo(DateTimeOffset to, CancellationToken ct)
    {
        await advancing.WaitAsync(ct);
        try
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(to, Now);
            await PlayUntil(to, ct);
            Interlocked.Exchange(ref ticks, to.UtcTicks);
        }
        finally
        {
            advancing.Release();
        }
    }

    public void Dispose() => advancing.Dispose();

    private async Task PlayUntil(DateTimeOffset to, CancellationToken ct)
    {
        const int roundsAtOneInstant = 10_000;
        var rounds = 0;
        while (Next(to) is var (part, due))
        {
            rounds = due > Now ? 0 : rounds + 1;
            if (rounds > roundsAtOneInstant)
            {
                throw new InvalidOperationException($"{part.GetType().Name} stays due at {due:O}.");
            }

            Interlocked.Exchange(ref ticks, Math.Max(due.UtcTicks, Now.UtcTicks));
            await part.RunDue(ct);
        }
    }

    private (IClockDriven Part, DateTimeOffset Due)? Next(DateTimeOffset to)
    {
        lock (gate)
        {
            return driven
                .Select(part => (Part: part, Due: part.NextDue))
                .Where(entry => entry.Due is { } due && due <= to)
                .OrderBy(entry => entry.Due)
                .Select(entry => ((IClockDriven, DateTimeOffset)?)(entry.Part, entry.Due!.Value))
                .FirstOrDefault();
        }
    }
}
