using System.Collections.Concurrent;
using System.Collections.Immutable;
using Stripe;

namespace Hub.Stripe;

/// <summary>The percentage behind a coupon id. A coupon's percentage never changes, so each is read once.</summary>
/// <remarks>Discounts name their coupon by id, and expanding it would go deeper than Stripe's four levels.</remarks>
internal sealed class CouponPercents(StripeApi api)
{
    private readonly ConcurrentDictionary<string, decimal?> _known = new(StringComparer.Ordinal);

    /// <summary>Percentages of the discounts, in order; amount-off coupons and deleted coupons have none and are left out.</summary>
    public async Task<ImmutableArray<decimal>> Of(IEnumerable<Discount?>? discounts, CancellationToken ct) =>
        await Of((discounts ?? []).Select(discount => discount?.Source?.CouponId), ct);

    public async Task<ImmutableArray<decimal>> Of(IEnumerable<string?> couponIds, CancellationToken ct)
    {
        ImmutableArray<decimal>.Builder percents = ImmutableArray.CreateBuilder<decimal>();
        foreach (string id in couponIds.OfType<string>())
        {
            if (await Percent(id, ct) is { } percent)
            {
                percents.Add(percent);
            }
        }

        return percents.ToImmutable();
    }

    private async Task<decimal?> Percent(string id, CancellationToken ct)
    {
        if (_known.TryGetValue(id, out decimal? known))
        {
            return known;
        }

        try
        {
            return _known[id] = (await api.Coupons.GetAsync(id, null, null, ct)).PercentOff;
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return null;
        }
    }
}
