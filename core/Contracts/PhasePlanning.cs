using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>From contract lines to the phases of one schedule (C14–C16).</summary>
internal static class PhasePlanning
{
    /// <summary>A phase wherever something that is billed changes, neighbours of equal content joined; one-time lines on the first.</summary>
    public static ImmutableArray<Phase> Phases(SoldContract contract)
    {
        LocalDate[] cuts = [.. Cuts(contract).Distinct().Order()];
        var phases = ImmutableArray.CreateBuilder<Phase>();
        foreach ((LocalDate start, LocalDate end) in cuts.Zip(cuts.Skip(1)))
        {
            Phase phase = At(start, end, contract);
            if (phases.Count > 0 && SameContent(phases[^1], phase))
            {
                phases[^1] = phases[^1] with { End = end, TrialEnd = phase.TrialEnd };
            }
            else
            {
                phases.Add(phases.Count == 0 ? phase : phase with { NewCycle = StartsNewCycle(phase, phases[^1], contract) });
            }
        }

        phases[0] = phases[0] with { OneTime = OneTimeItems(contract) };
        return phases.ToImmutable();
    }

    /// <summary>The lines billed once, as items.</summary>
    public static ImmutableArray<OneTimeItem> OneTimeItems(SoldContract contract) =>
    [
        .. contract.OneTime.Select(line => LinePricing.Once(line, contract)).Select(priced => new OneTimeItem(
            priced.Line.Product.Code,
            priced.Line.Product.StripeId,
            priced.Line.Id,
            priced.Line.Quantity,
            priced.SentUnitAmount!.Value,
            priced.PercentOff,
            priced.Line.Description)),
    ];

    private static Phase At(LocalDate start, LocalDate end, SoldContract contract) => new(
        start,
        end,
        [.. contract.Running.Where(line => line.LiveOn(start)).Select(line => LinePricing.On(ContentDate(start, line, contract), line, contract).ToItem())],
        [],
        start < contract.Term!.BillingStart ? end : null);

    // The free months carry the items that are billed right after them, so that only the trial tells the two phases apart.
    private static LocalDate ContentDate(LocalDate start, ContractLine line, SoldContract contract) =>
        start < contract.Term!.BillingStart && line.DiscountEnd is null && line.LiveOn(contract.Term.BillingStart) ? contract.Term.BillingStart : start;

    // Restarting the cycle bills every item anew, also one whose period is already paid for: only where all of them begin a period anyway.
    private static bool StartsNewCycle(Phase phase, Phase before, SoldContract contract) => before.TrialEnd is null && phase.TrialEnd is null
        && phase.Items.Any(item => !IntervalsBefore(item, before).Contains(item.Interval))
        && contract.Running.Where(line => line.LiveOn(phase.Start))
            .All(line => new BillingCalendar(contract.Term!, line.PeriodMonths).At(phase.Start).Start == phase.Start);

    private static IEnumerable<BillingInterval> IntervalsBefore(PhaseItem item, Phase before)
    {
        PhaseItem[] same = [.. before.Items.Where(other => other.StripeProductId == item.StripeProductId)];
        return (same.Length > 0 ? same : before.Items.AsEnumerable()).Select(other => other.Interval);
    }

    private static IEnumerable<LocalDate> Cuts(SoldContract contract)
    {
        ContractTerm term = contract.Term!;
        IEnumerable<LocalDate> inner = contract.Running.SelectMany(line => LineCuts(line, contract)).Append(term.Start).Append(term.BillingStart);
        return term.End is { } end ? inner.Append(end).Where(cut => cut <= end) : [.. inner, OpenEnd([.. inner], contract)];
    }

    private static IEnumerable<LocalDate> LineCuts(ContractLine line, SoldContract contract)
    {
        yield return line.Start;
        if (line.End is { } end)
        {
            yield return end;
        }

        if (line.DiscountEnd is { } discountEnd && (line.End is not { } last || discountEnd < last))
        {
            yield return discountEnd;
        }

        if (line.Charge == ChargeType.Recurring && StubStart(line, contract) is { } stub && line.LiveOn(stub))
        {
            yield return stub;
        }
    }

    private static LocalDate? StubStart(ContractLine line, SoldContract contract)
    {
        ContractTerm term = contract.Term!;
        return term.End is { } end && new BillingCalendar(term, line.PeriodMonths).At(end.PlusDays(-1)) is { IsStub: true } stub ? stub.Start : null;
    }

    // A phase needs an end even where the contract has none: one longest period after the last change, then the subscription goes on.
    private static LocalDate OpenEnd(LocalDate[] cuts, SoldContract contract) => contract.Running
        .Select(line => new BillingCalendar(contract.Term!, line.PeriodMonths).At(cuts.Max()).FullEnd)
        .Max();

    private static bool SameContent(Phase left, Phase right) => left.TrialEnd is null == right.TrialEnd is null
        && left.Items.Select(Content).SequenceEqual(right.Items.Select(Content));

    // Which line an item stems from does not matter to what is billed; tiers compare by their bands.
    private static (PhaseItem Item, string Tiers) Content(PhaseItem item) => (
        item with { LineId = default, PriceId = null, Tiers = null },
        item.Tiers is { } tiers ? $"{tiers.Mode}:{string.Join(';', tiers.Tiers)}" : "");
}
