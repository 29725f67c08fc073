namespace Hub.Adapters.Tests.Stripe;

/// <summary>The process dies at the chosen point between two lines: every call outside passes one point before and one after it takes effect.</summary>
internal sealed class Fuse
{
    private int _passed;

    /// <summary>0: never.</summary>
    public int BlowsAt { get; set; }

    public int Passed => _passed;

    public void Reset(int blowsAt) => (_passed, BlowsAt) = (0, blowsAt);

    public void Pass()
    {
        if (Interlocked.Increment(ref _passed) == BlowsAt)
        {
            throw new ProcessKilledException();
        }
    }
}

public sealed class ProcessKilledException : Exception;
