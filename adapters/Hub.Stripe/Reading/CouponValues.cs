using System.Collections.Concurrent;
using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Reconciliation;
using Stripe;

namespace Hub.Stripe;

/// <summary>The percentage or amount behind a coupon id. What a coupon takes off never changes, so each is read once.</summary>
/// <remarks>Discounts name their coupon by id, and expanding it would go deeper than Stripe's four levels.</remarks>
internal sealed class CouponValues(StripeApi api)
{
    private readonly ConcurrentDictionary<string, Coupon> _known = new(StringComparer.Ordinal);

    /// <summary>What the discounts take off together, in order; deleted coupons are left out.</summary>
    public async Task<BilledDiscounts> Of(IEnumerable<Discount?>? discounts, CancellationToken ct) =>
        await Of((discounts ?? []).Select(discount => discount?.Source?.CouponId), ct);

    /// <inheritdoc cref="Of(IEnumerable{Discount}, CancellationToken)"/>
    public async Task<BilledDiscounts> Of(IEnumerable<string?> couponIds, CancellationToken ct)
    {
        BilledDiscounts taken = BilledDiscounts.None;
        foreach (string id in couponIds.OfType<string>())
        {
            taken = await Read(id, ct) switch
            {
                { PercentOff: { } percent } => taken.AndPercent(percent),
                { AmountOff: { } amount } => taken.AndAmount(amount),
                _ => taken,
            };
        }

        return taken;
    }

    /// <summary>What the coupons take off one after the other. The id of the Hub's own coupons says what they are, also after somebody has deleted one.</summary>
    public async Task<ImmutableArray<HeldDiscount>> Held(IEnumerable<string?> couponIds, CancellationToken ct)
    {
        ImmutableArray<HeldDiscount>.Builder held = ImmutableArray.CreateBuilder<HeldDiscount>();
        foreach (string? id in couponIds)
        {
            held.Add(id is null ? Unknown : OfOwn(id) ?? await Read(id, ct) switch
            {
                null => Unknown,
                { Duration: not "forever", PercentOff: null } => Unknown,
                var coupon => new HeldDiscount(coupon.PercentOff, coupon.AmountOff, coupon.Currency),
            });
        }

        return held.ToImmutable();
    }

    private static HeldDiscount Unknown => new(null, null, null);

    private static HeldDiscount? OfOwn(string id) => DiscountCoupon.PercentOff(id) is { } percent ? new(percent, null, null)
        : DiscountCoupon.AmountOff(id) is { } amount ? new(null, amount.MinorUnits, amount.Currency.StripeCode)
        : null;

    private async Task<Coupon?> Read(string id, CancellationToken ct)
    {
        if (_known.TryGetValue(id, out Coupon? known))
        {
            return known;
        }

        try
        {
            return _known[id] = await api.Coupons.GetAsync(id, null, null, ct);
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return null;
        }
    }
}
