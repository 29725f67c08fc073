using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>From contract lines to the phases of one schedule (C14–C16).</summary>
internal static class PhasePlanning
{
    private static readonly SalesforceId NoLine = SalesforceId.OfExport("");

    /// <summary>A phase wherever something that is billed changes, neighbours of equal content joined; one-time lines where they are due.</summary>
    public static ImmutableArray<Phase> Phases(SoldContract contract)
    {
        ImmutableArray<SoldItem> sold = contract.Items();
        LocalDate[] cuts = [.. Cuts(sold, contract).Distinct().Order()];
        var phases = ImmutableArray.CreateBuilder<Phase>();
        foreach ((LocalDate start, LocalDate end) in cuts.Zip(cuts.Skip(1)))
        {
            Phase phase = At(start, end, sold, contract);
            if (phases.Count > 0 && SameContent(phases[^1], phase))
            {
                phases[^1] = phases[^1] with { End = end, TrialEnd = phase.TrialEnd };
            }
            else
            {
                phases.Add(phases.Count == 0 ? phase : phase with { NewCycle = StartsNewCycle(phase, phases[^1], sold, contract) });
            }
        }

        return phases.ToImmutable();
    }

    /// <summary>True when a one-time line of an amendment goes on the regular invoice of its first day: Stripe issues one on that day, whatever became known later.</summary>
    public static bool IsBilledRegularly(ContractLine oneTime, IEnumerable<SoldItem> sold, SoldContract contract) => oneTime.KnownOn(oneTime.Start)
        && sold.Any(item => item.Line.Charge == ChargeType.Recurring && item.BilledOn(oneTime.Start) > 0
            && contract.Timeline(item.Line.PeriodMonths).At(oneTime.Start).Start == oneTime.Start);

    /// <summary>The lines billed once, as items.</summary>
    public static ImmutableArray<OneTimeItem> OneTimeItems(IEnumerable<ContractLine> lines, SoldContract contract) =>
    [
        .. lines.Select(line => LinePricing.Once(line, contract)).Select(priced => new OneTimeItem(
            priced.Line.Product.Code,
            priced.Line.Product.StripeId,
            priced.Line.Id,
            priced.Line.Quantity,
            priced.SentUnitAmount!.Value,
            priced.PercentOff,
            priced.Line.Description)
        {
            AmountOff = priced.AmountOff(priced.Line.Quantity),
        }),
    ];

    private static Phase At(LocalDate start, LocalDate end, ImmutableArray<SoldItem> sold, SoldContract contract) => new(
        start,
        end,
        [.. sold.Where(item => item.LiveOn(start)).Select(item => LinePricing.On(ContentDate(start, item.Line, contract), item.On(start), contract).ToItem())],
        OneTimeItems(contract.OneTime.Where(line => DueOn(line, sold, contract) == start), contract),
        start < contract.Term!.BillingStart ? end : null)
    {
        DaysUntilDue = contract.NetDaysOn(start) is { } days && days != contract.NetDays ? days : null,
    };

    // The first invoice for what the original opportunity sold; an amendment's first day, where Stripe issues an invoice on it.
    private static LocalDate? DueOn(ContractLine oneTime, ImmutableArray<SoldItem> sold, SoldContract contract) => oneTime.Terms.KnownOn is null ? contract.Term!.Start
        : IsBilledRegularly(oneTime, sold, contract) ? oneTime.Start
        : null;

    // The free months carry the items that are billed right after them, so that only the trial tells the two phases apart.
    private static LocalDate ContentDate(LocalDate start, ContractLine line, SoldContract contract) =>
        start < contract.Term!.BillingStart && line.DiscountEnd is null && line.LiveOn(contract.Term.BillingStart) ? contract.Term.BillingStart : start;

    // Restarting the cycle bills every item anew, also one whose period is already paid for: only where all of them begin a period anyway.
    private static bool StartsNewCycle(Phase phase, Phase before, ImmutableArray<SoldItem> sold, SoldContract contract) => before.TrialEnd is null && phase.TrialEnd is null
        && phase.Items.Any(item => !IntervalsBefore(item, before).Contains(item.Interval))
        && sold.Where(item => item.LiveOn(phase.Start)).All(item => contract.Timeline(item.Line.PeriodMonths).At(phase.Start).Start == phase.Start);

    private static IEnumerable<BillingInterval> IntervalsBefore(PhaseItem item, Phase before)
    {
        PhaseItem[] same = [.. before.Items.Where(other => other.StripeProductId == item.StripeProductId)];
        return (same.Length > 0 ? same : before.Items.AsEnumerable()).Select(other => other.Interval);
    }

    private static IEnumerable<LocalDate> Cuts(ImmutableArray<SoldItem> sold, SoldContract contract)
    {
        ContractTerm term = contract.Term!;
        LocalDate[] inner =
        [
            term.Start, term.BillingStart, .. sold.SelectMany(item => ItemCuts(item, contract)),
            .. contract.OneTime.Select(line => DueOn(line, sold, contract)).OfType<LocalDate>(), .. contract.NetDaysFrom.Select(change => TermsCut(change.From, sold, contract)),
        ];
        return (term.End is { } end ? [.. inner, end] : inner.Append(OpenEnd(inner, sold, contract))).Where(cut => cut >= term.Start && (term.End is not { } last || cut <= last));
    }

    // Net days are those of the phase in which Stripe issues an invoice: the first billing date on or after the day; metered usage is also billed on the end date.
    private static LocalDate TermsCut(LocalDate from, ImmutableArray<SoldItem> sold, SoldContract contract)
    {
        LocalDate day = LocalDate.Max(from, contract.Term!.BillingStart);
        return contract.Usage.Any() || day >= contract.Term.End ? day : sold
            .Select(item => contract.Timeline(item.Line.PeriodMonths).At(day))
            .Min(period => period.Start == day ? day : period.End);
    }

    private static IEnumerable<LocalDate> ItemCuts(SoldItem item, SoldContract contract)
    {
        foreach (ContractLine part in item.Parts)
        {
            yield return part.Start;
            if (part.End is { } end)
            {
                yield return end;
            }
        }

        if (item.Line.DiscountEnd is { } discountEnd && item.LiveOn(discountEnd))
        {
            yield return discountEnd;
        }

        foreach (BillingPeriod stub in Stubs(item, contract))
        {
            yield return stub.Start;
            yield return stub.End;
        }
    }

    private static IEnumerable<BillingPeriod> Stubs(SoldItem item, SoldContract contract)
    {
        if (item.Line.Charge != ChargeType.Recurring || contract.Term!.End is not { } end)
        {
            return [];
        }

        BillingTimeline timeline = contract.Timeline(item.Line.PeriodMonths);
        return (contract.Term.Renewals.IsEmpty && contract.EarlierTerms.IsEmpty ? [timeline.At(end.PlusDays(-1))] : timeline.Periods(end))
            .Where(period => period.IsStub && item.LiveOn(period.Start));
    }

    // A phase needs an end even where the contract has none: one longest period after the last change, then the subscription goes on.
    private static LocalDate OpenEnd(LocalDate[] cuts, ImmutableArray<SoldItem> sold, SoldContract contract) => sold
        .Select(item => contract.Timeline(item.Line.PeriodMonths).At(cuts.Max()).FullEnd)
        .Max();

    private static bool SameContent(Phase left, Phase right) => right.OneTime.IsEmpty && left.TrialEnd is null == right.TrialEnd is null && left.DaysUntilDue == right.DaysUntilDue
        && left.Items.Length == right.Items.Length
        && (left.Items.Select(Content).SequenceEqual(right.Items.Select(Content)) || Ordered(left).SequenceEqual(Ordered(right)));

    // Free is the order of items within a phase.
    private static IEnumerable<(PhaseItem Item, string Tiers)> Ordered(Phase phase) => phase.Items.Select(Content).OrderBy(content => content.ToString(), StringComparer.Ordinal);

    // Which line an item stems from does not matter to what is billed; tiers compare by their bands.
    private static (PhaseItem Item, string Tiers) Content(PhaseItem item) => (
        item with { LineId = NoLine, PriceId = null, Tiers = null, ListPrice = null },
        item.Tiers is { } tiers ? $"{tiers.Mode}:{string.Join(';', tiers.Tiers)}" : "");
}
