using System.Globalization;
using System.Numerics;

namespace Hub.Core.Money;

/// <summary>An exact fraction, always in lowest terms with a positive denominator.</summary>
/// <remarks>
/// Prices are divided by months and days before they are multiplied by quantities; only a fraction keeps 100 / 12 × 12 at 100.
/// A fraction leaves this type through <see cref="Rounding"/> (money) or <see cref="ToDecimal"/> (text, unit prices).
/// </remarks>
public readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly BigInteger _denominator;

    /// <exception cref="DivideByZeroException">The denominator is 0.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException();
        }

        BigInteger divisor = denominator.IsOne ? BigInteger.One : BigInteger.GreatestCommonDivisor(numerator, denominator);
        divisor = denominator.Sign < 0 ? -divisor : divisor;
        Numerator = divisor.IsOne ? numerator : numerator / divisor;
        _denominator = divisor.IsOne ? denominator : denominator / divisor;
    }

    public BigInteger Numerator { get; }

    public BigInteger Denominator => _denominator.IsZero ? BigInteger.One : _denominator;

    public bool IsInteger => Denominator.IsOne;

    public int Sign => Numerator.Sign;

    public static Rational Zero => default;

    public static Rational One { get; } = new(1, 1);

    public static implicit operator Rational(long value) => new(value, BigInteger.One);

    public static implicit operator Rational(decimal value) => FromDecimal(value);

    public static Rational operator +(Rational left, Rational right) =>
        new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Rational operator -(Rational left, Rational right) => left + -right;

    public static Rational operator -(Rational value) => new(-value.Numerator, value.Denominator);

    public static Rational operator *(Rational left, Rational right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <exception cref="DivideByZeroException"><paramref name="right"/> is 0.</exception>
    public static Rational operator /(Rational left, Rational right) =>
        new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static bool operator ==(Rational left, Rational right) => left.Equals(right);

    public static bool operator !=(Rational left, Rational right) => !left.Equals(right);

    public static bool operator <(Rational left, Rational right) => left.CompareTo(right) < 0;

    public static bool operator >(Rational left, Rational right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rational left, Rational right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rational left, Rational right) => left.CompareTo(right) >= 0;

    /// <summary>The exact value of a decimal, whatever its scale.</summary>
    public static Rational FromDecimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var unscaled = new BigInteger(new decimal(bits[0], bits[1], bits[2], isNegative: false, scale: 0));
        return new(value < 0 ? -unscaled : unscaled, value.Scale == 0 ? BigInteger.One : BigInteger.Pow(10, value.Scale));
    }

    /// <summary>The greatest whole number that is not greater.</summary>
    public BigInteger Floor()
    {
        BigInteger whole = BigInteger.DivRem(Numerator, Denominator, out BigInteger rest);
        return rest.Sign < 0 ? whole - 1 : whole;
    }

    /// <summary>The nearest decimal with at most <paramref name="decimals"/> (0–28) places, half away from zero, without trailing zeros.</summary>
    /// <exception cref="OverflowException">Outside the range of decimal.</exception>
    public decimal ToDecimal(int decimals)
    {
        if (IsInteger)
        {
            return (decimal)Numerator;
        }

        BigInteger scaled = RoundHalfAway(this * new Rational(BigInteger.Pow(10, decimals), BigInteger.One));
        int places = decimals;
        while (places > 0 && (scaled % 10).IsZero)
        {
            scaled /= 10;
            places--;
        }

        decimal value = (decimal)scaled;
        for (; places > 0; places--)
        {
            value /= 10;
        }

        return value;
    }

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public bool Equals(Rational other) => Numerator == other.Numerator && Denominator == other.Denominator;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, Denominator);

    /// <summary>A whole number or a fraction such as <c>7000/3</c>.</summary>
    public override string ToString() => IsInteger
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    /// <summary>The nearest whole number, halves away from zero.</summary>
    internal static BigInteger RoundHalfAway(Rational value)
    {
        if (value.IsInteger)
        {
            return value.Numerator;
        }

        BigInteger twice = BigInteger.Abs(value.Numerator) * 2;
        BigInteger whole = (twice + value.Denominator) / (value.Denominator * 2);
        return value.Sign < 0 ? -whole : whole;
    }
}
