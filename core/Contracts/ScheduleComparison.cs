using System.Collections.Immutable;
using System.Globalization;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>
/// Whether a schedule in Stripe still bills what was planned: phases, their dates, items and terms, and how it ends. What is not known proves nothing.
/// </summary>
public static class ScheduleComparison
{
    /// <summary>True when all of the schedule is known and it is the plan's. As long as phases are to follow, an amendment may lie beyond those that were sent.</summary>
    public static bool Same(BillingPlan plan, HeldSchedule held, LocalDate? from = null) =>
        (held.PhasesUntil is null || plan.Change is null) && Difference(plan, held, from) is null && held.Phases.All(IsKnown);

    /// <summary>The first thing that speaks against it, as a clause without a full stop; null when nothing does.</summary>
    /// <remarks>Of a contract that is sent phase by phase, exactly the phases that were sent last are expected, and that the schedule ends by releasing.</remarks>
    /// <param name="from">
    /// Compares what is billed from this day on: of an amended contract Stripe keeps the phases that have passed, and the start of the one that
    /// was running, as they were, also where a change was backdated into them. Null: all of it.
    /// </param>
    public static string? Difference(BillingPlan plan, HeldSchedule held, LocalDate? from = null)
    {
        if (plan.Schedule is not { } planned)
        {
            return "the plan has no schedule";
        }

        from = held.PhasesFrom is { } taken && (from is not { } stated || stated < taken) ? taken : from;

        Phase[] ahead = [.. planned.Phases.Where(phase => (from is not { } day || phase.End > day) && (held.PhasesUntil is not { } until || phase.End <= until))];
        HeldPhase[] found = [.. held.Phases.Where(phase => from is not { } day || phase.End is not { } end || end > day)];
        if (ahead.Length != found.Length)
        {
            return $"it has {Counted(found.Length)} instead of {Counted(ahead.Length)}";
        }

        if (from is not null && found is [var current, ..])
        {
            found[0] = current with { Start = ahead[0].Start, PaidFrom = current.PaidFrom is { } paid && paid == current.Start ? ahead[0].Start : current.PaidFrom };
        }

        string wanted = planned.EndBehavior == EndBehavior.Cancel && held.PhasesUntil is null ? "cancel" : "release";
        return ahead.Zip(found).Select(pair => Difference(plan, pair.First, pair.Second) ?? TermsDifference(planned, pair.First, pair.Second)).FirstOrDefault(difference => difference is not null)
            ?? (held.EndBehavior is { } end && end != wanted ? $"its end_behavior is {end} instead of {wanted}" : null);
    }

    /// <summary>True when the price bills the item exactly as planned, quantity and discount aside.</summary>
    public static bool Fits(PhaseItem item, string currency, HeldPrice price) => price.ProductId == item.StripeProductId
        && string.Equals(price.Currency, currency, StringComparison.OrdinalIgnoreCase)
        && price.Interval is { } interval && Normal(interval) == Normal(item.Interval)
        && (item.Tiers is { } tiers
            ? price.Tiers.SequenceEqual(tiers.Tiers.Select(tier => new HeldTier(tier.UpTo, tier.UnitAmount)))
            : price.Tiers.IsEmpty && (item.SentUnitAmount is null || price.UnitAmount == item.SentUnitAmount));

    private static string? Difference(BillingPlan plan, Phase planned, HeldPhase held)
    {
        if ((held.Start is { } start && start != planned.Start) || (held.End is { } end && end != planned.End))
        {
            return $"a phase runs from {Text(held.Start)} to {Text(held.End)} instead of {Text(planned.Start)} to {Text(planned.End)}";
        }

        var left = held.Items.ToList();
        foreach (PhaseItem item in planned.Items)
        {
            // What is fully known is taken first, so that an item of which nothing is known is left for one that finds no other.
            int found = left.FindIndex(candidate => candidate.Price is not null && Fits(plan, item, candidate));
            found = found >= 0 ? found : left.FindIndex(candidate => Fits(plan, item, candidate));
            if (found < 0)
            {
                return $"the phase from {Text(planned.Start)} does not hold {Named(item)}";
            }

            left.RemoveAt(found);
        }

        return left is [var more, ..] ? $"the phase from {Text(planned.Start)} holds an item of product {more.Price?.ProductId ?? "unknown"} that was not planned" : null;
    }

    private static string? TermsDifference(SchedulePlan schedule, Phase planned, HeldPhase held)
    {
        string phase = $"the phase from {Text(planned.Start)}";
        string wanted = schedule.CollectionMethod.StripeName();
        if (held.CollectionMethod is { } method && method != wanted)
        {
            return $"{phase} is collected by {method} instead of {wanted}";
        }

        if (held.NetDays is { } days && (planned.DaysUntilDue ?? schedule.DaysUntilDue) is { } net && days != net)
        {
            return string.Create(CultureInfo.InvariantCulture, $"invoices of {phase} are due after {days} days instead of {net}");
        }

        if (held.PaidFrom is { } paid && paid != (planned.TrialEnd ?? planned.Start))
        {
            return $"{phase} is paid for from {Text(paid)} instead of {Text(planned.TrialEnd ?? planned.Start)}";
        }

        return held.Discounted ? $"{phase} has a discount as a whole"
            : held.OneTime is { } items && !Keys(items).SequenceEqual(Keys(OneTime(planned))) ? $"{phase} holds other one-time items than planned"
            : null;
    }

    /// <summary>The one-time items of a phase as Stripe holds them before they are billed.</summary>
    internal static ImmutableArray<HeldOneTime> OneTime(Phase phase) =>
        [.. phase.OneTime.Select(item => new HeldOneTime(item.StripeProductId, item.Quantity * item.UnitAmount, item.PercentOff) { AmountOff = item.AmountOff })];

    /// <summary>Content of one-time items, in an order of its own.</summary>
    internal static IEnumerable<string> Keys(ImmutableArray<HeldOneTime> items) => items
        .Select(item => $"{item.ProductId} {Problems.Text(item.Amount ?? -1)} {Problems.Text(item.PercentOff ?? 0)}" + (item.AmountOff is { } off ? $" {Problems.Text(off)} off" : ""))
        .Order(StringComparer.Ordinal);

    private static bool Fits(BillingPlan plan, PhaseItem item, HeldItem held) =>
        (held.Price is null || Fits(item, plan.Currency.StripeCode, held.Price))
        && (item.Usage || held.Quantity == item.Quantity)
        && (held.DiscountUnknown || (held.PercentOff == item.PercentOff && held.AmountOff == item.AmountOff));

    private static bool IsKnown(HeldPhase phase) =>
        phase is { Start: not null, End: not null } && phase.Items.All(item => item is { Price: not null, DiscountUnknown: false });

    // A year is twelve months: Stripe bills both alike.
    internal static BillingInterval Normal(BillingInterval interval) =>
        interval.Unit == IntervalUnit.Year ? new(IntervalUnit.Month, checked(interval.Count * 12)) : interval;

    private static string Counted(int phases) => phases == 1 ? "1 phase" : string.Create(CultureInfo.InvariantCulture, $"{phases} phases");

    private static string Named(PhaseItem item) => (item.Quantity is { } quantity ? string.Create(CultureInfo.InvariantCulture, $"{quantity} × ") : "")
        + item.ProductCode
        + (item.SentUnitAmount is { } amount ? $" at {Problems.Text(amount)} minor units" : "")
        + (item.PercentOff is { } percent ? $" less {Problems.Text(percent)} %" : "")
        + (item.AmountOff is { } off ? string.Create(CultureInfo.InvariantCulture, $" less {off} minor units") : "");

    private static string Text(NodaTime.LocalDate? date) => date is { } known ? Problems.Text(known) : "an unknown day";
}
