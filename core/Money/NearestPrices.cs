using System.Globalization;
using System.Numerics;

namespace Hub.Core.Money;

/// <summary>The closest unit prices at which an amount becomes one the currency can represent (convention C8).</summary>
/// <param name="Below">Major units; null when only a price below zero would do.</param>
/// <param name="Above">Major units.</param>
public sealed record NearestPrices(decimal? Below, decimal Above)
{
    private const int MostDecimals = 12;
    private const int MostDigits = 28;

    // By the digits that are always written.
    private static readonly string[] Formats = [.. Enumerable.Range(0, 4).Select(digits => "0." + new string('0', digits) + new string('#', MostDigits - digits))];

    /// <summary>Finds the neighbours of a unit price that does not work.</summary>
    /// <param name="unitPrice">Major units per unit.</param>
    /// <param name="minorUnitsPerPrice">What the amount grows by, in minor units, when the unit price grows by 1: quantity × periods × factor × discount; positive.</param>
    /// <remarks>
    /// Prices that work are the multiples of granularity ÷ <paramref name="minorUnitsPerPrice"/>; of these only the finite decimals can be typed
    /// into a price field, which are those whose multiple cancels every factor of the denominator but 2 and 5.
    /// </remarks>
    public static NearestPrices Of(Rational unitPrice, Rational minorUnitsPerPrice, Currency currency)
    {
        Rational step = new Rational(currency.Granularity, 1) / minorUnitsPerPrice;
        Rational typeable = step * new Rational(WithoutTwosAndFives(step.Denominator), 1);
        BigInteger below = (unitPrice / typeable).Floor();
        return new(
            below.Sign < 0 ? null : (typeable * new Rational(below, 1)).ToDecimal(MostDecimals),
            (typeable * new Rational(below + 1, 1)).ToDecimal(MostDecimals));
    }

    /// <summary>A price as people write it, with at least the currency's digits, e.g. <c>KWD 7.250</c>.</summary>
    public static string Text(decimal price, Currency currency) => string.Create(
        CultureInfo.InvariantCulture,
        $"{currency.Code} {price.ToString(Formats[currency.Digits], CultureInfo.InvariantCulture)}");

    private static BigInteger WithoutTwosAndFives(BigInteger value)
    {
        foreach (int factor in (ReadOnlySpan<int>)[2, 5])
        {
            while ((value % factor).IsZero)
            {
                value /= factor;
            }
        }

        return value;
    }
}
