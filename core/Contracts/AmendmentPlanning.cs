using System.Collections.Immutable;
using Hub.Core.Money;
using Hub.Core.Time;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>An amending opportunity, complete and free of problems but for what it takes away.</summary>
/// <param name="Effective">First day of the change; of a termination the first day without service.</param>
/// <param name="End">First day after the contract as it stands then; null for none.</param>
/// <param name="Lines">Signed; their days are known.</param>
/// <param name="NetDays">Null: the contract's.</param>
/// <param name="CustomFields">Empty: the contract's.</param>
internal sealed record Amendment(
    DealType Type,
    LocalDate Effective,
    LocalDate? End,
    ImmutableArray<ContractLine> Lines,
    ChangeTerms Terms,
    CollectionMethod CollectionMethod,
    int? NetDays,
    EndBehavior EndBehavior,
    ImmutableArray<CustomField> CustomFields);

/// <summary>What an amendment makes of a contract (C11, C18).</summary>
/// <remarks>
/// Nothing sold is ever taken out: every change is a line of its own with a signed quantity and the date on which it became known, so that
/// what was billed before stays explained. Changes therefore add up to the same contract in whichever order they were won.
/// </remarks>
internal static class AmendmentPlanning
{
    /// <summary>The contract after the amendment; what it takes away without there being enough of it becomes a problem.</summary>
    public static SoldContract Apply(SoldContract contract, Amendment amendment, DealFacts facts, Problems problems)
    {
        SoldContract amended = amendment.Type switch
        {
            DealType.Termination => Cut(contract, amendment.Effective, amendment.Terms),
            DealType.Renewal => Renew(contract, amendment),
            _ => Change(contract, amendment, facts, problems),
        };
        SoldContract settled = Settle(contract, amended, amendment);
        return EndsEarlier(contract, settled) && !PhaseChecks.AreCompatible(PhasePlanning.Phases(settled))
            ? settled with { Term = settled.Term! with { CutShort = true, AgreedEnd = AgreedEnd(contract.Term!, settled.Term.End!.Value) } }
            : settled;
    }

    // The term that the new end lies in.
    private static LocalDate? AgreedEnd(ContractTerm before, LocalDate end)
    {
        LocalDate[] renewed = [.. before.Renewals.Select(renewal => renewal.Day).Where(day => day >= end)];
        return renewed.Length > 0 ? renewed.Min() : before.CutShort ? before.AgreedEnd : before.End;
    }

    private static bool EndsEarlier(SoldContract before, SoldContract after) =>
        after.Term!.End is { } end && end > after.Term.Start && (before.Term!.End is not { } old || end < old);

    private static SoldContract Settle(SoldContract before, SoldContract after, Amendment amendment)
    {
        ContractTerm term = after.Term! with
        {
            End = amendment.End,
            Renewals = [.. after.Term.Renewals.Where(renewal => amendment.End is not { } end || renewal.Day < end)],
            CutShort = after.Term.CutShort && amendment.End == after.Term.End,
        };
        bool moved = term.End != before.Term!.End || !term.Renewals.SequenceEqual(before.Term.Renewals);
        LocalDate known = amendment.Terms.BillsFrom!.Value;
        LocalDate from = LocalDate.Max(amendment.Effective, known);
        bool endsAnew = amendment.Type is DealType.Termination or DealType.Renewal;
        return after with
        {
            Term = term,
            EarlierTerms = moved ? before.EarlierTerms.Add(new(before.Term, before.Proration, known)) : before.EarlierTerms,
            Proration = moved ? amendment.Terms.Proration : before.Proration,
            CollectionMethod = amendment.CollectionMethod,
            NetDays = amendment.CollectionMethod == CollectionMethod.ChargeAutomatically ? null : before.NetDays ?? amendment.NetDays,
            NetDaysFrom = amendment.NetDays is { } days && days != before.NetDaysOn(from) && before.NetDays is not null ? before.NetDaysFrom.Add((from, days)) : before.NetDaysFrom,
            EndBehavior = endsAnew ? amendment.EndBehavior : before.EndBehavior,
            CustomFields = amendment.CustomFields.IsEmpty ? before.CustomFields : amendment.CustomFields,
        };
    }

    private static SoldContract Renew(SoldContract contract, Amendment amendment) => contract with
    {
        Term = contract.Term! with { Renewals = contract.Term.Renewals.Add(new(amendment.Effective, contract.Proration)) },
        Lines = contract.Lines.AddRange(amendment.Lines),
    };

    private static SoldContract Change(SoldContract contract, Amendment amendment, DealFacts facts, Problems problems)
    {
        SoldContract moved = amendment.End == contract.Term!.End ? contract
            : amendment.End is { } end && (contract.Term.End is not { } old || end < old) ? Cut(contract, end, amendment.Terms)
            : Extend(contract, amendment);
        foreach (ContractLine line in amendment.Lines.OrderByDescending(line => line.Quantity))
        {
            moved = moved with { Lines = moved.Lines.AddRange(Changed(line, moved, facts, problems)) };
            if (line.Charge == ChargeType.Usage && amendment.Type == DealType.Downsell)
            {
                moved = WithoutUsage(moved, line);
            }
        }

        return moved;
    }

    // Everything that runs on that day ends with the day before.
    private static SoldContract Cut(SoldContract contract, LocalDate end, ChangeTerms terms) => contract with
    {
        Lines =
        [
            .. contract.Lines.Where(line => line.Charge != ChargeType.OneTime || line.Start < end || IsBilled(line, terms.BillsFrom!.Value)),
            .. contract.Recurring.Where(line => line.End is not { } last || last > end)
                .Select(line => line with { Quantity = -line.Quantity, Start = LocalDate.Max(line.Start, end), Terms = terms }),
        ],
    };

    private static bool IsBilled(ContractLine oneTime, LocalDate on) => oneTime.Terms.KnownOn is not { } known || LocalDate.Max(oneTime.Start, known) < on;

    // Whatever runs to the contract's end goes on to the new one, also where that end was moved here before. Usage has no quantity to add.
    private static SoldContract Extend(SoldContract contract, Amendment amendment)
    {
        if (contract.Term!.End is not { } old)
        {
            return contract;
        }

        return contract with
        {
            Lines =
            [
                .. contract.Lines.Select(line => line.Charge == ChargeType.Usage && RunsUpTo(old, line) ? line with { End = Later(line.End, amendment.End) } : line),
                .. contract.Recurring.Where(line => RunsUpTo(old, line)).Select(line => line with { Start = old, End = amendment.End, Terms = amendment.Terms }),
            ],
        };
    }

    private static bool RunsUpTo(LocalDate end, ContractLine line) => line.Start < end && (line.End is not { } last || last >= end);

    private static LocalDate? Later(LocalDate? left, LocalDate? right) => left is { } one && right is { } other ? LocalDate.Max(one, other) : null;

    private static SoldContract WithoutUsage(SoldContract contract, ContractLine removed) => contract with
    {
        Lines =
        [
            .. contract.Lines.Where(line => line.Id != removed.Id).Select(line =>
                line.Charge == ChargeType.Usage && line.Product.Key == removed.Product.Key && (line.End is not { } end || end > removed.Start)
                    ? line with { End = LocalDate.Max(line.Start, removed.Start) }
                    : line),
        ],
    };

    private static ImmutableArray<ContractLine> Changed(ContractLine line, SoldContract contract, DealFacts facts, Problems problems)
    {
        if (line.Charge != ChargeType.Recurring)
        {
            return [line];
        }

        SoldItem[] same = [.. contract.Items().Where(item => SamePrice(item.Line, line, contract))];
        return line.Quantity > 0 ? Added(line, same) : Reduced(line, same, contract, facts, problems);
    }

    // Stripe gets totals: more of what is sold at the same price is one item, on each day that one which is sold then.
    private static ImmutableArray<ContractLine> Added(ContractLine line, SoldItem[] same)
    {
        var added = new List<ContractLine>();
        foreach ((LocalDate from, LocalDate? to) in Stretches(line, same))
        {
            SalesforceId item = same.FirstOrDefault(item => item.LiveOn(from))?.Line.ChangedLine ?? line.Id;
            Append(line with { ChangedLine = item, Start = from, End = to }, added);
        }

        return [.. added];
    }

    // The steps of a ramp are items of their own: each stretch of days is taken from what is sold in it.
    private static ImmutableArray<ContractLine> Reduced(ContractLine line, SoldItem[] same, SoldContract contract, DealFacts facts, Problems problems)
    {
        var taken = new List<ContractLine>();
        foreach ((LocalDate from, LocalDate? to) in Stretches(line, same))
        {
            decimal left = -line.Quantity;
            foreach (SoldItem item in same)
            {
                decimal part = Math.Min(left, item.QuantityOn(from));
                if (part > 0)
                {
                    Append(line with { ChangedLine = item.Line.ChangedLine, Quantity = -part, Start = from, End = to }, taken);
                    left -= part;
                }
            }

            if (left > 0)
            {
                TooMuch(line, from, contract, facts, problems);
                break;
            }
        }

        return [.. taken];
    }

    // What one item gains or loses without a break is one part.
    private static void Append(ContractLine part, List<ContractLine> parts)
    {
        int before = parts.FindIndex(other => other.ChangedLine == part.ChangedLine && other.Quantity == part.Quantity && other.End == part.Start);
        if (before >= 0)
        {
            parts[before] = parts[before] with { End = part.End };
        }
        else
        {
            parts.Add(part);
        }
    }

    // From the line's first to its last day, cut wherever what is sold changes.
    private static IEnumerable<(LocalDate From, LocalDate? To)> Stretches(ContractLine line, SoldItem[] items)
    {
        LocalDate[] starts =
        [
            .. items.SelectMany(item => item.Parts).SelectMany(part => part.End is { } end ? new[] { part.Start, end } : [part.Start])
                .Where(date => date > line.Start && (line.End is not { } last || date < last))
                .Append(line.Start).Distinct().Order(),
        ];
        return starts.Select((start, index) => (start, index + 1 < starts.Length ? starts[index + 1] : line.End));
    }

    private static void TooMuch(ContractLine line, LocalDate on, SoldContract contract, DealFacts facts, Problems problems)
    {
        SalesforceRecord record = facts.Lines.First(read => SalesforceId.OfExport(read.Record.Id) == line.Id).Record;
        string[] sold =
        [
            .. contract.Items().Where(item => item.Line.Product.Key == line.Product.Key && item.Line.Charge == ChargeType.Recurring && item.LiveOn(on))
                .Select(item => $"{Problems.Text(item.QuantityOn(on))} at {Problems.Price(Shown(item.Line.UnitPrice), contract.Currency)}"),
        ];
        problems.Add(
            ProblemCodes.ReductionUnmatched, record, F.Line.Quantity,
            $"Product {line.Product.Code} is to be reduced by {Problems.Text(-line.Quantity)} at {Problems.Price(Shown(line.UnitPrice), contract.Currency)} "
                + $"from {Problems.Text(line.Start)}, but the contract has {(sold.Length == 0 ? "none of it" : string.Join(" and ", sold))} {(on == line.Start ? "then" : $"from {Problems.Text(on)}")}.",
            "Reduce what the contract holds, at the price it was sold at; a change of price is a reduction at the old price and an addition at the new one.");
    }

    private static decimal Shown(Rational price) => price.ToDecimal(12);

    private static bool SamePrice(ContractLine sold, ContractLine line, SoldContract contract)
    {
        if (sold.Charge != ChargeType.Recurring || sold.Product.Key != line.Product.Key || sold.PeriodMonths != line.PeriodMonths || !PriceTiers.Same(sold.Tiers, line.Tiers))
        {
            return false;
        }

        LocalDate day = LocalDate.Max(line.Start, sold.Start);
        PricedLine left = LinePricing.On(day, sold, contract);
        PricedLine right = LinePricing.On(day, line with { Start = LocalDate.Min(line.Start, day) }, contract);
        bool sameDiscount = sold.DiscountEnd == line.DiscountEnd || line.Quantity < 0;
        return sameDiscount && left.Exact(1) == right.Exact(1) && (line.Quantity < 0 || (left.PercentOff == right.PercentOff && left.ShownAmountOff == right.ShownAmountOff));
    }
}
