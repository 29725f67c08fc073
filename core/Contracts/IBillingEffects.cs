using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>The Hub's own durable record of each object it creates in Stripe: claimed before the call, completed after it. Implemented by Hub.AzureStorage.</summary>
/// <remarks>
/// The claim freezes the request: whoever repeats the effect, after a crash or at the same second, sends the same parameters under the
/// same key and so gets the same object.
/// </remarks>
public interface IBillingEffects
{
    /// <summary>Inserts the claim, or returns the one that is already there, whoever made it.</summary>
    /// <param name="key">Content-derived, at most 255 characters, no <c>/ \ # ?</c>.</param>
    /// <param name="request">The frozen request as JSON, at most 500 KB.</param>
    Task<BillingEffect> Claim(string key, string request, Instant now, CancellationToken ct);

    Task<BillingEffect?> Find(string key, CancellationToken ct);

    /// <summary>Records the id that Stripe returned; repeating it with the same id is a no-op, with another id a bug that throws.</summary>
    Task Complete(string key, string resultId, Instant now, CancellationToken ct);
}

/// <param name="ResultId">Id of the created object; null while the outcome is unknown.</param>
public sealed record BillingEffect(string Key, string Request, string? ResultId, Instant ClaimedAt);
