using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Adapters.Tests.Stripe;

/// <summary>The Hub's own record of effects, in memory, that survives a crash of the process.</summary>
internal sealed class FakeEffects(Fuse fuse) : IBillingEffects
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BillingEffect> _effects = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, BillingEffect> All => _effects;

    public async Task<BillingEffect> Claim(string key, string request, Instant now, CancellationToken ct)
    {
        await Task.Yield();
        ct.ThrowIfCancellationRequested();
        fuse.Pass();
        BillingEffect effect;
        lock (_gate)
        {
            _effects.TryAdd(key, new BillingEffect(key, request, null, now));
            effect = _effects[key];
        }

        fuse.Pass();
        return effect;
    }

    public async Task<BillingEffect?> Find(string key, CancellationToken ct)
    {
        await Task.Yield();
        lock (_gate)
        {
            return _effects.GetValueOrDefault(key);
        }
    }

    public async Task Complete(string key, string resultId, Instant now, CancellationToken ct)
    {
        await Task.Yield();
        ct.ThrowIfCancellationRequested();
        fuse.Pass();
        lock (_gate)
        {
            BillingEffect effect = _effects[key];
            _effects[key] = effect.ResultId is null || effect.ResultId == resultId
                ? effect with { ResultId = resultId }
                : throw new InvalidOperationException($"{key} is {effect.ResultId}, not {resultId}.");
        }

        fuse.Pass();
    }
}
