using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Whether an amended contract still has something to bill on every day, and each product without a gap (C14).</summary>
internal static class CoverageChecks
{
    public static void Run(SoldContract contract, Amendment amendment, DealFacts facts, Problems problems)
    {
        if (problems.Any || amendment.Type == DealType.Termination)
        {
            return;
        }

        SalesforceRecord record = facts.Lines.FirstOrDefault(line => line.Runs)?.Record ?? facts.Deal.Opportunity;
        if (FirstUncovered([.. contract.Items()], contract.Term!) is { } nothing)
        {
            problems.Add(
                ProblemCodes.LineGap, record, F.Line.LineStart,
                $"After this change nothing recurs on the contract from {Problems.Text(nothing.From)} to {Problems.Text(nothing.To.PlusDays(-1))}.",
                "Leave something that recurs on every day of the contract; to end it as a whole, use an opportunity of type Termination.");
            return;
        }

        foreach (var product in contract.Items().GroupBy(item => item.Line.Product.Key))
        {
            SoldItem[] items = [.. product];
            if (Gap(items, contract.Term!) is { } gap)
            {
                SalesforceRecord line = facts.Lines.FirstOrDefault(line => line.Runs && line.Product.Key == product.Key)?.Record ?? record;
                problems.Add(
                    ProblemCodes.LineGap, line, F.Line.LineStart,
                    $"Product {items[0].Line.Product.Code} leaves a gap from {Problems.Text(gap.From)} to {Problems.Text(gap.To.PlusDays(-1))} in which nothing is billed.",
                    "Move the first or last day of the lines so that they follow one another.");
            }
        }
    }

    private static (LocalDate From, LocalDate To)? FirstUncovered(SoldItem[] items, ContractTerm term)
    {
        var spans = Spans(items, term.Start, term.End).Where(span => !items.Any(item => item.LiveOn(span.From))).ToArray();
        return spans.Length == 0 ? null : spans[0];
    }

    // A renewal sells anew: each term counts by itself.
    private static (LocalDate From, LocalDate To)? Gap(SoldItem[] items, ContractTerm term)
    {
        LocalDate[] starts = [term.Start, .. term.Renewals.Select(renewal => renewal.Day)];
        return starts.Select((start, index) => Gap(items, start, index + 1 < starts.Length ? starts[index + 1] : term.End)).FirstOrDefault(gap => gap is not null);
    }

    // Nothing between two stretches in which the product is sold.
    private static (LocalDate From, LocalDate To)? Gap(SoldItem[] items, LocalDate start, LocalDate? end)
    {
        (LocalDate From, LocalDate To)? open = null;
        bool sold = false;
        foreach ((LocalDate from, LocalDate to) in Spans(items, start, end))
        {
            if (items.Any(item => item.LiveOn(from)))
            {
                if (open is { } gap)
                {
                    return gap;
                }

                sold = true;
            }
            else if (sold)
            {
                open = (open?.From ?? from, to);
            }
        }

        return null;
    }

    private static IEnumerable<(LocalDate From, LocalDate To)> Spans(SoldItem[] items, LocalDate start, LocalDate? end)
    {
        LocalDate last = end ?? LocalDate.MaxIsoValue;
        LocalDate[] cuts =
        [
            .. items.SelectMany(item => item.Parts).SelectMany(part => part.End is { } stop ? new[] { part.Start, stop } : [part.Start])
                .Append(start).Append(last).Where(date => date >= start && date <= last).Distinct().Order(),
        ];
        return cuts.Zip(cuts.Skip(1));
    }
}
