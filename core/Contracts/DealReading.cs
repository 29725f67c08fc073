using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Money;
using Hub.Core.Time;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Reads a deal's records into facts; what is missing or unreadable becomes a problem here, contradictions in <see cref="DealChecks"/>.</summary>
/// <param name="type">What the opportunity does to a contract.</param>
/// <param name="amended">The contract it amends, as it stands before; null for a new one, or where that contract is a problem: then what an amendment leaves to it stays unknown.</param>
internal sealed class DealReading(DealSnapshot deal, DealType type, SoldContract? amended, ContractsOptions options, Problems problems)
{
    private const int LongestTermMonths = 1200;

    private readonly FieldReading _opportunity = new(deal.Opportunity, problems);
    private readonly bool _alone = amended is null && type != DealType.New;
    private bool _runs;
    private int? _renewedMonths;

    public DealFacts Read()
    {
        ImmutableArray<LineSketch> sketches = [.. deal.Lines.Select(Sketch)];
        _runs = sketches.Any(line => line.Charge is ChargeType.Recurring or ChargeType.Usage);
        var collection = Collection();
        bool autoRenew = _opportunity.Flag(F.Opportunity.AutoRenew);
        var amendment = amended is null ? null : new AmendmentDays(_opportunity, type, amended, deal.Contract, problems);
        _renewedMonths = _alone ? AmendmentDays.Alone(_opportunity, type, deal.Contract, problems) : null;
        (LocalDate? Date, (SalesforceRecord Record, string Field) Source) start =
            type == DealType.New ? ContractStart() : (amendment?.Start, (deal.Opportunity, F.Opportunity.EffectiveDate));
        ContractTerm? term = type == DealType.New ? Term(start.Date, start.Source, autoRenew) : amendment?.Term();
        var facts = new DealFacts
        {
            Deal = deal,
            Type = type,
            Amended = amended,
            Effective = amendment?.Effective,
            Opportunity = _opportunity,
            Currency = Currency(),
            CollectionMethod = collection,
            NetDays = NetDays(collection),
            AutoRenew = autoRenew,
            Proration = _opportunity.Pick<ProrationPolicy>(F.Opportunity.ProrationPolicy).Value ?? amended?.Agreed.Proration ?? options.ProrationPolicy,
            Credit = _opportunity.Pick<CreditPolicy>(F.Opportunity.CreditPolicy).Value ?? amended?.Agreed.Credit ?? options.CreditPolicy,
            StartSource = start.Source,
            Start = start.Date,
            Term = term,
        };
        facts.Lines = [.. sketches.Select(sketch => Line(sketch, term, autoRenew))];
        return facts;
    }

    private static string Normal(string? id) => id is null ? "" : SalesforceId.OfExport(id).Value;

    private static SalesforceRecord? Find(ImmutableArray<SalesforceRecord> records, string? id) =>
        id is null ? null : records.FirstOrDefault(record => Normal(record.Id) == Normal(id));

    private Currency? Currency()
    {
        string? code = deal.Opportunity.Text(F.CurrencyIsoCode)
            ?? deal.Lines.Concat(deal.PricebookEntries).Select(record => record.Text(F.CurrencyIsoCode)).FirstOrDefault(text => text is not null);
        if (Money.Currency.TryParse(code, out Currency currency))
        {
            return currency;
        }

        if (code is null && amended is not null)
        {
            return amended.Currency;
        }

        problems.Add(
            ProblemCodes.CurrencyMissing, deal.Opportunity, F.CurrencyIsoCode,
            code is null ? "The opportunity has no currency." : $"'{code}' is no currency code.", "Choose the currency the contract is billed in.");
        return null;
    }

    private CollectionMethod Collection()
    {
        string? text = deal.Opportunity.Text(F.Opportunity.CollectionMethod);
        if (text is null && amended is not null)
        {
            return amended.CollectionMethod;
        }

        if (text is null or "send_invoice")
        {
            return CollectionMethod.SendInvoice;
        }

        if (text != "charge_automatically")
        {
            _opportunity.Bad<int>(F.Opportunity.CollectionMethod, "send_invoice or charge_automatically");
            return CollectionMethod.SendInvoice;
        }

        return CollectionMethod.ChargeAutomatically;
    }

    private int? NetDays(CollectionMethod collection)
    {
        string? terms = deal.Opportunity.Text(F.Opportunity.PaymentTerms);
        if (terms is not null && options.PaymentTerms.TryGetValue(terms, out int days))
        {
            return collection == CollectionMethod.SendInvoice ? days : null;
        }

        if (terms is null && amended is { CollectionMethod: CollectionMethod.SendInvoice })
        {
            return null;
        }

        if (terms is not null || collection == CollectionMethod.SendInvoice)
        {
            string accepted = string.Join(", ", options.PaymentTerms.OrderBy(term => term.Value).Select(term => term.Key));
            problems.Add(
                ProblemCodes.PaymentTermsUnknown, deal.Opportunity, F.Opportunity.PaymentTerms,
                terms is null
                    ? $"The payment terms are empty and no default is assumed; accepted are: {accepted}."
                    : $"The payment terms '{terms}' are not known; accepted are: {accepted}.",
                $"Choose one of: {accepted}.");
        }

        return null;
    }

    private (LocalDate? Date, (SalesforceRecord Record, string Field) Source) ContractStart()
    {
        if (deal.Contract is { } contract && contract.Text(F.Contract.StartDate) is not null)
        {
            return (new FieldReading(contract, problems).Date(F.Contract.StartDate).Value, (contract, F.Contract.StartDate));
        }

        Field<LocalDate> start = _opportunity.Date(F.Opportunity.ContractStart);
        if (start.Missing && _runs)
        {
            problems.Add(
                ProblemCodes.ContractStartMissing, deal.Opportunity, F.Opportunity.ContractStart,
                "The opportunity has recurring lines but neither a contract start nor a Contract with a start date.",
                "Enter the first day of the contract in Hub_Contract_Start__c, or link a Contract that has a start date.");
        }

        return (start.Value, (deal.Opportunity, F.Opportunity.ContractStart));
    }

    private ContractTerm? Term(LocalDate? start, (SalesforceRecord Record, string Field) startSource, bool autoRenew)
    {
        Field<int> free = _opportunity.IsZero(F.Opportunity.FreeMonths) ? default : _opportunity.Count(F.Opportunity.FreeMonths, LongestTermMonths);
        if (!_runs)
        {
            return null;
        }

        bool fromContract = deal.Contract is { } held && (held.Text(F.Contract.ContractTerm) ?? held.Text(F.Contract.EndDate)) is not null;
        FieldReading source = fromContract ? new(deal.Contract!, problems) : _opportunity;
        string endField = fromContract ? F.Contract.EndDate : F.Opportunity.ContractEnd;
        Field<int> months = source.Count(fromContract ? F.Contract.ContractTerm : F.Opportunity.TermMonths, LongestTermMonths);
        Field<LocalDate> last = source.Date(endField);
        if (months.Missing && last.Missing && !autoRenew)
        {
            problems.Add(
                ProblemCodes.TermMissing, deal.Opportunity, F.Opportunity.TermMonths,
                "The opportunity has recurring lines but neither a term nor a contract end, and it does not renew by itself.",
                "Enter the term in months in Hub_Term_Months__c or the last day in Hub_Contract_End__c; or set Hub_Auto_Renew__c for a contract without end.");
            return null;
        }

        if (start is not { } first || months.Bad || last.Bad || free.Bad)
        {
            return null;
        }

        LocalDate? end = months.Value is { } count ? Months.Add(first, count) : last.Value?.PlusDays(1);
        return Agrees(first, months.Value, last.Value, source.Record, endField) && FreeFits(first, free.Value ?? 0, end)
            ? new(first, end, free.Value ?? 0)
            : null;
    }

    private bool Agrees(LocalDate start, int? months, LocalDate? last, SalesforceRecord record, string endField)
    {
        if (months is { } count && last is { } recorded && Months.Add(start, count).PlusDays(-1) is var computed && computed != recorded)
        {
            problems.Add(
                ProblemCodes.TermContradiction, record, endField,
                $"The contract starts on {Problems.Text(start)} and runs {Problems.Text(count)} months, so it ends on {Problems.Text(computed)}, "
                    + $"but the recorded end is {Problems.Text(recorded)}.",
                $"Correct start, term or end so that they agree, or empty the end: it is then computed as {Problems.Text(computed)}.");
            return false;
        }

        if (last is { } day && day < start)
        {
            problems.Add(
                ProblemCodes.TermContradiction, record, endField,
                $"The contract starts on {Problems.Text(start)} but its recorded end is {Problems.Text(day)}, which is earlier; no term is stated.",
                "Correct the start or the end of the contract.");
            return false;
        }

        return true;
    }

    private bool FreeFits(LocalDate start, int free, LocalDate? end)
    {
        if (end is not { } last || Months.Add(start, free) < last)
        {
            return true;
        }

        problems.Add(
            ProblemCodes.ValueInvalid, deal.Opportunity, F.Opportunity.FreeMonths,
            $"The contract runs from {Problems.Text(start)} to {Problems.Text(last.PlusDays(-1))}; {free} free months leave nothing to bill.",
            "Enter fewer free months than the term has.");
        return false;
    }

    private LineSketch Sketch(SalesforceRecord record)
    {
        var reading = new FieldReading(record, problems);
        SalesforceRecord? entry = Find(deal.PricebookEntries, record.Text(F.Line.PricebookEntryId));
        string? productId = record.Text(F.Line.ProductId) ?? entry?.Text(F.PricebookEntry.ProductId);
        SalesforceRecord? product = Find(deal.Products, productId);
        Field<ChargeType> own = reading.Pick<ChargeType>(F.Line.ChargeType);
        Field<ChargeType> charge = own.Missing && product is not null ? new FieldReading(product, problems).Pick<ChargeType>(F.Product.ChargeType) : own;
        Field<PriceBasis> basis = reading.Pick<PriceBasis>(F.Line.PriceBasis);
        string code = product?.Text(F.Product.ProductCode) ?? record.Text(F.Line.ProductCode) ?? productId ?? record.Id;
        if (charge.Missing)
        {
            problems.Add(
                ProblemCodes.ChargeTypeMissing, record, F.Line.ChargeType,
                $"Neither the line nor product {code} says whether it recurs, is charged once or is metered.",
                "Choose Recurring, OneTime or Usage in Hub_Charge_Type__c of the product, or of the line.");
        }

        return new(reading, code, productId, product, entry, charge.Value, basis);
    }

    private LineFacts Line(LineSketch sketch, ContractTerm? term, bool autoRenew)
    {
        bool running = sketch.Charge is ChargeType.Recurring or ChargeType.Usage;
        Frequency? frequency = running ? FrequencyOf(sketch) : null;
        var (hasPeriod, months) = frequency is { } known ? Period(known, sketch, term, autoRenew) : default;
        var (tiers, tiersBad) = running ? Tiers(sketch) : default;
        decimal? discount = Discount(sketch);
        decimal? amountOff = DiscountAmount(sketch);
        bool nothingLimited = discount == 0 && amountOff == 0 && sketch.Reading.IsZero(F.Line.DiscountMonths);
        var line = new LineFacts
        {
            Reading = sketch.Reading,
            Product = new(Normal(sketch.ProductId ?? sketch.Code), sketch.Code, StripeProduct(sketch), sketch.Product?.Text(F.Product.MeterId)),
            ProductRecord = sketch.Product,
            PricebookEntry = sketch.Entry,
            Charge = sketch.Charge,
            Quantity = sketch.Charge == ChargeType.Usage ? 0 : Quantity(sketch),
            UnitPrice = UnitPrice(sketch),
            Basis = Basis(sketch, term),
            DiscountPercent = discount,
            DiscountAmount = amountOff,
            ShowDiscount = sketch.Reading.Flag(F.Line.ShowDiscount),
            DiscountMonths = nothingLimited ? default : sketch.Reading.Count(F.Line.DiscountMonths, LongestTermMonths),
            Frequency = frequency,
            TermLength = term?.Length ?? (_renewedMonths is { } renewed ? (Rational)renewed : null),
            HasPeriod = hasPeriod,
            PeriodMonths = months,
            Tiers = tiers,
            TiersBad = tiersBad,
        };
        return line;
    }

    // A product that the Hub creates has an id that follows from Salesforce's, so that it is the same before and after, and never two.
    private string StripeProduct(LineSketch sketch) => sketch.Product?.Text(F.Product.StripeProductId)
        ?? (options.CreateMissingProducts && sketch.Product is { } product ? ProductPlan.IdOf(Normal(product.Id)) : sketch.Code);

    private decimal? Quantity(LineSketch sketch)
    {
        Field<decimal> quantity = sketch.Reading.Number(F.Line.Quantity);
        bool signed = type is DealType.Upsell or DealType.Downsell && sketch.Charge == ChargeType.Recurring;
        if (quantity.Value is > 0 || (signed && quantity.Value is < 0) || quantity.Bad)
        {
            return quantity.Value;
        }

        if (signed)
        {
            problems.Add(
                ProblemCodes.ValueInvalid, sketch.Reading.Record, F.Line.Quantity,
                $"The line of product {sketch.Code} changes its quantity by {(quantity.Value is null ? "nothing that is stated" : "0")}.",
                "Enter how many are added, or, as a negative number, taken away; or remove the line.");
            return null;
        }

        problems.Add(
            ProblemCodes.ValueInvalid, sketch.Reading.Record, F.Line.Quantity,
            $"Product {sketch.Code} was sold with {(quantity.Value is null ? "no quantity" : $"quantity {Problems.Text(quantity.Value.Value)}")}; a new contract needs more than 0.",
            "Enter the quantity that was sold; a reduction is an opportunity of type Downsell.");
        return null;
    }

    private decimal? UnitPrice(LineSketch sketch)
    {
        Field<decimal> price = sketch.Reading.Number(F.Line.UnitPrice);
        if (price.Missing)
        {
            problems.Add(
                ProblemCodes.LinePriceMissing, sketch.Reading.Record, F.Line.UnitPrice,
                $"The line of product {sketch.Code} has no sales price.", "Enter the agreed sales price; 0 for something given away.");
        }

        return price.Value is < 0 ? sketch.Reading.Bad<decimal>(F.Line.UnitPrice, "a price of 0 or more").Value : price.Value;
    }

    private PriceBasis? Basis(LineSketch sketch, ContractTerm? term)
    {
        if (sketch.Charge is null or ChargeType.Usage)
        {
            return sketch.Basis.Value;
        }

        if (sketch.Basis.Missing)
        {
            problems.Add(
                ProblemCodes.PriceBasisMissing, sketch.Reading.Record, F.Line.PriceBasis,
                $"The line of product {sketch.Code} does not say what its price is for; it is never guessed.",
                "Choose Month, Quarter, Year, Period, Term or Once in Hub_Price_Basis__c.");
            return null;
        }

        bool fits = sketch.Charge == ChargeType.OneTime == (sketch.Basis.Value == PriceBasis.Once)
            && !(sketch.Basis.Value == PriceBasis.Term && term is { End: null });
        if (sketch.Basis.Value is not null && !fits)
        {
            sketch.Reading.Bad<int>(F.Line.PriceBasis, sketch.Charge == ChargeType.OneTime
                ? "Once, as for every one-time line,"
                : $"Month, Quarter, Year{(term is { End: null } ? " or Period (the contract has no end)" : ", Period or Term")}, as for a recurring line,");
        }

        return fits ? sketch.Basis.Value : null;
    }

    private static decimal? Discount(LineSketch sketch)
    {
        Field<decimal> discount = sketch.Reading.Number(F.Line.Discount);
        return discount.Bad ? null
            : discount.Value is null or (>= 0 and <= 100) ? discount.Value ?? 0
            : sketch.Reading.Bad<decimal>(F.Line.Discount, "a percentage from 0 to 100").Value;
    }

    private static decimal? DiscountAmount(LineSketch sketch)
    {
        Field<decimal> amount = sketch.Reading.Number(F.Line.DiscountAmount);
        return amount.Bad ? null
            : amount.Value is < 0 ? sketch.Reading.Bad<decimal>(F.Line.DiscountAmount, "an amount of 0 or more").Value
            : amount.Value ?? 0;
    }

    private Frequency? FrequencyOf(LineSketch sketch)
    {
        FieldReading source = sketch.Reading.Record.Text(F.Line.BillingFrequency) is not null ? sketch.Reading : _opportunity;
        string? text = source.Record.Text(F.Line.BillingFrequency);
        if (text is null && amended is not null && Agreed(sketch) is { } agreed)
        {
            return agreed;
        }

        if (text is not null && Enum.TryParse(text, ignoreCase: true, out Frequency frequency) && Enum.IsDefined(frequency) && !char.IsAsciiDigit(text[0]))
        {
            return frequency;
        }

        if (text is null && _alone)
        {
            return null;
        }

        string accepted = string.Join(", ", Enum.GetNames<Frequency>());
        problems.Add(
            text is null ? ProblemCodes.BillingFrequencyMissing : ProblemCodes.IntervalUnsupported, source.Record, F.Opportunity.BillingFrequency,
            text is null
                ? "Neither the opportunity nor its line says how often it is billed."
                : $"The billing frequency '{text}' is not known; accepted are: {accepted}.",
            $"Choose one of: {accepted}.");
        return null;
    }

    // What an amendment leaves empty is the contract's: as the product is billed already, else as the contract is.
    private Frequency? Agreed(LineSketch sketch)
    {
        string product = Normal(sketch.ProductId ?? sketch.Code);
        Frequency?[] known = [.. amended!.Running.Where(line => line.Product.Key == product).Select(line => line.Frequency).Distinct()];
        return known is [var only] ? only : amended.Agreed.Frequency;
    }

    private (bool Known, int? Months) Period(Frequency frequency, LineSketch sketch, ContractTerm? term, bool autoRenew) => frequency switch
    {
        Frequency.Monthly => (true, 1),
        Frequency.Quarterly => (true, 3),
        Frequency.Semiannual => (true, 6),
        Frequency.Annual => (true, 12),
        _ => Upfront(sketch, term, autoRenew),
    };

    private (bool Known, int? Months) Upfront(LineSketch sketch, ContractTerm? term, bool autoRenew)
    {
        const int MostMonths = 36;
        if (term is null)
        {
            return _renewedMonths is { } months ? UpfrontAlone(months, MostMonths, sketch) : default;
        }

        // More of what was billed upfront shares the period that is paid for.
        if (type != DealType.Renewal && amended?.Running.LastOrDefault(line => line.Frequency == Frequency.Upfront) is { } upfront)
        {
            return (true, upfront.PeriodMonths);
        }

        if (term.End is { } end && end <= Months.Add(term.Start, MostMonths))
        {
            return (true, term.WholeMonths);
        }

        problems.Add(
            ProblemCodes.IntervalUnsupported, sketch.Reading.Record, F.Line.BillingFrequency,
            term.End is { } last
                ? $"Product {sketch.Code} is billed upfront for the term from {Problems.Text(term.Start)} to {Problems.Text(last.PlusDays(-1))}; "
                    + $"an interval of {term.WholeMonths ?? Months.Whole(term.Start, last)} months is over the limit of {MostMonths} months."
                : $"Product {sketch.Code} is billed upfront for the term, but the contract has no end{(autoRenew ? " (it renews by itself)" : "")}.",
            $"Bill annually or more often, or agree a term of at most {MostMonths} months.");
        return default;
    }

    private (bool Known, int? Months) UpfrontAlone(int months, int most, LineSketch sketch)
    {
        if (months <= most)
        {
            return (true, months);
        }

        problems.Add(
            ProblemCodes.IntervalUnsupported, sketch.Reading.Record, F.Line.BillingFrequency,
            $"Product {sketch.Code} is billed upfront for the renewed term; an interval of {months} months is over the limit of {most} months.",
            $"Bill annually or more often, or agree a term of at most {most} months.");
        return default;
    }

    private (PriceTiers? Tiers, bool Bad) Tiers(LineSketch sketch)
    {
        string? text = sketch.Reading.Record.Text(F.Line.PriceTiers);
        if (text is null)
        {
            return default;
        }

        Field<TiersMode> mode = sketch.Reading.Pick<TiersMode>(F.Line.TiersMode);
        PriceTiers? tiers = mode.Value is { } known ? PriceTiers.Parse(text, known) : null;
        if (tiers is null && !mode.Bad)
        {
            problems.Add(
                ProblemCodes.PriceTiersInvalid, sketch.Reading.Record, mode.Missing ? F.Line.TiersMode : F.Line.PriceTiers,
                mode.Missing
                    ? $"The line of product {sketch.Code} has price tiers but does not say whether they are graduated or by volume."
                    : $"The price tiers of product {sketch.Code} cannot be read: '{text}'.",
                mode.Missing
                    ? "Choose Graduated or Volume in Hub_Tiers_Mode__c."
                    : "Write them like 1-50: 12.00; 51-200: 11.00; 201+: 9.50 – from 1, without gaps, the last one open.");
        }

        return (tiers, tiers is null);
    }

    private sealed record LineSketch(
        FieldReading Reading, string Code, string? ProductId, SalesforceRecord? Product, SalesforceRecord? Entry, ChargeType? Charge, Field<PriceBasis> Basis);
}
