using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Money;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Every invoice a contract leads to, to the end of its term (C4–C7, C10, C15, C19).</summary>
internal sealed class InvoiceProjection(SoldContract contract, BillingSnapshot billing, LocalDate processingDate)
{
    private const int EvergreenMonths = 24;

    private readonly List<Entry> _entries = [];

    private enum Kind
    {
        Regular,
        Proration,
        Credit,
    }

    /// <summary>Invoices by date, with the effective date of those that a change inside a period calls for.</summary>
    public ImmutableArray<(PlannedInvoice Invoice, LocalDate? Effective)> Project()
    {
        LocalDate first = contract.Term is { } term && contract.Running.Any() ? LocalDate.Max(term.Start, processingDate) : processingDate;
        foreach (ContractLine line in contract.OneTime)
        {
            PricedLine priced = LinePricing.Once(line, contract);
            AddRegular(first, priced, line.Quantity, Amount(priced.Amount(line.Quantity)), $"{Times(priced)}{Discounted(priced)}, once, on the first invoice");
        }

        foreach (var product in contract.Recurring.GroupBy(line => (line.Product.Key, line.PeriodMonths)))
        {
            AddPeriods([.. product], product.Key.PeriodMonths);
        }

        foreach (ContractLine line in contract.Usage)
        {
            AddUsage(line);
        }

        return Invoices();
    }

    private LocalDate Horizon => contract.Term!.End ?? Months.Add(contract.Term.Start, EvergreenMonths);

    private void AddPeriods(ImmutableArray<ContractLine> lines, int? periodMonths)
    {
        var calendar = new BillingCalendar(contract.Term!, periodMonths);
        foreach (BillingPeriod period in calendar.Periods(Horizon))
        {
            foreach (ContractLine line in lines.Where(line => line.LiveOn(period.Start)))
            {
                PricedLine priced = LinePricing.On(period.Start, line, contract);
                AddRegular(
                    LocalDate.Max(period.Start, processingDate), priced, line.Quantity, Amount(priced.Amount(line.Quantity)), WhyPeriod(priced, calendar));
            }

            foreach (LocalDate change in Changes(lines, period))
            {
                AddChange(change, lines, period, calendar);
            }
        }
    }

    private static IEnumerable<LocalDate> Changes(ImmutableArray<ContractLine> lines, BillingPeriod period) => lines
        .SelectMany(line => line.End is { } end ? new[] { line.Start, end } : [line.Start])
        .Where(date => date > period.Start && date < period.End)
        .Distinct()
        .Order();

    // Within a period Stripe bills nothing by itself (C7), so what a change adds or takes away is charged or credited here, netted per product.
    private void AddChange(LocalDate change, ImmutableArray<ContractLine> lines, BillingPeriod period, BillingCalendar calendar)
    {
        Rational share = calendar.Remaining(change, period, contract.Proration);
        if (share.Sign == 0)
        {
            return;
        }

        var deltas = Deltas(change, lines);
        LocalDate date = LocalDate.Max(change, processingDate);
        Entry[] entries =
        [
            .. deltas.Select(delta => new Entry(date, Kind.Proration, change, new(
                delta.Priced.Line.Product.Code,
                delta.Quantity,
                delta.Priced.SentUnitAmount,
                Amount(delta.Exact * share),
                $"{Signed(delta.Quantity)} × {UnitText(delta.Priced)}{Discounted(delta.Priced)} from {Problems.Text(change)} to {Problems.Text(period.End.PlusDays(-1))}, {share} of the billing period") { From = change, Until = period.End })),
        ];
        long net = entries.Sum(entry => entry.Line.Amount!.Value.MinorUnits);
        if (net < 0 && contract.Credit == CreditPolicy.None)
        {
            return;
        }

        _entries.AddRange(net < 0 ? entries.Select(entry => entry with { Kind = Kind.Credit }) : entries);
    }

    private IEnumerable<(PricedLine Priced, decimal Quantity, Rational Exact)> Deltas(LocalDate change, ImmutableArray<ContractLine> lines)
    {
        var ended = lines.Where(line => line.End == change).Select(line => (Priced: LinePricing.On(change.PlusDays(-1), line, contract), Sign: -1));
        var begun = lines.Where(line => line.Start == change).Select(line => (Priced: LinePricing.On(change, line, contract), Sign: 1));
        return ended.Concat(begun)
            .GroupBy(side => side.Priced.Line.Tiers is null ? $"{side.Priced.UnitAmount}-{side.Priced.PercentOff}" : side.Priced.Line.RecordId)
            .Select(price => (
                price.Last().Priced,
                Quantity: price.Sum(side => side.Sign * side.Priced.Line.Quantity),
                Exact: price.Aggregate(Rational.Zero, (sum, side) => sum + (side.Priced.Amount(side.Priced.Line.Quantity) * (long)side.Sign))))
            .Where(delta => delta.Quantity != 0);
    }

    // Usage of a period is billed on the day after it; the last one on the contract's end (C6).
    private void AddUsage(ContractLine line)
    {
        var calendar = new BillingCalendar(contract.Term!, line.PeriodMonths);
        foreach (BillingPeriod period in calendar.Periods(Horizon).Where(period => line.Start < period.End && (line.End is not { } end || end > period.Start)))
        {
            if (contract.Term!.End is null && period.End >= Horizon)
            {
                continue;
            }

            LocalDate from = LocalDate.Max(period.Start, line.Start);
            PricedLine priced = LinePricing.On(from, line, contract);
            decimal? used = Used(line, from);
            AddRegular(
                LocalDate.Max(period.End, processingDate),
                priced,
                used,
                used is { } quantity ? Amount(priced.Amount(quantity)) : null,
                $"usage from {Problems.Text(from)} to {Problems.Text(period.End.PlusDays(-1))} × {UnitText(priced)}{Discounted(priced)}, in arrears");
        }
    }

    private decimal? Used(ContractLine line, LocalDate from)
    {
        var month = new YearMonth(from.Year, from.Month);
        UsageReading[] readings = [.. billing.Usage.Where(reading => SalesforceId.OfExport(reading.LineId) == line.Id && reading.Month == month)];
        return readings.Length == 0 ? null : readings.Sum(reading => reading.Quantity);
    }

    private void AddRegular(LocalDate date, PricedLine priced, decimal? quantity, Amount? amount, string why) =>
        _entries.Add(new(date, Kind.Regular, null, new(priced.Line.Product.Code, quantity, priced.SentUnitAmount, amount, why)));

    private Amount Amount(Rational minorUnits) => Rounding.ToAmount(minorUnits, contract.Currency);

    // Everything a subscription bills on one day is one invoice; only a proration or a credit has its own. Invoices of 0 are not listed (C10).
    private ImmutableArray<(PlannedInvoice Invoice, LocalDate? Effective)> Invoices() =>
    [
        .. _entries
            .GroupBy(entry => (entry.Date, entry.Kind, entry.Effective))
            .OrderBy(group => group.Key.Date).ThenBy(group => group.Key.Kind).ThenBy(group => group.Key.Effective)
            .Select(group => (Invoice: Invoice(group.Key.Date, group.Key.Kind, [.. group.Select(entry => entry.Line)]), group.Key.Effective))
            .Where(listed => listed.Invoice.Amount.MinorUnits != 0 || listed.Invoice.Lines.Any(line => line.Amount is null)),
    ];

    private PlannedInvoice Invoice(LocalDate date, Kind kind, ImmutableArray<PlannedInvoiceLine> lines) => new(
        date,
        lines.Select(line => line.Amount is { } amount ? WithTax(amount) : Money.Amount.Zero(contract.Currency)).Aggregate((sum, next) => sum + next),
        kind == Kind.Credit || contract.NetDays is not { } days ? null : date.PlusDays(days),
        kind == Kind.Credit && contract.Credit == CreditPolicy.CreditNote,
        lines);

    // Tax is computed per invoice line (C10); a rate that is contained in the price adds nothing.
    private Amount WithTax(Amount net) => billing.TaxRate is { Inclusive: false } rate && rate.Id == contract.TaxRateId
        ? net + Amount(net.MinorUnits * (Rational)rate.Percentage / 100L)
        : net;

    private string WhyPeriod(PricedLine priced, BillingCalendar calendar)
    {
        string late = priced.Period.Start < processingDate ? $", billed on {Problems.Text(processingDate)} because the period had begun" : "";
        string stub = priced.Period.IsStub ? $", {calendar.Share(priced.Period, contract.Proration)} of a whole period" : "";
        return $"{Times(priced)}{Discounted(priced)} for {Problems.Text(priced.Period.Start)} to {Problems.Text(priced.Period.End.PlusDays(-1))}{stub}{late}";
    }

    private string Times(PricedLine priced) => $"{Problems.Text(priced.Line.Quantity)} × {UnitText(priced)}";

    private string UnitText(PricedLine priced) => priced.Line.Tiers is { } tiers
        ? $"{tiers.Mode.ToString().ToLowerInvariant()} tiers"
        : Problems.Price((priced.UnitAmount / contract.Currency.MinorUnitsPerUnit).ToDecimal(12), contract.Currency);

    private static string Discounted(PricedLine priced) => priced.DiscountPercent == 0 ? ""
        : priced.PercentOff is { } shown ? $" less {Problems.Text(shown)} %"
        : $" (net of {Problems.Text(priced.DiscountPercent)} %)";

    private static string Signed(decimal quantity) => quantity.ToString("+0.####;-0.####", CultureInfo.InvariantCulture);

    private sealed record Entry(LocalDate Date, Kind Kind, LocalDate? Effective, PlannedInvoiceLine Line);
}
