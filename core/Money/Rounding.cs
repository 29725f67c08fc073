namespace Hub.Core.Money;

/// <summary>The one place where money is rounded: half away from zero, once per invoice line (convention C7).</summary>
public static class Rounding
{
    /// <summary>Rounds an exact number of minor units to an amount the currency can represent.</summary>
    /// <remarks>Currencies whose last digits must be 0 (KWD, ISK and their like, C8) are rounded to that multiple.</remarks>
    public static Amount ToAmount(Rational minorUnits, Currency currency) =>
        new((long)Rational.RoundHalfAway(minorUnits / currency.Granularity) * currency.Granularity, currency);

    /// <summary>True when no rounding is needed.</summary>
    public static bool IsExact(Rational minorUnits, Currency currency) => (minorUnits / currency.Granularity).IsInteger;
}
