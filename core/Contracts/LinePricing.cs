using System.Collections.Immutable;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>A line as it is billed in one period.</summary>
/// <param name="Scale">Minor units of the period per major unit of the price: basis, currency, stub and a netted discount in one fraction.</param>
/// <param name="DiscountPercent">Discount in force, shown or netted; 0 when there is none.</param>
internal sealed record PricedLine(ContractLine Line, BillingPeriod Period, BillingInterval Interval, Rational Scale, decimal DiscountPercent)
{
    private const int MostDecimals = 12;

    /// <summary>Minor units for one unit and the period, before a shown discount; exact.</summary>
    public Rational UnitAmount => Line.UnitPrice * Scale;

    /// <summary>As sent to Stripe: at most 12 decimals; null when the price depends on the quantity.</summary>
    public decimal? SentUnitAmount => Line.Tiers is null ? UnitAmount.ToDecimal(MostDecimals) : null;

    public decimal? PercentOff => Line.ShowDiscount && DiscountPercent > 0 ? DiscountPercent : null;

    /// <summary>Exact minor units for a quantity and the period, after discount.</summary>
    public Rational Amount(Rational quantity) =>
        (Line.Tiers is { } tiers ? tiers.Total(quantity) : quantity * Line.UnitPrice) * Scale * LinePricing.Left(PercentOff ?? 0);

    public PhaseItem ToItem() => new(
        Line.Product.Code,
        Line.Product.StripeId,
        Line.Id,
        Line.Charge == ChargeType.Usage ? null : (long)Line.Quantity,
        SentUnitAmount,
        Interval,
        PercentOff,
        Line.PriceId,
        Line.Charge == ChargeType.Usage,
        Line.Tiers is { } tiers
            ? new TiersPlan(tiers.Mode, [.. tiers.Bands.Select(band => new Tier(band.UpTo, ((Rational)band.UnitPrice * Scale).ToDecimal(MostDecimals)))])
            : null)
    {
        MeterId = Line.Charge == ChargeType.Usage ? Line.Product.MeterId : null,
        ListPrice = Line.ListPrice,
    };
}

/// <summary>From the sold price to what Stripe charges per period (C8, C9).</summary>
internal static class LinePricing
{
    private const int MonthsPerYear = 12;
    private const int MonthsPerQuarter = 3;

    /// <summary>The line as billed in the period that holds the date.</summary>
    public static PricedLine On(LocalDate date, ContractLine line, SoldContract contract) =>
        In(contract.Timeline(line.PeriodMonths).At(date), date, line, contract);

    /// <summary>The line as billed in a period, with the discount of a day.</summary>
    public static PricedLine In(BillingPeriod period, LocalDate date, ContractLine line, SoldContract contract)
    {
        // A usage price is per unit used: a shorter last period costs less by itself, and only its length is the stub's.
        BillingPeriod priced = line.Charge == ChargeType.Usage ? new(period.Start, period.FullEnd, period.FullEnd, line.PeriodMonths, Rational.One) : period;
        return Priced(line, contract, priced, period.Interval, priced.Share, line.DiscountOn(date));
    }

    /// <summary>A line billed once; it has no period.</summary>
    public static PricedLine Once(ContractLine line, SoldContract contract) =>
        Priced(line, contract, default, default, Rational.One, line.DiscountPercent);

    /// <summary>Whole billing periods, or their share, in one unit of the price basis.</summary>
    /// <param name="periodMonths">Months of a billing period; null: one period of the whole term.</param>
    /// <param name="termLength">Months of the term the price was agreed for; null when it has no end.</param>
    /// <returns>Null when the basis has no length here: the whole term of a contract without an end.</returns>
    public static Rational? PeriodsPerBasis(PriceBasis basis, int? periodMonths, Rational? termLength)
    {
        Rational? months = periodMonths is { } count ? count : termLength;
        return basis switch
        {
            PriceBasis.Month => months,
            PriceBasis.Quarter => months / MonthsPerQuarter,
            PriceBasis.Year => months / MonthsPerYear,
            PriceBasis.Term => months / termLength,
            _ => Rational.One,
        };
    }

    /// <summary>What a discount leaves of a price.</summary>
    public static Rational Left(decimal discountPercent) => discountPercent == 0 ? Rational.One : (Rational.One * 100L - discountPercent) / 100L;

    private static PricedLine Priced(
        ContractLine line, SoldContract contract, BillingPeriod period, BillingInterval interval, Rational share, decimal discount)
    {
        Rational scale = share * contract.Currency.MinorUnitsPerUnit;
        if (line.Charge == ChargeType.Recurring)
        {
            scale *= PeriodsPerBasis(line.Basis, line.PeriodMonths, line.TermLength)!.Value;
        }

        return new(line, period, interval, line.ShowDiscount ? scale : scale * Left(discount), discount);
    }
}
