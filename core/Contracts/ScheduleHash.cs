using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hub.Core.Contracts;

/// <summary>Names what a schedule bills, so that it can be told whether it is still as the Hub wrote it when the plan it was written from is gone.</summary>
/// <remarks>Covers what <see cref="ScheduleComparison"/> compares of a schedule that has not started.</remarks>
public static class ScheduleHash
{
    /// <summary>What is sent of a plan; null for one without schedule.</summary>
    public static string? Of(BillingPlan plan) => plan.Schedule is { } schedule ? Of(Sent(plan, phase => new HeldPhase(phase.Start, phase.End, Items(plan, phase))
    {
        CollectionMethod = schedule.CollectionMethod.StripeName(),
        NetDays = phase.DaysUntilDue ?? schedule.DaysUntilDue,
        PaidFrom = phase.TrialEnd ?? phase.Start,
        OneTime = ScheduleComparison.OneTime(phase),
    })) : null;

    /// <summary>As <see cref="Of(BillingPlan)"/>, of the phases' days and items alone.</summary>
    public static string? OfItems(BillingPlan plan) =>
        plan.Schedule is null ? null : Of(Sent(plan, phase => new HeldPhase(phase.Start, phase.End, Items(plan, phase))));

    /// <summary>Lower-case hex SHA-256; the order of a phase's items does not matter.</summary>
    public static string Of(HeldSchedule schedule)
    {
        var text = new StringBuilder(schedule.EndBehavior);
        foreach (HeldPhase phase in schedule.Phases)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Text(phase.Start)}/{Text(phase.End)} {phase.CollectionMethod} {phase.NetDays} {Text(phase.PaidFrom)} {phase.Discounted}");
            foreach (string item in phase.Items.Select(Text).Order(StringComparer.Ordinal).Concat(ScheduleComparison.Keys(phase.OneTime ?? [])))
            {
                text.Append('\n').Append(item);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static HeldSchedule Sent(BillingPlan plan, Func<Phase, HeldPhase> held) => new(
        PhaseWindow.EndSent(plan) == EndBehavior.Cancel ? "cancel" : "release", [.. PhaseWindow.Sent(plan).Select(held)]);

    private static ImmutableArray<HeldItem> Items(BillingPlan plan, Phase phase) =>
    [
        .. phase.Items.Select(item => new HeldItem(
            new(item.StripeProductId, plan.Currency.StripeCode, item.Interval, item.Tiers is null ? item.SentUnitAmount : null,
                [.. (item.Tiers?.Tiers ?? []).Select(tier => new HeldTier(tier.UpTo, tier.UnitAmount))]),
            item.Usage ? null : item.Quantity,
            item.PercentOff)
        {
            AmountOff = item.AmountOff,
        }),
    ];

    // Stripe states no quantity for metered items, or none of meaning.
    private static string Text(HeldItem item)
    {
        string price = item.Price is { } known
            ? $"{known.ProductId} {known.Currency} {(known.Interval is { } interval ? ScheduleComparison.Normal(interval).ToString() : "")} {Text(known.UnitAmount)} "
                + string.Join(';', known.Tiers.Select(tier => string.Create(CultureInfo.InvariantCulture, $"{tier.UpTo}:{Text(tier.UnitAmount)}")))
            : "?";
        string amountOff = item is { DiscountUnknown: false, AmountOff: { } off } ? string.Create(CultureInfo.InvariantCulture, $" - {off} off") : "";
        return $"{price} × {Text(item.Quantity)} - {(item.DiscountUnknown ? "?" : Text(item.PercentOff))}{amountOff}";
    }

    private static string Text(decimal? number) => number is { } value ? Problems.Text(value) : "";

    private static string Text(NodaTime.LocalDate? date) => date is { } day ? Problems.Text(day) : "?";
}
