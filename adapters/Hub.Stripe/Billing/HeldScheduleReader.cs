using System.Collections.Immutable;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Extensions;
using Stripe;

namespace Hub.Stripe;

/// <summary>Reads what a schedule bills by its content, so that an edit by hand shows.</summary>
internal sealed class HeldScheduleReader(StripeApi api, CouponPercents coupons)
{
    /// <param name="schedule">With <c>phases.items.price</c> expanded; prices that are not, and tiers, are fetched.</param>
    public async Task<HeldSchedule> Read(SubscriptionSchedule schedule, CancellationToken ct)
    {
        ImmutableArray<HeldPhase>.Builder phases = ImmutableArray.CreateBuilder<HeldPhase>();
        foreach (SubscriptionSchedulePhase phase in schedule.Phases ?? [])
        {
            ImmutableArray<HeldItem>.Builder items = ImmutableArray.CreateBuilder<HeldItem>();
            foreach (SubscriptionSchedulePhaseItem item in phase.Items ?? [])
            {
                items.Add(new HeldItem(await Price(item, ct), item.Quantity, await PercentOff(item, ct)));
            }

            phases.Add(new HeldPhase(Date(phase.StartDate), Date(phase.EndDate), items.ToImmutable()));
        }

        return new HeldSchedule(schedule.EndBehavior, phases.ToImmutable())
        {
            CurrentPhaseStart = schedule.CurrentPhase is { } current ? Date(current.StartDate) : null,
            PhasesUntil = ScheduleWindow.Until(schedule),
            PhasesFrom = ScheduleWindow.From(schedule),
        };
    }

    // Tiers lie one level deeper than a list of schedules expands.
    private async Task<HeldPrice> Price(SubscriptionSchedulePhaseItem item, CancellationToken ct)
    {
        Price price = item.Price is { BillingScheme: not "tiered" } expanded
            ? expanded
            : await api.Prices.GetAsync(item.PriceId, new PriceGetOptions { Expand = ["tiers"] }, null, ct);
        return new HeldPrice(
            price.ProductId, price.Currency, Interval(price.Recurring), price.UnitAmountDecimal,
            [.. (price.Tiers ?? []).Select(tier => new HeldTier(tier.UpTo, tier.UnitAmountDecimal))]);
    }

    // The id of the Hub's own coupons says what they are, also after somebody has deleted one.
    private async Task<decimal?> PercentOff(SubscriptionSchedulePhaseItem item, CancellationToken ct)
    {
        string?[] used = [.. (item.Discounts ?? []).Select(discount => discount.CouponId)];
        if (used.Length == 0)
        {
            return null;
        }

        return used is [{ } only] && (DiscountCoupon.PercentOff(only) ?? await First(only, ct)) is { } percent ? percent : 0;
    }

    private async Task<decimal?> First(string coupon, CancellationToken ct) =>
        await coupons.Of([coupon], ct) is [var percent] ? percent : null;

    private static BillingInterval? Interval(PriceRecurring? recurring) => recurring switch
    {
        { Interval: "day" } => new(IntervalUnit.Day, (int)recurring.IntervalCount),
        { Interval: "week" } => new(IntervalUnit.Day, (int)recurring.IntervalCount * 7),
        { Interval: "month" } => new(IntervalUnit.Month, (int)recurring.IntervalCount),
        { Interval: "year" } => new(IntervalUnit.Year, (int)recurring.IntervalCount),
        _ => null,
    };

    // Convention C1: contract dates stand at 00:00:00 UTC.
    private static LocalDate Date(DateTime time) => time.ToInstant().InUtc().Date;
}
