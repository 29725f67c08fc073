using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Money;
using Stripe;

namespace Hub.Stripe;

/// <summary>Whether a stored price still is what a plan wants to bill.</summary>
/// <remarks>Prices cannot be changed in Stripe, so equality of amount, currency, interval, meter and tiers is all there is to check.</remarks>
public static class PriceReuse
{
    /// <summary>Which of the plan's stored prices may be used as they are, given the prices themselves.</summary>
    /// <param name="prices">As Stripe's API returns them, <c>tiers</c> expanded; others than the plan's are ignored.</param>
    public static ImmutableHashSet<string> Among(BillingPlan plan, IEnumerable<JsonElement> prices) =>
        [.. prices.Select(json => Price.FromJson(json.GetRawText())).Where(price => Fits(price, plan)).Select(price => price.Id)];

    /// <summary>Whether every item that names the price would be billed by it exactly as planned.</summary>
    internal static bool Fits(Price price, BillingPlan plan) => Stored(plan).All(item => item.PriceId != price.Id || Fits(price, item, plan.Currency));

    internal static IEnumerable<PhaseItem> Stored(BillingPlan plan) =>
        (plan.Schedule?.Phases ?? []).SelectMany(phase => phase.Items).Where(item => item.PriceId is not null);

    /// <param name="price">With <c>tiers</c> expanded.</param>
    internal static bool Fits(Price price, PhaseItem item, Currency currency) =>
        price is { Active: true, Deleted: not true }
        && string.Equals(price.Currency, currency.StripeCode, StringComparison.Ordinal)
        && price.ProductId == item.StripeProductId
        && FitsInterval(price.Recurring, item.Interval)
        && (price.Recurring.UsageType == "metered") == item.Usage
        && price.Recurring.Meter == item.MeterId
        && FitsAmount(price, item);

    private static bool FitsInterval(PriceRecurring? recurring, BillingInterval interval) => recurring is not null
        && Months(recurring.Interval, recurring.IntervalCount) is { } months
            ? months == Months(interval)
            : recurring is { Interval: "day" } && interval.Unit == IntervalUnit.Day && recurring.IntervalCount == interval.Count;

    // A year is twelve months: Stripe bills both alike, and either may have been used.
    private static long? Months(string interval, long count) => interval switch
    {
        "month" => count,
        "year" => count * 12,
        _ => null,
    };

    private static long? Months(BillingInterval interval) => interval.Unit switch
    {
        IntervalUnit.Month => interval.Count,
        IntervalUnit.Year => interval.Count * 12L,
        _ => null,
    };

    private static bool FitsAmount(Price price, PhaseItem item) => item.Tiers is { } tiers
        ? price.TiersMode == (tiers.Mode == TiersMode.Volume ? "volume" : "graduated") && FitsTiers(price.Tiers ?? [], tiers)
        : price.BillingScheme != "tiered" && price.UnitAmountDecimal == item.SentUnitAmount;

    private static bool FitsTiers(List<PriceTier> found, TiersPlan wanted) =>
        found.Count == wanted.Tiers.Length
        && found.Zip(wanted.Tiers).All(pair =>
            pair.First.UpTo == pair.Second.UpTo
            && pair.First.UnitAmountDecimal == pair.Second.UnitAmount
            && pair.First.FlatAmountDecimal is null or 0);
}
