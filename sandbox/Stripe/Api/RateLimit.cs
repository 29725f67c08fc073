namespace Hub.Sandbox.Stripe.Api;

/// <summary>Requests per second of real time for the whole account, with bursts of one second's worth.</summary>
/// <param name="perSecond">0 switches the limit off.</param>
/// <param name="time">Real time.</param>
public sealed class RateLimit(int perSecond, TimeProvider time)
{
    private readonly Lock gate = new();
    private double tokens = perSecond;
    private long last = time.GetTimestamp();

    /// <returns>Whether the request may pass.</returns>
    public bool TryTake()
    {
        if (perSecond == 0)
        {
            return true;
        }

        lock (gate)
        {
            var now = time.GetTimestamp();
            tokens = Math.Min(perSecond, tokens + (time.GetElapsedTime(last, now).TotalSeconds * perSecond));
            last = now;
            if (tokens < 1)
            {
                return false;
            }

            tokens--;
            return true;
        }
    }
}
