using Hub.Core.Time;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Where the lines lie in the contract: inside it, without gap or overlap (C14).</summary>
internal sealed class LineDayChecks(DealFacts facts, Problems problems)
{
    public void Run()
    {
        LineFacts[] lines = [.. facts.Lines.Where(line => line.Runs)];
        foreach (LineFacts line in lines)
        {
            ReadDays(line);
        }

        // Lines of an amendment are changes; whether the contract they make has gaps shows in its totals.
        bool standsAlone = facts.Type is DealType.New or DealType.Renewal;
        bool allKnown = standsAlone && facts.Term is not null && lines.All(line => line.DaysKnown);
        var gaps = lines.GroupBy(line => line.Product.Key)
            .Where(product => product.All(line => line.DaysStated))
            .SelectMany(product => OfProduct([.. product], standsAlone))
            .ToList();
        if (allKnown)
        {
            Uncovered(lines, gaps);
        }
    }

    private void ReadDays(LineFacts line)
    {
        Field<LocalDate> stated = line.Reading.Date(F.Line.LineStart);
        Field<LocalDate> first = stated.Missing ? line.Reading.Date(F.Line.ServiceDate) : stated;
        Field<LocalDate> last = line.Reading.Date(F.Line.LineEnd);
        bool inside = Inside(line, first, F.Line.LineStart, "starts") & Inside(line, last, F.Line.LineEnd, "ends");
        if (inside && first.Value is { } from && last.Value is { } to && to < from)
        {
            problems.Add(
                ProblemCodes.LineOutsideContract, line.Record, F.Line.LineEnd,
                $"The line of product {line.Product.Code} starts on {Problems.Text(from)} but ends on {Problems.Text(to)}, before it starts.",
                "Correct the first or the last day of the line.");
            inside = false;
        }

        line.Start = first.Value ?? facts.Effective ?? facts.Start;
        line.End = last.Value?.PlusDays(1) ?? EndOf(line.Start);
        line.DaysStated = inside && line.Start is not null && !first.Bad && !last.Bad;
        line.DaysKnown = line.DaysStated && facts.Term is not null;
    }

    // The term that the line begins in: a renewal states the full quantities of the one after it.
    private LocalDate? EndOf(LocalDate? start)
    {
        LocalDate[] renewed = facts is { Type: DealType.Upsell or DealType.Downsell, Amended.Term: { } term } && start is { } day
            ? [.. term.Renewals.Select(renewal => renewal.Day).Where(renewal => renewal > day)]
            : [];
        return renewed.Length == 0 ? facts.Term?.End : renewed.Min();
    }

    private bool Inside(LineFacts line, Field<LocalDate> day, string field, string verb)
    {
        if (day.Value is not { } date || facts.Start is not { } start
            || (date >= start && (facts.Term?.LastDay is not { } end || date <= end)))
        {
            return true;
        }

        string contract = facts.Term?.LastDay is { } last
            ? $"the contract runs from {Problems.Text(start)} to {Problems.Text(last)}"
            : $"the contract starts on {Problems.Text(start)}";
        problems.Add(
            ProblemCodes.LineOutsideContract, line.Record, field,
            $"The line of product {line.Product.Code} {verb} on {Problems.Text(date)}, but {contract}.",
            "Correct the line's dates or the contract's; empty line dates are the contract's.");
        return false;
    }

    private IEnumerable<(LocalDate From, LocalDate To)> OfProduct(LineFacts[] lines, bool standsAlone)
    {
        LineFacts[] ordered = [.. lines.OrderBy(line => line.Start).ThenBy(line => line.End ?? LocalDate.MaxIsoValue)];
        Overlaps(ordered);
        if (!standsAlone)
        {
            yield break;
        }

        LocalDate? covered = ordered[0].End;
        foreach (LineFacts line in ordered.Skip(1))
        {
            if (covered is { } end && line.Start > end)
            {
                Gap(line, end, line.Start.Value.PlusDays(-1));
                yield return (end, line.Start.Value);
            }

            covered = covered is null || line.End is null ? null : LocalDate.Max(covered.Value, line.End.Value);
        }
    }

    private void Overlaps(LineFacts[] ordered)
    {
        for (int later = 1; later < ordered.Length; later++)
        {
            foreach (LineFacts earlier in ordered.Take(later))
            {
                if (Overlap(earlier, ordered[later]) is { } days)
                {
                    AddOverlap(earlier, ordered[later], days.From, days.To);
                }
            }
        }
    }

    // Where the contract's end is a finding, so is the last day of a line that states none.
    private (LocalDate From, LocalDate? To)? Overlap(LineFacts earlier, LineFacts later) =>
        (facts.Term is null && (earlier.End is null || later.End is null)) || (earlier.Start == later.Start && earlier.End == later.End) || earlier.End <= later.Start
            ? null
            : (later.Start!.Value, earlier.End is null ? later.End : later.End is null ? earlier.End : LocalDate.Min(earlier.End.Value, later.End.Value));

    private void AddOverlap(LineFacts earlier, LineFacts later, LocalDate from, LocalDate? to) => problems.Add(
        ProblemCodes.LineOverlap, later.Record, F.Line.LineStart,
        $"Product {later.Product.Code} was sold twice from {Problems.Text(from)} {(to is { } end ? $"to {Problems.Text(end.PlusDays(-1))}" : "on")}: "
            + $"quantity {Problems.Text(earlier.Quantity ?? 0)} and quantity {Problems.Text(later.Quantity ?? 0)}.",
        "Let one line end on the day before the other starts; or give both the same first and last day if they are meant to run side by side.");

    private void Uncovered(LineFacts[] lines, List<(LocalDate From, LocalDate To)> known)
    {
        LocalDate covered = facts.Term!.Start;
        LineFacts? before = null;
        foreach (LineFacts line in lines.OrderBy(line => line.Start))
        {
            if (line.Start > covered)
            {
                AddUncovered(line, covered, line.Start.Value, known);
            }

            if (line.End is not { } end)
            {
                return;
            }

            before = before is null || end > covered ? line : before;
            covered = LocalDate.Max(covered, end);
        }

        if (before is not null && facts.Term.End is { } last && covered < last)
        {
            AddUncovered(before, covered, last, known);
        }
    }

    private void AddUncovered(LineFacts line, LocalDate from, LocalDate to, List<(LocalDate From, LocalDate To)> known)
    {
        if (!known.Any(gap => gap.From <= from && to <= gap.To))
        {
            Gap(line, from, to.PlusDays(-1));
        }
    }

    private void Gap(LineFacts line, LocalDate first, LocalDate last) => problems.Add(
        ProblemCodes.LineGap, line.Record, F.Line.LineStart,
        $"Product {line.Product.Code} leaves a gap from {Problems.Text(first)} to {Problems.Text(last)} in which nothing is billed.",
        "Move the first or last day of the lines so that they follow one another and cover the whole contract.");
}
