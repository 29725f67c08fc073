using System.Net;

namespace Hub.Stripe;

/// <summary>Which answers of Stripe are repeated, and after how long.</summary>
/// <remarks>
/// <c>Stripe-Should-Retry</c> decides where it is present; without it: 409, 424, 429 and 5xx. A repeat carries the same idempotency key,
/// so it cannot do anything twice. A 429 with a reason is a limit and waits longest; one without is a lock on an object and is gone soon.
/// Source: Stripe docs, "Advanced error handling", "Rate limits".
/// </remarks>
internal static class RetryRule
{
    public const int MostRepeats = 5;

    private static readonly TimeSpan LockBase = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FaultBase = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LimitBase = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(16);

    public static bool IsRepeatable(HttpResponseMessage response) => ShouldRetryHeader(response) switch
    {
        "true" => true,
        "false" => false,
        _ => IsRepeatable(response.StatusCode),
    };

    /// <summary>Whether the outcome of a call with this status may differ next time; also tells refused from unknown once repeats are used up.</summary>
    public static bool IsRepeatable(HttpStatusCode status) =>
        status is HttpStatusCode.Conflict or HttpStatusCode.FailedDependency or HttpStatusCode.TooManyRequests || (int)status >= 500;

    /// <param name="repeat">0 before the first repeat.</param>
    /// <param name="response">Null when there was no answer.</param>
    /// <param name="jitter">0–1; spreads the wait over its upper half, so that callers refused together do not return together.</param>
    public static TimeSpan Delay(int repeat, HttpResponseMessage? response, decimal jitter)
    {
        TimeSpan first = response?.StatusCode is not HttpStatusCode.TooManyRequests ? FaultBase
            : response.Headers.Contains("Stripe-Rate-Limited-Reason") ? LimitBase
            : LockBase;
        long ticks = Math.Min(first.Ticks << Math.Min(repeat, MostRepeats), Longest.Ticks);
        return TimeSpan.FromTicks((ticks / 2) + (long)(ticks / 2 * jitter));
    }

    private static string? ShouldRetryHeader(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Stripe-Should-Retry", out IEnumerable<string>? values) ? values.First() : null;
}
