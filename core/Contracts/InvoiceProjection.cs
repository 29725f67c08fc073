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

    private readonly ImmutableArray<SoldItem> _sold = contract.Items();
    private readonly List<Entry> _entries = [];

    private enum Kind
    {
        Regular,
        Proration,
        Credit,
    }

    /// <summary>Invoices by date, with what calls for those that the Hub issues itself: changes inside a billing period, or in one that is billed already.</summary>
    public ImmutableArray<ProjectedInvoice> Project()
    {
        foreach (ContractLine line in contract.OneTime)
        {
            AddOneTime(line);
        }

        foreach (var product in _sold.Where(item => item.Line.Charge == ChargeType.Recurring).GroupBy(item => (item.Line.Product.Key, item.Line.PeriodMonths)))
        {
            AddPeriods([.. product], product.Key.PeriodMonths);
        }

        foreach (ContractLine line in contract.Usage)
        {
            AddUsage(line);
        }

        return Invoices();
    }

    private LocalDate Horizon => contract.Term!.End is null ? Months.Add(contract.Term.Start, EvergreenMonths) : LocalDate.MaxIsoValue;

    private void AddOneTime(ContractLine line)
    {
        PricedLine priced = LinePricing.Once(line, contract);
        Amount amount = Amount(priced.Amount(line.Quantity));
        string what = $"{Times(priced, line.Quantity)}{Discounted(priced, line.Quantity)}, once";
        if (line.Terms.KnownOn is not { } known)
        {
            LocalDate first = contract.Term is { } term && contract.Running.Any() ? LocalDate.Max(term.Start, processingDate) : processingDate;
            AddRegular(first, priced, line.Quantity, amount, $"{what}, on the first invoice");
        }
        else if (PhasePlanning.IsBilledRegularly(line, _sold, contract))
        {
            AddRegular(line.Start, priced, line.Quantity, amount, $"{what}, on the invoice of the day");
        }
        else
        {
            // Stripe issues no invoice on that day, so the Hub does (C7).
            var origin = new Origin(line.Start, line.Terms.OpportunityId, null);
            _entries.Add(new(LocalDate.Max(line.Start, known), Kind.Proration, origin, new(line.Product.Code, line.Quantity, priced.SentUnitAmount, amount, what)
            {
                From = line.Start,
                Until = line.Start.PlusDays(1),
                StripeProductId = line.Product.StripeId,
            }));
        }
    }

    private void AddPeriods(ImmutableArray<SoldItem> items, int? periodMonths)
    {
        foreach (BillingPeriod period in contract.Timeline(periodMonths).Periods(Horizon))
        {
            // What became known after the period began was not on its invoice.
            var billed = items.ToDictionary(item => item, item => item.BilledOn(period.Start));
            foreach ((SoldItem item, decimal quantity) in billed.Where(sold => sold.Value != 0))
            {
                PricedLine priced = LinePricing.In(period, period.Start, item.Line, contract);
                AddRegular(LocalDate.Max(period.Start, processingDate), priced, quantity, Amount(priced.Amount(quantity)), WhyPeriod(priced, quantity));
            }

            List<QuantityChange> changes = Changes(items, period);
            if (changes.Count == 0)
            {
                continue;
            }

            // What several opportunities do on one day is one change where all of it is known before that day; one by one where an invoice may be issued already.
            foreach (var change in changes.GroupBy(change => (change.Date, change.Effective, change.From, Late: change.IsLate ? change.Terms.OpportunityId : default))
                .OrderBy(change => change.Key.Date).ThenBy(change => change.Key.From))
            {
                AddChange([.. change], change.Key.From, period, billed);
            }
        }
    }

    private List<QuantityChange> Changes(ImmutableArray<SoldItem> items, BillingPeriod period)
    {
        var changes = new List<QuantityChange>();
        foreach (SoldItem item in items)
        {
            foreach (ContractLine part in item.Parts)
            {
                AddChanges(item, part, period, changes);
            }
        }

        return changes;
    }

    private void AddChanges(SoldItem item, ContractLine part, BillingPeriod period, List<QuantityChange> changes)
    {
        if (part.Start > period.Start && part.Start < period.End)
        {
            changes.Add(Change(item, part, part.Start, part.Start, part.Quantity));
        }
        else if (part.Start <= period.Start && (part.End is not { } last || last > period.Start) && !part.KnownOn(period.Start))
        {
            changes.Add(Change(item, part, part.Start, period.Start, part.Quantity));
        }

        if (part.End is { } end && end > period.Start && end < period.End)
        {
            changes.Add(Change(item, part, end, end, -part.Quantity));
        }
    }

    private QuantityChange Change(SoldItem item, ContractLine part, LocalDate effective, LocalDate from, decimal quantity)
    {
        // By Stripe's day as well: west of it the billing zone's date is the day before while the Hub issues what is due.
        LocalDate known = LocalDate.Max(LocalDate.Max(part.Terms.KnownOn ?? processingDate, processingDate), part.Terms.BillsFrom?.PlusDays(-1) ?? processingDate);
        bool isLate = effective <= known;

        // What is late of one amendment is one change, also where it meets several steps of a ramp.
        LocalDate first = isLate && part.Terms.Effective is { } amended ? LocalDate.Min(amended, effective) : effective;
        return new(item, part.Id, part.Terms, first, from, LocalDate.Max(effective, known), isLate, quantity);
    }

    // Within a period Stripe bills nothing by itself (C7), so what a change adds or takes away is charged or credited here, netted per product.
    private void AddChange(ImmutableArray<QuantityChange> changes, LocalDate from, BillingPeriod period, Dictionary<SoldItem, decimal> billed)
    {
        ChangeTerms terms = Deciding(changes).Terms;
        Rational share = from == period.Start ? Rational.One : period.Remaining(from, terms.Proration);
        var deltas = Deltas(changes, from, period, billed);
        if (share.Sign == 0)
        {
            return;
        }

        QuantityChange first = changes[0];
        PlannedInvoiceLine[] lines =
        [
            .. deltas.Select(delta => new PlannedInvoiceLine(
                delta.Priced.Line.Product.Code,
                delta.Quantity,
                delta.Priced.SentUnitAmount,
                Amount(delta.Exact * share),
                $"{Signed(delta.Quantity)} × {UnitText(delta.Priced)}{Discounted(delta.Priced, delta.Quantity)} from {Problems.Text(from)} to {Problems.Text(period.End.PlusDays(-1))}, {share} of the billing period"
                    + (first.Date > from ? $", settled on {Problems.Text(first.Date)} because the period was billed before" : ""))
            {
                From = from,
                Until = period.End,
                StripeProductId = delta.Priced.Line.Product.StripeId,
            }),
        ];
        long net = lines.Sum(line => line.Amount!.Value.MinorUnits);
        if (net < 0 && terms.Credit == CreditPolicy.None)
        {
            return;
        }

        LocalDate? credited = net < 0 && terms.Credit == CreditPolicy.CreditNote ? LocalDate.Max(period.Start, processingDate) : null;
        var origin = new Origin(first.Effective, terms.OpportunityId, credited);
        _entries.AddRange(lines.Select(line => new Entry(first.Date, net < 0 ? Kind.Credit : Kind.Proration, origin, line)));
    }

    // The latest decides. A line that goes on from one step of a ramp to the next changes nothing by itself.
    private static QuantityChange Deciding(ImmutableArray<QuantityChange> changes) => changes
        .GroupBy(change => change.LineId)
        .Where(line => line.Sum(change => change.Quantity) != 0)
        .SelectMany(line => line)
        .MaxBy(change => change.Terms.KnownOn ?? LocalDate.MinIsoValue) ?? changes[0];

    // A tiered price depends on all that is sold, so each item's amount is that after the change less that before.
    private IEnumerable<(PricedLine Priced, decimal Quantity, Rational Exact)> Deltas(
        ImmutableArray<QuantityChange> changes, LocalDate from, BillingPeriod period, Dictionary<SoldItem, decimal> billed)
    {
        var items = new List<(PricedLine Priced, decimal Quantity, Rational Exact)>();
        foreach (var change in changes.GroupBy(change => change.Item))
        {
            decimal quantity = change.Sum(part => part.Quantity);
            decimal before = billed[change.Key];
            billed[change.Key] = before + quantity;

            // What is given back costs what was billed; a discount that ended since changed nothing in this period.
            LocalDate priced = quantity < 0 ? LocalDate.Max(period.Start, change.Key.Line.Start) : from;
            PricedLine line = LinePricing.In(period, priced, change.Key.Line, contract);
            items.Add((line, quantity, line.Amount(before + quantity) - line.Amount(before)));
        }

        return
        [
            .. items.GroupBy(item => item.Priced.Line.Tiers is null ? $"{item.Priced.UnitAmount}-{item.Priced.PercentOff}-{item.Priced.ShownAmountOff}" : item.Priced.Line.RecordId)
                .Select(price => (price.Last().Priced, Quantity: price.Sum(item => item.Quantity), Exact: price.Aggregate(Rational.Zero, (sum, item) => sum + item.Exact)))
                .Where(delta => delta.Quantity != 0),
        ];
    }

    // Usage of a period is billed on the day after it; the last one on the contract's end (C6).
    private void AddUsage(ContractLine line)
    {
        LocalDate? end = contract.Term!.End;
        foreach (BillingPeriod whole in contract.Timeline(line.PeriodMonths).Periods(Horizon)
            .Where(period => line.Start < period.End && (line.End is not { } last || last > period.Start) && (end is not { } stop || period.Start < stop)))
        {
            BillingPeriod period = end is { } stop && stop < whole.End ? whole with { End = stop } : whole;
            if (end is null && period.End >= Horizon)
            {
                continue;
            }

            LocalDate from = LocalDate.Max(period.Start, line.Start);
            PricedLine priced = LinePricing.In(period, from, line, contract);
            decimal? used = Used(line, from);
            AddRegular(
                LocalDate.Max(period.End, processingDate),
                priced,
                used,
                used is { } quantity ? Amount(priced.Amount(quantity)) : null,
                $"usage from {Problems.Text(from)} to {Problems.Text(period.End.PlusDays(-1))} × {UnitText(priced)}{Discounted(priced, used ?? 0)}, in arrears");
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
    private ImmutableArray<ProjectedInvoice> Invoices() =>
    [
        .. _entries
            .GroupBy(entry => (entry.Date, entry.Kind, entry.Origin))
            .OrderBy(group => group.Key.Date).ThenBy(group => group.Key.Kind).ThenBy(group => group.Key.Origin?.Effective).ThenBy(group => group.Key.Origin?.CreditedInvoice)
            .Select(group => new ProjectedInvoice(
                Invoice(group.Key.Date, group.Key.Kind, group.Key.Origin, [.. group.Select(entry => entry.Line)]),
                group.Key.Origin?.Effective,
                group.Key.Origin?.OpportunityId,
                group.Key.Origin?.CreditedInvoice))
            .Where(listed => listed.Invoice.Amount.MinorUnits != 0 || listed.Invoice.Lines.Any(line => line.Amount is null)),
    ];

    private PlannedInvoice Invoice(LocalDate date, Kind kind, Origin? origin, ImmutableArray<PlannedInvoiceLine> lines) => new(
        date,
        lines.Select(line => line.Amount is { } amount ? WithTax(amount) : Money.Amount.Zero(contract.Currency)).Aggregate((sum, next) => sum + next),
        kind == Kind.Credit || contract.NetDaysOn(date) is not { } days ? null : date.PlusDays(days),
        kind == Kind.Credit && origin!.CreditedInvoice is not null,
        lines);

    // Tax is computed per invoice line (C10); a rate that is contained in the price adds nothing.
    private Amount WithTax(Amount net) => billing.TaxRate is { Inclusive: false } rate && rate.Id == contract.TaxRateId
        ? net + Amount(net.MinorUnits * (Rational)rate.Percentage / 100L)
        : net;

    private string WhyPeriod(PricedLine priced, decimal quantity)
    {
        string late = priced.Period.Start < processingDate ? $", billed on {Problems.Text(processingDate)} because the period had begun" : "";
        string stub = priced.Period.IsStub ? $", {priced.Period.Share} of a whole period" : "";
        return $"{Times(priced, quantity)}{Discounted(priced, quantity)} for {Problems.Text(priced.Period.Start)} to {Problems.Text(priced.Period.End.PlusDays(-1))}{stub}{late}";
    }

    private string Times(PricedLine priced, decimal quantity) => $"{Problems.Text(quantity)} × {UnitText(priced)}";

    private string UnitText(PricedLine priced) => priced.Line.Tiers is { } tiers
        ? $"{tiers.Mode.ToString().ToLowerInvariant()} tiers"
        : MajorUnits(priced.UnitAmount);

    private string Discounted(PricedLine priced, decimal quantity)
    {
        if (priced.UnitOff.Sign == 0)
        {
            return priced.DiscountPercent == 0 ? ""
                : priced.PercentOff is { } shown ? $" less {Problems.Text(shown)} %"
                : $" (net of {Problems.Text(priced.DiscountPercent)} %)";
        }

        string percent = priced.DiscountPercent == 0 ? "" : $"{Problems.Text(priced.DiscountPercent)} %";
        return priced.ShownAmountOff.Sign > 0
            ? $"{(percent.Length == 0 ? "" : $" less {percent}")} less {MajorUnits(priced.AmountOff(Math.Abs(quantity)) ?? 0)}"
            : $" (net of {(percent.Length == 0 ? "" : $"{percent} and ")}{MajorUnits(priced.UnitOff)} a unit)";
    }

    private string MajorUnits(Rational minorUnits) => Problems.Price((minorUnits / contract.Currency.MinorUnitsPerUnit).ToDecimal(12), contract.Currency);

    private static string Signed(decimal quantity) => quantity.ToString("+0.####;-0.####", CultureInfo.InvariantCulture);

    private sealed record Entry(LocalDate Date, Kind Kind, Origin? Origin, PlannedInvoiceLine Line);

    /// <param name="Effective">First day of the change.</param>
    /// <param name="OpportunityId">The opportunity whose policies settle it.</param>
    /// <param name="CreditedInvoice">Date of the invoice that a credit note is for; null otherwise.</param>
    private sealed record Origin(LocalDate Effective, SalesforceId OpportunityId, LocalDate? CreditedInvoice);

    /// <param name="Effective">First day of the change.</param>
    /// <param name="From">First day of the period's part that is settled.</param>
    /// <param name="Date">Day it is settled.</param>
    /// <param name="IsLate">Known no earlier than its first day.</param>
    private sealed record QuantityChange(
        SoldItem Item, SalesforceId LineId, ChangeTerms Terms, LocalDate Effective, LocalDate From, LocalDate Date, bool IsLate, decimal Quantity);
}

/// <param name="Effective">First day of the change that the Hub settles itself; null for an invoice that Stripe issues.</param>
/// <param name="OpportunityId">The opportunity whose policies settle it; null for an invoice that Stripe issues.</param>
/// <param name="CreditedInvoice">Date of the invoice that a credit note is for; null otherwise.</param>
internal sealed record ProjectedInvoice(PlannedInvoice Invoice, LocalDate? Effective, SalesforceId? OpportunityId, LocalDate? CreditedInvoice);
