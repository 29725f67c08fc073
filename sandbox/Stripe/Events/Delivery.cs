using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Events;

/// <summary>One attempt to hand an event to an endpoint.</summary>
/// <param name="Event">The stored event.</param>
/// <param name="Url">Where to.</param>
/// <param name="Secret">Signs the attempt.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="DueAt">Not before, Unix seconds of sandbox time.</param>
public sealed record Delivery(JsonObject Event, string Url, string Secret, int Attempt, long DueAt)
{
    // A test-mode account retries three times over a few hours.
    private static readonly long[] BackOffSeconds = [600, 3_600, 3 * 3_600];

    /// <summary>The retry after this attempt failed; null when none is left.</summary>
    public Delivery? Next(long now) => Attempt <= BackOffSeconds.Length
        ? this with { Attempt = Attempt + 1, DueAt = now + BackOffSeconds[Attempt - 1] }
        : null;
}
