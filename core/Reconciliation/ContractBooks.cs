using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Invoices;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>What both books hold under one contract key.</summary>
/// <param name="Sold">Null where no opportunity of the book has the key.</param>
/// <param name="Subscriptions">Of every status; a schedule that has not started stands here too, under its own id.</param>
public sealed record ContractBooks(
    string Key,
    SoldContract? Sold,
    ImmutableArray<BilledSubscription> Subscriptions,
    ImmutableArray<Invoice> Invoices,
    ImmutableArray<BilledCreditNote> CreditNotes)
{
    /// <summary>The books without objects of the other mode and without credit notes of invoices that are left out.</summary>
    public ContractBooks OfMode(bool livemode)
    {
        ImmutableArray<Invoice> invoices = [.. Invoices.Where(invoice => invoice.Livemode == livemode)];
        return this with
        {
            Subscriptions = [.. Subscriptions.Where(subscription => subscription.Livemode == livemode)],
            Invoices = invoices,
            CreditNotes = [.. CreditNotes.Where(note => note.Status == "issued" && invoices.Any(invoice => invoice.Id == note.InvoiceId))],
        };
    }

    /// <summary>The books with amounts off only where the contract sold one: of a product that was sold without, a coupon of an amount explains nothing.</summary>
    public ContractBooks WithAmountsOffAsSold()
    {
        HashSet<string> sold = [.. (Sold?.Lines ?? []).Where(line => line is { ShowDiscount: true, AmountOff: > 0 }).Select(line => line.ProductKey)];
        return this with
        {
            Subscriptions = [.. Subscriptions.Select(subscription => subscription with
            {
                Items = Known(subscription.Items),
                Phases = subscription.Phases.IsDefault ? default : [.. subscription.Phases.Select(phase => phase with { Items = Known(phase.Items) })],
            })],
            Invoices = [.. Invoices.Select(invoice => invoice with { Lines = [.. invoice.Lines.Select(Line)] })],
        };

        ImmutableArray<BilledItem> Known(ImmutableArray<BilledItem> items) =>
            [.. items.Select(item => item.AmountOff == 0 || sold.Contains(item.ProductId) ? item : item with { AmountOff = 0 })];

        InvoiceLine Line(InvoiceLine line) => line.AmountOff == 0 || (line.ProductId is { } product && sold.Contains(product)) ? line : line with { AmountOff = 0 };
    }
}

/// <summary>What the rules need besides the books.</summary>
/// <param name="AsOf">The day taken as today, in <paramref name="Zone"/>.</param>
/// <param name="Zone">Billing zone: everything is compared as calendar dates in it.</param>
public sealed record MatchTerms(LocalDate AsOf, DateTimeZone Zone, ReconciliationOptions Options)
{
    public static MatchTerms At(Instant asOf, DateTimeZone zone, ReconciliationOptions options) => new(asOf.InZone(zone).Date, zone, options);

    public LocalDate DateOf(Instant instant) => instant.InZone(Zone).Date;

    /// <summary>An SLA or a grace is over when date and days lie before today.</summary>
    public bool IsOver(LocalDate date, int days) => date.PlusDays(days) < AsOf;

    public bool IsSameDate(LocalDate left, LocalDate right) => Math.Abs(Period.DaysBetween(left, right)) <= Options.DateToleranceDays;

    /// <summary>A period is due when its start and the billing grace have passed.</summary>
    public bool IsDue(LocalDate periodStart) => periodStart.PlusDays(Options.BillingGraceDays) <= AsOf;
}

/// <summary>Small readings of billed records that several rules share.</summary>
public static class Billed
{
    public static bool IsLive(this BilledSubscription subscription) =>
        subscription.Status is "active" or "past_due" or "trialing" or "unpaid" or "paused" or "not_started";

    public static bool HasEnded(this BilledSubscription subscription) => subscription.Status is "canceled" or "incomplete_expired";

    public static bool IsFinal(this Invoice invoice) => invoice.Status is InvoiceStatus.Open or InvoiceStatus.Paid or InvoiceStatus.Uncollectible;

    public static LocalDate DateOf(this Invoice invoice, MatchTerms terms) => terms.DateOf(invoice.EffectiveAt ?? invoice.Created);

    public static long Net(this InvoiceLine line) => line.Amount - line.Discount;

    /// <summary>Net of the present items for one period each, metered ones left out; minor units.</summary>
    public static long OnePeriod(this BilledSubscription subscription) =>
        subscription.Items.Where(item => !item.Metered).Sum(item => item.OnePeriod());

    /// <summary>Net of the item for one of its periods; minor units.</summary>
    public static long OnePeriod(this BilledItem item) => LineAmount.Net(item.Quantity, item.UnitAmount ?? 0, Percent(item.PercentOff), item.AmountOff);

    /// <summary>Several discounts, each applied after the other, as one percentage.</summary>
    public static decimal Percent(ImmutableArray<decimal> percentOff) =>
        percentOff.IsDefaultOrEmpty ? 0 : 100 - percentOff.Aggregate(100m, (left, percent) => left * (100 - percent) / 100);

    /// <summary>Length of a billing interval in months; null where it is counted in days.</summary>
    public static int? Months(this BillingInterval interval) => interval.Unit switch
    {
        IntervalUnit.Month => interval.Count,
        IntervalUnit.Year => 12 * interval.Count,
        _ => null,
    };

    /// <summary>The schedule as a subscription that has not started, so that one set of rules serves both.</summary>
    public static BilledSubscription AsSubscription(this BilledSchedule schedule) => new(
        schedule.Id, schedule.Status is "not_started" or "active" ? "not_started" : "canceled", schedule.Livemode, schedule.CustomerId, schedule.AccountId,
        schedule.OpportunityId, schedule.Currency, schedule.Start, null, null, null, schedule.Id, schedule.EndsByCanceling ? schedule.End : null, null, true,
        schedule.Phases.IsDefaultOrEmpty ? [] : schedule.Phases[0].Items, schedule.Phases)
    {
        PhasesUntil = schedule.PhasesUntil,
    };
}
