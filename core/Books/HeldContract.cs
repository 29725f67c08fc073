using System.Collections.Immutable;
using System.Text.Json;
using Hub.Core.Contracts;
using Hub.Core.Money;
using Hub.Core.Time;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Books;

/// <summary>A contract as its schedule in Stripe bills it: what an amendment builds on whose contract's own opportunity the file does not hold.</summary>
/// <remarks>Each stretch of phases with the same item becomes a line. A stub at the end is the line before it, so that a new end makes another one.</remarks>
internal sealed class HeldContract(BooksFile books, BilledBooks billed)
{
    private const int MonthsPerYear = 12;

    private readonly ILookup<string, SalesforceRecord> _products = books.Products.ToLookup(product => product.Text(F.Product.StripeProductId) ?? "");

    private Currency _currency = Currency.Usd;
    private ProrationPolicy? _stub;

    /// <summary>Null where the file does not tell all of the schedule, or the schedule has what the Hub never plans.</summary>
    public SoldContract? Read(JsonElement schedule, string opportunity)
    {
        JsonElement[] phases = [.. schedule.List("phases")];
        HeldSchedule held = HeldPlan.Read(schedule, billed);
        bool complete = phases.Length > 0 && held is { PhasesUntil: null, PhasesFrom: null };
        JsonElement settings = schedule.Member("default_settings") ?? default;
        JsonElement invoices = settings.Member("invoice_settings") ?? default;
        bool charged = settings.Text("collection_method") == "charge_automatically";
        bool termsKnown = charged || (settings.Text("collection_method") is not null && invoices.Number("days_until_due") is not null);
        if (!complete || !termsKnown || held.Phases.Any(phase => phase is not { Start: not null, End: not null }) || !Currency.TryParse(CurrencyOf(schedule, held), out Currency currency))
        {
            return null;
        }

        _currency = currency;
        LocalDate start = held.Phases[0].Start!.Value;
        LocalDate end = held.Phases[^1].End!.Value;
        var terms = new ChangeTerms(SalesforceId.OfExport(opportunity), null, null, null, books.Contracts.ProrationPolicy, books.Contracts.CreditPolicy);
        var lines = ImmutableArray.CreateBuilder<ContractLine>();
        foreach ((JsonElement phase, HeldPhase days) in phases.Zip(held.Phases))
        {
            foreach ((JsonElement json, HeldItem item) in phase.List("items").Zip(days.Items))
            {
                if (Line(json, item, days, currency, terms) is not { } line)
                {
                    return null;
                }

                Add(lines, line, start);
            }

            lines.AddRange(phase.List("add_invoice_items").Select(json => OneTime(json, days, currency, terms)).OfType<ContractLine>());
        }

        Frequency?[] frequencies = [.. lines.Select(line => line.Frequency).Distinct()];
        return new(
            terms.OpportunityId,
            currency,
            new(start, end, Trial(phases, held) is { } trial ? Months.Exactly(start, trial) ?? 0 : 0),
            lines.ToImmutable(),
            charged ? CollectionMethod.ChargeAutomatically : CollectionMethod.SendInvoice,
            charged ? null : (int?)invoices.Number("days_until_due"),
            schedule.Text("end_behavior") == "release" ? EndBehavior.Release : EndBehavior.Cancel,
            _stub ?? books.Contracts.ProrationPolicy,
            [.. invoices.List("custom_fields").Select(field => new CustomField(field.Text("name") ?? "", field.Text("value") ?? ""))],
            TaxRate(phases[^1]),
            settings.Member("automatic_tax")?.Member("enabled")?.ValueKind == JsonValueKind.True)
        {
            Agreed = new(frequencies is [var only] ? only : null, terms.Proration, terms.Credit),
            NetDaysFrom = charged ? [] : NetDays(phases, held, (int)invoices.Number("days_until_due")!.Value),
        };
    }

    // Amendments changed the payment terms of single phases.
    private static ImmutableArray<(LocalDate From, int Days)> NetDays(JsonElement[] phases, HeldSchedule held, int agreed)
    {
        var changes = ImmutableArray.CreateBuilder<(LocalDate From, int Days)>();
        int before = agreed;
        foreach ((JsonElement phase, HeldPhase days) in phases.Zip(held.Phases))
        {
            int net = (int?)(phase.Member("invoice_settings") ?? default).Number("days_until_due") ?? agreed;
            if (net != before)
            {
                changes.Add((days.Start!.Value, net));
            }

            before = net;
        }

        return changes.ToImmutable();
    }

    // The item of the phase before, of the same line and price, goes on; so does one whose stub this is.
    private void Add(ImmutableArray<ContractLine>.Builder lines, ContractLine line, LocalDate start)
    {
        for (int index = lines.Count - 1; index >= 0; index--)
        {
            ContractLine before = lines[index];
            bool same = before.End == line.Start && before.Product == line.Product && before.Quantity == line.Quantity && before.DiscountPercent == line.DiscountPercent && SameLine(before, line);
            if (same && (SamePrice(before, line) || IsStub(before, line, start)))
            {
                lines[index] = before with { End = line.End };
                return;
            }
        }

        // Quantities of one line and price add up to one item.
        ContractLine? first = lines.FirstOrDefault(before =>
            before.Product == line.Product && before.DiscountPercent == line.DiscountPercent && SamePrice(before, line) && SameLine(before, line) && before.End <= line.Start);
        lines.Add(first is null ? line with { ChangedLine = SalesforceId.OfExport($"{line.RecordId}#{lines.Count}") } : line with { ChangedLine = first.ChangedLine });
    }

    private static bool SamePrice(ContractLine left, ContractLine right) => left.PeriodMonths == right.PeriodMonths && left.UnitPrice == right.UnitPrice
        && left.DiscountAmount == right.DiscountAmount && PriceTiers.Same(left.Tiers, right.Tiers);

    private static bool SameLine(ContractLine left, ContractLine right) => left.RecordId == right.RecordId;

    // Stripe holds amounts of at most 12 decimals of a minor unit.
    private bool IsStub(ContractLine before, ContractLine line, LocalDate start)
    {
        const int decimals = 12;
        if (before.Charge == ChargeType.Usage && line.Charge == ChargeType.Usage)
        {
            // A usage price is per unit: only its length is the stub's.
            return line.UnitPrice == before.UnitPrice && PriceTiers.Same(before.Tiers, line.Tiers) && line.PeriodMonths < before.PeriodMonths;
        }

        if (before is not { PeriodMonths: { } months, Tiers: null, Charge: ChargeType.Recurring } || line.Tiers is not null || line.End is not { } end
            || Months.Whole(start, line.Start) % months != 0 || Months.Add(start, Months.Whole(start, line.Start)) != line.Start)
        {
            return false;
        }

        LocalDate whole = Months.Add(start, Months.Whole(start, line.Start) + months);
        bool byMonths = line.PeriodMonths is { } stub && stub < months && Is(new Rational(stub, months));
        bool byDays = end < whole && Is(new Rational(Months.Days(line.Start, end), Months.Days(line.Start, whole)));
        _stub = byMonths ? ProrationPolicy.Month : byDays ? ProrationPolicy.Day : _stub;
        return byMonths || byDays;

        // A coupon is whole minor units, also that of a stub.
        bool Is(Rational share) => (line.UnitPrice * _currency.MinorUnitsPerUnit).ToDecimal(decimals) is var held && before.UnitPrice * share * _currency.MinorUnitsPerUnit is var exact
            && (held == exact.ToDecimal(decimals) || held == StubPrice.Billed((long)before.Quantity, exact, before.DiscountPercent, _currency))
            && Off(line, Rational.One) == Off(before, share);

        Amount Off(ContractLine of, Rational share) => Rounding.ToAmount(of.DiscountAmount * of.Quantity * share * _currency.MinorUnitsPerUnit, _currency);
    }

    private ContractLine? Line(JsonElement json, HeldItem item, HeldPhase days, Currency currency, ChangeTerms terms)
    {
        if (item is not { Price: { ProductId: { } product, Interval: { } interval } price, DiscountUnknown: false } || item.PercentOff == 0)
        {
            return null;
        }

        bool usage = billed.PriceOf(json)?.Member("recurring")?.Text("usage_type") == "metered";
        if (item.AmountOff is not null && (usage || !price.Tiers.IsEmpty || item.Quantity is not > 0))
        {
            return null;
        }

        int? months = interval.Unit switch { IntervalUnit.Month => interval.Count, IntervalUnit.Year => interval.Count * MonthsPerYear, _ => null };
        PriceTiers? tiers = price.Tiers.IsEmpty ? null : new(
            billed.PriceOf(json)?.Text("tiers_mode") == "volume" ? TiersMode.Volume : TiersMode.Graduated,
            [.. price.Tiers.Select(tier => new PriceTiers.Band(tier.UpTo, (tier.UnitAmount ?? 0) / currency.MinorUnitsPerUnit))]);
        return new(
            json.Metadata("sf_line_id") ?? $"{product}:{price.UnitAmount}",
            Product(product, billed.PriceOf(json)),
            usage ? ChargeType.Usage : ChargeType.Recurring,
            usage ? 0 : item.Quantity ?? 0,
            (Rational)(price.UnitAmount ?? 0) / currency.MinorUnitsPerUnit,
            PriceBasis.Period,
            item.PercentOff ?? 0,
            item.PercentOff is not null || item.AmountOff is not null,
            null,
            days.Start!.Value,
            days.End,
            months,
            tiers,
            null,
            null)
        {
            DiscountAmount = item.AmountOff is { } off ? (Rational)off / item.Quantity!.Value / currency.MinorUnitsPerUnit : Rational.Zero,
            Frequency = months switch { 1 => Frequency.Monthly, 3 => Frequency.Quarterly, 6 => Frequency.Semiannual, MonthsPerYear => Frequency.Annual, _ => Frequency.Upfront },
            Terms = terms,
        };
    }

    private ContractLine? OneTime(JsonElement json, HeldPhase days, Currency currency, ChangeTerms terms)
    {
        decimal quantity = json.Number("quantity") ?? 1;
        return HeldPlan.OneTime(json, billed) is { ProductId: { } product, Amount: { } amount } held && quantity > 0
            ? new(
                json.Metadata("sf_line_id") ?? $"{product}:once", Product(product, null), ChargeType.OneTime, quantity, (Rational)amount / quantity / currency.MinorUnitsPerUnit,
                PriceBasis.Once, held.PercentOff ?? 0, held.PercentOff is not null || held.AmountOff is not null, null, days.Start!.Value, null, null, null, null, null)
            {
                DiscountAmount = held.AmountOff is { } off ? (Rational)off / quantity / currency.MinorUnitsPerUnit : Rational.Zero,
                Terms = terms,
            }
            : null;
    }

    private LineProduct Product(string stripeId, JsonElement? price) => _products[stripeId].FirstOrDefault() is { } record
        ? new(SalesforceId.OfExport(record.Id).Value, record.Text(F.Product.ProductCode) ?? stripeId, stripeId, record.Text(F.Product.MeterId))
        : new(stripeId, stripeId, stripeId, price?.Member("recurring")?.Reference("meter"));

    private static string? CurrencyOf(JsonElement schedule, HeldSchedule held) =>
        schedule.List("phases")[0].Text("currency") ?? held.Phases.SelectMany(phase => phase.Items).Select(item => item.Price?.Currency).FirstOrDefault(currency => currency is not null);

    private static LocalDate? Trial(JsonElement[] phases, HeldSchedule held) =>
        phases.Zip(held.Phases).TakeWhile(phase => phase.First.Member("trial_end") is not null).Select(phase => phase.Second.End).LastOrDefault();

    private static string? TaxRate(JsonElement phase) =>
        phase.List("default_tax_rates") is [var rate, ..] ? rate.ValueKind == JsonValueKind.String ? rate.GetString() : rate.Text("id") : null;
}
