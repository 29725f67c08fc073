using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Whether each meter is billed once on each day.</summary>
/// <remarks>
/// A meter counts the usage of a customer, and every metered price on it bills all of that: two lines at the same time would charge the same usage
/// twice. Lines that follow one another, as where a price changes, share a meter rightly. Source: Stripe docs, "Usage-based billing"; contracts C14.
/// </remarks>
internal sealed class MeterChecks(DealFacts facts, Problems problems)
{
    // Lines of a downsell end usage, they bill none.
    public void Run()
    {
        if (facts.Type is DealType.Downsell or DealType.Termination)
        {
            return;
        }

        Metered[] sold = [.. facts.Lines.Where(line => line is { Charge: ChargeType.Usage, Product.MeterId: not null } && IsKnown(line)).OrderBy(line => line.Start).Select(Of)];
        List<Metered> before = [.. Running()];
        foreach (Metered line in sold)
        {
            if (before.FirstOrDefault(other => other.Product.MeterId == line.Product.MeterId && !IsLineOverlap(other, line) && Overlaps(other, line)) is { } shared)
            {
                Add(shared, line);
            }

            before.Add(line);
        }
    }

    // Where the contract's end is not known, nor is that of a line that states none.
    private bool IsKnown(LineFacts line) => line.DaysStated && (facts.Term is not null || line.End is not null);

    // What runs to the contract's end goes on to the one that an upsell gives it.
    private IEnumerable<Metered> Running() => facts is { Type: DealType.Upsell, Amended: { Term: { } term } contract }
        ? contract.Usage.Select(line => new Metered(line.Product, line.Start, line.End is { } end && (term.End is not { } last || end < last) ? end : facts.Term?.End ?? line.End, null))
        : [];

    private static Metered Of(LineFacts line) => new(line.Product, line.Start!.Value, line.End, line);

    // The same product on other days of one opportunity is a problem already.
    private static bool IsLineOverlap(Metered other, Metered line) =>
        other.Line is not null && IsSameProduct(other, line) && (other.Start, other.End) != (line.Start, line.End);

    // What was read back from Stripe may have no other key than Stripe's.
    private static bool IsSameProduct(Metered one, Metered other) => one.Product.Key == other.Product.Key || one.Product.StripeId == other.Product.StripeId;

    private static bool Overlaps(Metered one, Metered other) => (other.End is not { } end || one.Start < end) && (one.End is not { } last || other.Start < last);

    private void Add(Metered other, Metered line)
    {
        bool same = IsSameProduct(other, line);
        LocalDate from = LocalDate.Max(other.Start, line.Start);
        LocalDate? to = other.End is { } one && line.End is { } two ? LocalDate.Min(one, two) : other.End ?? line.End;
        string days = to is { } end ? $"from {Problems.Text(from)} to {Problems.Text(end.PlusDays(-1))}" : $"from {Problems.Text(from)} on";
        string sold = same
            ? $"Product {line.Product.Code} is sold by usage twice {days}, on meter {line.Product.MeterId}"
            : $"Products {other.Product.Code} and {line.Product.Code} are both billed by meter {line.Product.MeterId} {days}";
        problems.Add(
            ProblemCodes.MeterShared,
            same ? line.Line!.Record : line.Line!.ProductRecord!,
            same ? F.Line.LineStart : F.Product.MeterId,
            $"{sold}; each line would charge all of its usage{(other.Line is null ? "; the contract has the first one already" : "")}.",
            (same ? "Remove one of the lines, or let" : "Enter a meter of its own on one of the products, or let")
                + " one line end on the day before the other starts; usage that the contract has already is ended by an opportunity of type Downsell.");
    }

    /// <param name="End">First day after; null for none.</param>
    /// <param name="Line">Null for what an amended contract has already.</param>
    private sealed record Metered(LineProduct Product, LocalDate Start, LocalDate? End, LineFacts? Line);
}
