using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Core.Books;

/// <summary>Compares a plan with what Stripe holds by content: an exported schedule need not carry the Hub's version.</summary>
internal static class HeldPlan
{
    /// <summary>True when the schedule has the plan's phases with the same items.</summary>
    public static bool Matches(BillingPlan plan, JsonElement schedule, BilledBooks books)
    {
        ImmutableArray<JsonElement> phases = schedule.List("phases");
        return plan.Schedule is { } planned && planned.Phases.Length == phases.Length
            && planned.Phases.Zip(phases).All(pair => Matches(plan, pair.First, pair.Second, books));
    }

    /// <summary>True when the plain invoice bills the plan's total.</summary>
    public static bool Matches(BillingPlan plan, JsonElement invoice) => plan.StandaloneInvoice is not null
        && invoice.Number("total") == plan.Total.MinorUnits
        && string.Equals(invoice.Text("currency"), plan.Currency.StripeCode, StringComparison.OrdinalIgnoreCase);

    /// <summary>Stored prices of the plan's items that bill exactly the same.</summary>
    public static ImmutableHashSet<string> ReusablePrices(BillingPlan plan, BilledBooks books) =>
    [
        .. (plan.Schedule?.Phases ?? []).SelectMany(phase => phase.Items)
            .Where(item => item.PriceId is not null && books.Price(item.PriceId) is { } price
                && price.Member("active")?.ValueKind != JsonValueKind.False && PriceText(item, plan.Currency.StripeCode) == PriceText(price))
            .Select(item => item.PriceId!),
    ];

    private static bool Matches(BillingPlan plan, Phase phase, JsonElement held, BilledBooks books) =>
        held.Date("start_date") == phase.Start && held.Date("end_date") == phase.End
        && phase.Items.Select(item => Text(item, plan.Currency.StripeCode)).Order(StringComparer.Ordinal)
            .SequenceEqual(held.List("items").Select(item => Text(item, books)).Order(StringComparer.Ordinal));

    private static string Text(PhaseItem item, string currency) => $"{PriceText(item, currency)} × {item.Quantity} - {Normal(item.PercentOff)}";

    private static string Text(JsonElement item, BilledBooks books) =>
        $"{PriceText(books.PriceOf(item) ?? default)} × {Normal(item.Number("quantity"))} - {Normal(PercentOff(item))}";

    private static string PriceText(PhaseItem item, string currency) => string.Join(
        ' ', item.StripeProductId, Normal(item.UnitAmount), currency, item.Interval.Unit.ToString().ToLowerInvariant(), item.Interval.Count,
        Tiers(item.Tiers?.Tiers.Select(tier => (tier.UpTo, (decimal?)tier.UnitAmount)) ?? []));

    private static string PriceText(JsonElement price)
    {
        JsonElement recurring = price.Member("recurring") ?? default;
        var (unit, count) = (recurring.Text("interval") ?? "", (int)(recurring.Number("interval_count") ?? 1));
        (unit, count) = unit == "month" && count % 12 == 0 ? ("year", count / 12) : (unit, count);
        return string.Join(
            ' ', price.Reference("product"), Normal(price.Number("unit_amount_decimal") ?? price.Number("unit_amount")), price.Text("currency"), unit, count,
            Tiers(price.List("tiers").Select(tier => ((long?)tier.Number("up_to"), tier.Number("unit_amount_decimal") ?? tier.Number("unit_amount")))));
    }

    private static decimal? PercentOff(JsonElement item) => item.List("discounts")
        .Select(discount => (discount.Member("coupon") ?? discount.Member("source")?.Member("coupon") ?? default).Number("percent_off"))
        .FirstOrDefault(percent => percent is not null);

    private static string Tiers(IEnumerable<(long? UpTo, decimal? UnitAmount)> tiers) =>
        string.Join(';', tiers.Select(tier => string.Create(CultureInfo.InvariantCulture, $"{tier.UpTo}:{Normal(tier.UnitAmount)}")));

    private static string Normal(decimal? number) => number is { } value ? value.ToString("0.############", CultureInfo.InvariantCulture) : "";
}
