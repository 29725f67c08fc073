using Hub.Core.Contracts;

namespace Hub.Core.Reconciliation;

/// <summary>Kind 14: billed in another rhythm than sold.</summary>
internal static class FrequencyRules
{
    /// <summary>The finding without its realised part; null when the rhythms agree.</summary>
    public static Finding? Mismatch(ContractCase books)
    {
        BilledItem[] wrong = [.. (books.Kept?.Items ?? []).Where(item => !item.Metered && IsWrong(books, item))];
        if (wrong.Length == 0)
        {
            return null;
        }

        string products = string.Join(", ", wrong.Select(item => books.ProductCode(item.ProductId)).Distinct().Order(StringComparer.Ordinal));
        return new Finding(
            Kinds.FrequencyMismatch, books.Key, 0, LineAmount.Round(books.Kept!.Items.Where(item => !item.Metered).Sum(Annual) - AnnualSold(books)),
            $"{products} is billed in another rhythm than it was sold in.");
    }

    // The rest of a term is an item of its own length, so the length of any charge of the product will do.
    private static bool IsWrong(ContractCase books, BilledItem item)
    {
        int?[] lengths =
        [
            .. books.Sold.Lines.Where(line => line.ProductKey == item.ProductId && line.Charge == SoldCharge.Recurring && line.PeriodMonths > 0).Select(line => (int?)line.PeriodMonths),
            .. books.Charges.Where(charge => charge.ProductKey == item.ProductId && !charge.Once).Select(charge => (int?)charge.Months),
        ];
        return lengths.Length > 0 && !lengths.Contains(item.Interval.Months()) && !lengths.Contains(0);
    }

    private static decimal Annual(BilledItem item)
    {
        long net = item.OnePeriod();
        return item.Interval switch
        {
            { Unit: IntervalUnit.Day, Count: var days } => (decimal)net * 365 / days,
            var interval => (decimal)net * 12 / interval.Months()!.Value,
        };
    }

    private static decimal AnnualSold(ContractCase books)
    {
        var inForce = books.Charges.Where(charge => charge is { Once: false, Months: > 0 } && charge.Date <= books.Terms.AsOf).ToList();
        return inForce.GroupBy(charge => charge.ProductKey)
            .Sum(charges => charges.Where(charge => charge.Date == charges.Max(last => last.Date)).Sum(charge => (decimal)charge.Net * 12 / charge.Months));
    }
}
