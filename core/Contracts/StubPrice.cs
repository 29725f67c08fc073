using System.Numerics;
using Hub.Core.Money;

namespace Hub.Core.Contracts;

/// <summary>What is sent for a stub, so that Stripe bills the line as planned.</summary>
/// <remarks>
/// A line is rounded once (C7), but Stripe rounds its price and its percentage each, and knows no coins that a currency lacks. Only the amount of a stub
/// is not whole before that; where the exact price would be billed otherwise, the nearest one that leads to the planned line is sent.
/// </remarks>
internal static class StubPrice
{
    private const int MostDecimals = 12;

    // In minor units: beyond that a percentage leaves nothing that could be rounded.
    private const int Farthest = 1000;

    /// <summary>Minor units per unit, up to 12 decimals; null where the exact price is billed as planned.</summary>
    /// <param name="unitAmount">Exact minor units for one unit of the stub, before the percentage.</param>
    /// <param name="percentOff">Shown discount in percent; 0 when there is none.</param>
    public static decimal? Billed(long quantity, Rational unitAmount, decimal percentOff, Currency currency)
    {
        if (quantity <= 0)
        {
            return null;
        }

        BigInteger wanted = Rounding.ToAmount(quantity * unitAmount * LinePricing.Left(percentOff), currency).MinorUnits;
        BigInteger nearest = Rational.RoundHalfAway(quantity * unitAmount);
        if (InStripe(nearest, percentOff) == wanted)
        {
            return null;
        }

        for (int distance = 1; distance <= Farthest; distance++)
        {
            foreach (BigInteger whole in (BigInteger[])[nearest + distance, nearest - distance])
            {
                decimal unit = (new Rational(whole, BigInteger.One) / quantity).ToDecimal(MostDecimals);
                if (whole >= 0 && InStripe(whole, percentOff) == wanted && Rational.RoundHalfAway(quantity * (Rational)unit) == whole)
                {
                    return unit;
                }
            }
        }

        return null;
    }

    private static BigInteger InStripe(BigInteger whole, decimal percentOff) =>
        whole - Rational.RoundHalfAway(new Rational(whole, BigInteger.One) * percentOff / 100L);
}
