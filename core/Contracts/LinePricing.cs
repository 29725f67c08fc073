using System.Collections.Immutable;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>A line as it is billed in one period.</summary>
/// <param name="Scale">Minor units of the period per major unit of the price: basis, currency, stub and a netted percentage in one fraction.</param>
/// <param name="DiscountPercent">Discount in force, shown or netted; 0 when there is none.</param>
/// <param name="UnitOff">Amount discount in force, shown or netted, in minor units for one unit and the period; 0 when there is none.</param>
internal sealed record PricedLine(
    ContractLine Line, BillingPeriod Period, BillingInterval Interval, Currency Currency, Rational Scale, decimal DiscountPercent, Rational UnitOff)
{
    private const int MostDecimals = 12;

    /// <summary>Minor units for one unit and the period, before a shown discount; exact.</summary>
    public Rational UnitAmount => Unit(Line.UnitPrice);

    /// <summary>As sent to Stripe: at most 12 decimals; null when the price depends on the quantity.</summary>
    public decimal? SentUnitAmount => Line.Tiers is null ? UnitAmount.ToDecimal(MostDecimals) : null;

    public decimal? PercentOff => Line.ShowDiscount && DiscountPercent > 0 ? DiscountPercent : null;

    /// <summary>Minor units that a shown amount discount takes off one unit; 0 when there is none.</summary>
    public Rational ShownAmountOff => Line.ShowDiscount ? UnitOff : Rational.Zero;

    /// <summary>What the coupon of a shown amount discount takes off a quantity; null when there is none.</summary>
    /// <remarks>A coupon is whole minor units; only in a stub is that not what was sold, and then this is where it is rounded.</remarks>
    public long? AmountOff(Rational quantity) =>
        ShownAmountOff.Sign > 0 && Rounding.ToAmount(quantity * ShownAmountOff, Currency).MinorUnits is not 0 and var off ? off : null;

    /// <summary>Exact minor units for a quantity and the period, after discounts.</summary>
    public Rational Exact(Rational quantity) => UnitOff.Sign == 0 ? AfterPercent(quantity) : AfterPercent(quantity) - (quantity * UnitOff);

    /// <summary>The same with what the coupon of a shown amount discount takes off, so that the line and its coupon are rounded each, as Stripe does.</summary>
    public Rational Amount(Rational quantity) => ShownAmountOff.Sign > 0 ? AfterPercent(quantity) - (AmountOff(quantity) ?? 0) : Exact(quantity);

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
            ? new TiersPlan(tiers.Mode, [.. tiers.Bands.Select(band => new Tier(band.UpTo, Unit(band.UnitPrice).ToDecimal(MostDecimals)))])
            : null)
    {
        BilledUnitAmount = Line.Charge == ChargeType.Usage || Line.Tiers is not null ? null : BilledUnitAmount((long)Line.Quantity),
        AmountOff = AmountOff(Line.Quantity),
        MeterId = Line.Charge == ChargeType.Usage ? Line.Product.MeterId : null,
        ListPrice = Line.ListPrice,
    };

    private decimal? BilledUnitAmount(long quantity) => Period.Share == Rational.One ? null : StubPrice.Billed(quantity, UnitAmount, PercentOff ?? 0, Currency);

    private Rational Unit(Rational price) => UnitOff.Sign == 0 || Line.ShowDiscount ? price * Scale : (price * Scale) - UnitOff;

    private Rational AfterPercent(Rational quantity) =>
        (Line.Tiers is { } tiers ? tiers.Total(quantity) : quantity * Line.UnitPrice) * Scale * LinePricing.Left(PercentOff ?? 0);
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
        return Priced(line, contract, priced, period.Interval, priced.Share, line.IsDiscountedOn(date));
    }

    /// <summary>A line billed once; it has no period.</summary>
    public static PricedLine Once(ContractLine line, SoldContract contract) =>
        Priced(line, contract, default, default, Rational.One, isDiscounted: true);

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
        ContractLine line, SoldContract contract, BillingPeriod period, BillingInterval interval, Rational share, bool isDiscounted)
    {
        Rational scale = share * contract.Currency.MinorUnitsPerUnit;
        if (line.Charge == ChargeType.Recurring)
        {
            scale *= PeriodsPerBasis(line.Basis, line.PeriodMonths, line.TermLength)!.Value;
        }

        decimal percent = isDiscounted ? line.DiscountPercent : 0;
        Rational unitOff = isDiscounted ? line.DiscountAmount * scale : Rational.Zero;
        return new(line, period, interval, contract.Currency, line.ShowDiscount ? scale : scale * Left(percent), percent, unitOff);
    }
}
