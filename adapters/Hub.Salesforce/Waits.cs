namespace Hub.Salesforce;

/// <summary>How long to wait before the next attempt. Source: Salesforce status codes; the Hub's table in ADR 0301.</summary>
internal static class Waits
{
    /// <summary>First try included.</summary>
    public const int Attempts = 5;

    /// <param name="retry">0 before the second attempt.</param>
    /// <param name="random">In [0, 1): jitter, so that instances do not come back together.</param>
    public static TimeSpan Before(FailureKind kind, int retry, double random) => kind switch
    {
        FailureKind.Concurrency => Between(5, 60, random),
        FailureKind.RowLocked => Between(1, 30, random),
        _ => TimeSpan.FromSeconds(0.5 * (1 << Math.Min(retry, 6)) * (1 + random)),
    };

    private static TimeSpan Between(int least, int most, double random) => TimeSpan.FromSeconds(least + ((most - least) * random));
}
