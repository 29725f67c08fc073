using System.Collections.Immutable;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Extensions;
using Stripe;

namespace Hub.Stripe;

/// <summary>Reads what a schedule bills by its content, so that an edit by hand shows.</summary>
internal sealed class HeldScheduleReader(StripeApi api, CouponValues coupons)
{
    /// <param name="schedule">With <c>phases.items.price</c> expanded; prices that are not, and tiers, are fetched. So are those of one-time items that are still to come, which are few.</param>
    public async Task<HeldSchedule> Read(SubscriptionSchedule schedule, CancellationToken ct)
    {
        ImmutableArray<HeldPhase>.Builder phases = ImmutableArray.CreateBuilder<HeldPhase>();
        foreach (SubscriptionSchedulePhase phase in schedule.Phases ?? [])
        {
            ImmutableArray<HeldItem>.Builder items = ImmutableArray.CreateBuilder<HeldItem>();
            foreach (SubscriptionSchedulePhaseItem item in phase.Items ?? [])
            {
                HeldPrice price = await Price(item.Price, item.PriceId, ct);
                HeldDiscounts off = await Off((item.Discounts ?? []).Select(discount => discount.CouponId), price, ct);
                items.Add(new HeldItem(price, item.Quantity, off.PercentOff) { AmountOff = off.AmountOff });
            }

            phases.Add(await Phase(phase, schedule, items.ToImmutable(), ct));
        }

        return new HeldSchedule(schedule.EndBehavior, phases.ToImmutable())
        {
            CurrentPhaseStart = schedule.CurrentPhase is { } current ? Date(current.StartDate) : null,
            PhasesUntil = ScheduleWindow.Until(schedule),
            PhasesFrom = ScheduleWindow.From(schedule),
        };
    }

    private async Task<HeldPhase> Phase(SubscriptionSchedulePhase phase, SubscriptionSchedule schedule, ImmutableArray<HeldItem> items, CancellationToken ct)
    {
        string? method = phase.CollectionMethod ?? schedule.DefaultSettings?.CollectionMethod;
        bool begun = schedule.Status != "not_started" && !(schedule.CurrentPhase is { } current && phase.StartDate > current.StartDate);
        return new HeldPhase(Date(phase.StartDate), Date(phase.EndDate), items)
        {
            CollectionMethod = method,
            NetDays = method == "charge_automatically" ? null
                : phase.InvoiceSettings?.DaysUntilDue ?? schedule.DefaultSettings?.InvoiceSettings?.DaysUntilDue,
            PaidFrom = Date(phase.TrialEnd ?? phase.StartDate),
            Discounted = phase.Discounts is { Count: > 0 },
            OneTime = begun ? null : await OneTime(phase.AddInvoiceItems ?? [], ct),
        };
    }

    private async Task<ImmutableArray<HeldOneTime>> OneTime(List<SubscriptionSchedulePhaseAddInvoiceItem> added, CancellationToken ct)
    {
        ImmutableArray<HeldOneTime>.Builder items = ImmutableArray.CreateBuilder<HeldOneTime>();
        foreach (SubscriptionSchedulePhaseAddInvoiceItem item in added)
        {
            HeldPrice price = await Price(item.Price, item.PriceId, ct);
            HeldDiscounts off = await Off((item.Discounts ?? []).Select(discount => discount.CouponId), price, ct);
            items.Add(new HeldOneTime(price.ProductId, (item.Quantity ?? 1) * price.UnitAmount, off.PercentOff) { AmountOff = off.AmountOff });
        }

        return items.ToImmutable();
    }

    private async Task<HeldDiscounts> Off(IEnumerable<string?> used, HeldPrice price, CancellationToken ct) => HeldDiscounts.Of(await coupons.Held(used, ct), price.Currency);

    // Tiers lie one level deeper than a list of schedules expands.
    private async Task<HeldPrice> Price(Price? known, string id, CancellationToken ct)
    {
        Price price = known is { BillingScheme: not "tiered" }
            ? known
            : await api.Prices.GetAsync(id, new PriceGetOptions { Expand = ["tiers"] }, null, ct);
        return new HeldPrice(
            price.ProductId, price.Currency, Interval(price.Recurring), price.UnitAmountDecimal,
            [.. (price.Tiers ?? []).Select(tier => new HeldTier(tier.UpTo, tier.UnitAmountDecimal))]);
    }

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
