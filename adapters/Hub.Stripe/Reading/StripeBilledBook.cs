using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Hub.Core.Contracts;
using Hub.Core.Reconciliation;
using NodaTime;
using NodaTime.Extensions;
using Stripe;
using Invoice = Hub.Core.Invoices.Invoice;

namespace Hub.Stripe;

/// <summary>Everything that is billed, page by page.</summary>
internal sealed class StripeBilledBook(StripeApi api, InvoiceReader invoices, CouponValues coupons) : IBilledBook
{
    public async IAsyncEnumerable<BilledSubscription> Subscriptions([EnumeratorCancellation] CancellationToken ct)
    {
        // A subscription cannot show the prices of its schedule's phases (five levels), a schedule can: one walk over the schedules first.
        Dictionary<string, Terms> terms = new(StringComparer.Ordinal);
        await foreach (SubscriptionSchedule schedule in Schedules(ct))
        {
            terms[schedule.Id] = await ReadTerms(schedule, ct);
        }

        var filter = new SubscriptionListOptions { Status = "all", Limit = 100, Expand = ["data.customer", "data.items.data.discounts"] };
        await foreach (Subscription subscription in api.Subscriptions.ListAutoPagingAsync(filter, null, ct))
        {
            yield return await Read(subscription, await TermsOf(subscription, terms, ct), ct);
        }
    }

    public async IAsyncEnumerable<BilledSchedule> PendingSchedules([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (SubscriptionSchedule schedule in Schedules(ct))
        {
            // A released schedule has lost its subscription to a field of its own; that subscription is in the other stream.
            if (schedule.SubscriptionId is null && schedule.ReleasedSubscription is null)
            {
                yield return await Read(schedule, ct);
            }
        }
    }

    public async IAsyncEnumerable<Invoice> Invoices([EnumeratorCancellation] CancellationToken ct)
    {
        var filter = new InvoiceListOptions { Limit = 100, Expand = InvoiceReader.ListExpansion };
        await foreach (global::Stripe.Invoice invoice in api.Invoices.ListAutoPagingAsync(filter, null, ct))
        {
            yield return await invoices.Read(invoice, ct);
        }
    }

    public async IAsyncEnumerable<BilledCreditNote> CreditNotes([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (CreditNote note in api.CreditNotes.ListAutoPagingAsync(new CreditNoteListOptions { Limit = 100 }, null, ct))
        {
            yield return new BilledCreditNote(
                note.Id,
                note.InvoiceId,
                note.CustomerId,
                note.Currency,
                note.TotalExcludingTax ?? note.Total,
                note.Status,
                note.Metadata?.GetValueOrDefault(MetadataKeys.Adjustment),
                note.Created.ToInstant());
        }
    }

    private IAsyncEnumerable<SubscriptionSchedule> Schedules(CancellationToken ct) => api.Schedules.ListAutoPagingAsync(
        new SubscriptionScheduleListOptions { Limit = 100, Expand = ["data.customer", "data.phases.items.price"] }, null, ct);

    // A schedule that arose between the two walks is read by itself.
    private async Task<Terms?> TermsOf(Subscription subscription, Dictionary<string, Terms> known, CancellationToken ct)
    {
        if (subscription.ScheduleId is not { } id)
        {
            return null;
        }

        return known.TryGetValue(id, out Terms? terms)
            ? terms
            : await ReadTerms(await api.Schedules.GetAsync(id, new SubscriptionScheduleGetOptions { Expand = ["phases.items.price"] }, null, ct), ct);
    }

    private async Task<Terms> ReadTerms(SubscriptionSchedule schedule, CancellationToken ct)
    {
        ImmutableArray<BilledPhase> phases = await Phases(schedule, ct);
        return new Terms(schedule.EndBehavior == "cancel" && phases is [.., var last] ? last.End : null, phases, ScheduleWindow.Until(schedule));
    }

    private async Task<BilledSubscription> Read(Subscription subscription, Terms? terms, CancellationToken ct)
    {
        ImmutableArray<BilledItem>.Builder items = ImmutableArray.CreateBuilder<BilledItem>();
        await foreach (SubscriptionItem item in Items(subscription, ct))
        {
            items.Add(await Read(item, ct));
        }

        return new BilledSubscription(
            subscription.Id,
            subscription.Status,
            subscription.Livemode,
            subscription.CustomerId,
            Account(subscription.Customer),
            Opportunity(subscription),
            subscription.Currency,
            subscription.StartDate.ToInstant(),
            subscription.CancelAt?.ToInstant(),
            subscription.CanceledAt?.ToInstant(),
            subscription.EndedAt?.ToInstant(),
            subscription.ScheduleId,
            terms?.End,
            (int?)subscription.DaysUntilDue,
            subscription.CollectionMethod == "send_invoice",
            items.ToImmutable(),
            terms?.Phases ?? default)
        {
            PhasesUntil = terms?.PhasesUntil,
        };
    }

    // The items inside a subscription are only the first few.
    private async IAsyncEnumerable<SubscriptionItem> Items(Subscription subscription, [EnumeratorCancellation] CancellationToken ct)
    {
        if (subscription.Items is not { HasMore: true })
        {
            foreach (SubscriptionItem item in subscription.Items?.Data ?? [])
            {
                yield return item;
            }

            yield break;
        }

        var all = new SubscriptionItemListOptions { Subscription = subscription.Id, Limit = 100, Expand = ["data.discounts"] };
        await foreach (SubscriptionItem item in api.SubscriptionItems.ListAutoPagingAsync(all, null, ct))
        {
            yield return item;
        }
    }

    private async Task<BilledItem> Read(SubscriptionItem item, CancellationToken ct)
    {
        BilledDiscounts discounts = await coupons.Of(item.Discounts, ct);
        return new BilledItem(
            item.Id,
            item.Price.ProductId,
            item.Quantity ?? 0,
            item.Price.UnitAmountDecimal,
            Interval(item.Price.Recurring),
            item.Price.Recurring?.UsageType == "metered",
            discounts.PercentOff,
            item.Discounts?.Min(discount => discount?.End)?.ToInstant())
        {
            AmountOff = discounts.AmountOff,
        };
    }

    private async Task<BilledSchedule> Read(SubscriptionSchedule schedule, CancellationToken ct)
    {
        ImmutableArray<BilledPhase> phases = await Phases(schedule, ct);
        return new BilledSchedule(
            schedule.Id,
            schedule.Status,
            schedule.Livemode,
            schedule.CustomerId,
            Account(schedule.Customer),
            Opportunity(schedule),
            schedule.Phases[0].Currency,
            phases[0].Start,
            phases[^1].End,
            schedule.EndBehavior == "cancel",
            phases)
        {
            PhasesUntil = ScheduleWindow.Until(schedule),
        };
    }

    private async Task<ImmutableArray<BilledPhase>> Phases(SubscriptionSchedule schedule, CancellationToken ct)
    {
        ImmutableArray<BilledPhase>.Builder phases = ImmutableArray.CreateBuilder<BilledPhase>();
        foreach (SubscriptionSchedulePhase phase in schedule.Phases)
        {
            ImmutableArray<BilledItem>.Builder items = ImmutableArray.CreateBuilder<BilledItem>();
            foreach (SubscriptionSchedulePhaseItem item in phase.Items)
            {
                items.Add(await Read(item, ct));
            }

            phases.Add(new BilledPhase(phase.StartDate.ToInstant(), phase.EndDate.ToInstant(), items.ToImmutable()));
        }

        return phases.ToImmutable();
    }

    // Items of a phase have no id of their own; the price tells them apart.
    private async Task<BilledItem> Read(SubscriptionSchedulePhaseItem item, CancellationToken ct)
    {
        Price price = item.Price ?? await api.Prices.GetAsync(item.PriceId, null, null, ct);
        BilledDiscounts discounts = await coupons.Of((item.Discounts ?? []).Select(discount => discount.CouponId), ct);
        return new BilledItem(
            price.Id,
            price.ProductId,
            item.Quantity ?? 0,
            price.UnitAmountDecimal,
            Interval(price.Recurring),
            price.Recurring?.UsageType == "metered",
            discounts.PercentOff,
            null)
        {
            AmountOff = discounts.AmountOff,
        };
    }

    private static BillingInterval Interval(PriceRecurring? recurring) => recurring switch
    {
        { Interval: "day" } => new(IntervalUnit.Day, (int)recurring.IntervalCount),
        { Interval: "week" } => new(IntervalUnit.Day, (int)recurring.IntervalCount * 7),
        { Interval: "month" } => new(IntervalUnit.Month, (int)recurring.IntervalCount),
        { Interval: "year" } => new(IntervalUnit.Year, (int)recurring.IntervalCount),
        _ => throw new InvalidOperationException($"A subscription item bills every {recurring?.Interval ?? "never"}."),
    };

    private static string? Account(Customer? customer) => customer?.Metadata?.GetValueOrDefault(MetadataKeys.Account);

    private static string? Opportunity(IHasMetadata holder) => holder.Metadata?.GetValueOrDefault(MetadataKeys.Opportunity);

    /// <param name="End">Null where the last phase does not end the subscription.</param>
    private sealed record Terms(Instant? End, ImmutableArray<BilledPhase> Phases, LocalDate? PhasesUntil);
}
