using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>Kinds 15 and 16: billed from or until another day than sold.</summary>
internal static class TermRules
{
    /// <param name="billedAfterEnd">Something was billed after the end: that row already tells of the missing end.</param>
    public static IEnumerable<Finding> Of(ContractCase books, bool billedAfterEnd)
    {
        if (books.Kept is not { } subscription || books.Sold.IsOnce)
        {
            return [];
        }

        return [.. Start(books, subscription), .. billedAfterEnd || books.Sold.AutoRenew ? [] : End(books, subscription)];
    }

    private static IEnumerable<Finding> Start(ContractCase books, BilledSubscription subscription)
    {
        if (books.Sold.Start is not { } sold || sold == books.Anchor)
        {
            yield break;
        }

        int days = Period.DaysBetween(sold, books.Anchor);
        ExpectedCharge[] first = [.. books.Charges.Where(charge => charge is { Once: false, Months: > 0 }).GroupBy(charge => charge.Date).FirstOrDefault() ?? Enumerable.Empty<ExpectedCharge>()];
        long lost = first.Length == 0
            ? 0
            : LineAmount.Round(-(decimal)days * first.Sum(charge => charge.Net) / Period.DaysBetween(first[0].Date, first[0].Date.PlusMonths(first[0].Months)));
        yield return new Finding(
            Kinds.StartDateMismatch, books.Key, 0, lost,
            $"Subscription {subscription.Id} starts on {Iso(books.Anchor)}; the contract starts on {Iso(sold)}.");
    }

    private static IEnumerable<Finding> End(ContractCase books, BilledSubscription subscription)
    {
        // While phases are to follow, the schedule does not say yet when the contract ends.
        if (books.Sold.End is not { } sold || subscription.PhasesUntil is { } until && until < sold)
        {
            yield break;
        }

        LocalDate? ends = (subscription.CancelAt ?? subscription.ScheduleEnd) is { } end ? books.Terms.DateOf(end) : null;
        if (ends is not { } billed)
        {
            yield return new Finding(
                Kinds.TermMismatch, books.Key, 0, subscription.OnePeriod(),
                $"Subscription {subscription.Id} has no end; the contract ends on {Iso(sold)}.");
        }
        else if (!books.Terms.IsSameDate(billed, sold))
        {
            yield return new Finding(
                Kinds.TermMismatch, books.Key, 0, WholePeriods(subscription, sold, billed),
                $"Subscription {subscription.Id} ends on {Iso(billed)}; the contract ends on {Iso(sold)}.");
        }
    }

    /// <summary>Net of the items' whole billing periods between the two ends, each item in its own rhythm; negative where the subscription ends early.</summary>
    private static long WholePeriods(BilledSubscription subscription, LocalDate sold, LocalDate billed)
    {
        (LocalDate early, LocalDate late) = sold < billed ? (sold, billed) : (billed, sold);
        long net = subscription.Items.Where(item => !item.Metered).Sum(item => Periods(item.Interval, early, late) * item.OnePeriod());
        return billed > sold ? net : -net;
    }

    private static int Periods(BillingInterval interval, LocalDate early, LocalDate late) => interval.Months() is { } months
        ? Period.Between(early, late, PeriodUnits.Months).Months / months
        : Period.DaysBetween(early, late) / interval.Count;

    private static string Iso(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}
