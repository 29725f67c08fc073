using System.Collections.Concurrent;

namespace Hub.Sandbox.Stripe.Api;

/// <summary>First answers by idempotency key, kept for 24 hours of sandbox time.</summary>
public sealed class IdempotencyStore
{
    private const long KeptSeconds = 24 * 3600;

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>Claims the key for a request, or tells how it was answered before.</summary>
    /// <param name="key">The key as sent.</param>
    /// <param name="fingerprint">Method, path and parameters; the same key may only be reused with the same.</param>
    /// <param name="requestId">Id of this request.</param>
    /// <param name="now">Sandbox time, Unix seconds.</param>
    /// <returns>The stored answer to replay, or null when this request is to be executed.</returns>
    /// <exception cref="ApiException">Another request is in flight under the key, or it was used for other parameters.</exception>
    public Answer? Claim(string key, string fingerprint, string requestId, long now)
    {
        if (key.Length > 255)
        {
            throw ApiException.Invalid("Idempotency keys can be at most 255 characters long.");
        }

        if (entries.TryGetValue(key, out var old) && old.Answer is not null && now - old.At >= KeptSeconds)
        {
            entries.TryRemove(key, out _);
        }

        var mine = new Entry(fingerprint, requestId, now);
        var found = entries.GetOrAdd(key, mine);
        return ReferenceEquals(found, mine) ? null : Known(found, key, fingerprint);
    }

    public void Keep(string key, Answer answer)
    {
        if (entries.TryGetValue(key, out var entry))
        {
            entry.Answer = answer;
        }
    }

    /// <summary>Frees a key whose request did not begin to execute.</summary>
    public void Release(string key) => entries.TryRemove(key, out _);

    public void Clear() => entries.Clear();

    private static Answer Known(Entry found, string key, string fingerprint)
    {
        if (found.Fingerprint != fingerprint)
        {
            throw ApiException.Idempotency(
                400, $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.");
        }

        return found.Answer ?? throw ApiException.Idempotency(
            409, "There is currently another in-progress request using this Stripe-Idempotency-Key (that probably means you submitted twice, and the other request is still going through).", "idempotency_key_in_use");
    }

    /// <param name="Status">HTTP status.</param>
    /// <param name="Body">JSON text.</param>
    /// <param name="RequestId">Request that was answered.</param>
    public sealed record Answer(int Status, string Body, string RequestId);

    private sealed class Entry(string fingerprint, string requestId, long at)
    {
        public string Fingerprint => fingerprint;

        public string RequestId => requestId;

        public long At => at;

        public Answer? Answer { get; set; }
    }
}
