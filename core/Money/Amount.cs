using System.Collections.Immutable;
using System.Globalization;

namespace Hub.Core.Money;

/// <summary>An exact amount of one currency.</summary>
/// <remarks>
/// Unit: <see cref="MinorUnits"/> counts the currency's smallest unit as Stripe does (USD 10.00 is 1000, JPY 10 is 10).
/// Negative means owed to the customer. Mixing currencies throws: that is a bug, not an outcome.
/// </remarks>
public readonly record struct Amount(long MinorUnits, Currency Currency)
{
    public static Amount Zero(Currency currency) => new(0, currency);

    public static Amount operator +(Amount left, Amount right) => new(checked(left.MinorUnits + Same(left, right).MinorUnits), left.Currency);

    public static Amount operator -(Amount left, Amount right) => new(checked(left.MinorUnits - Same(left, right).MinorUnits), left.Currency);

    public static Amount operator -(Amount amount) => new(checked(-amount.MinorUnits), amount.Currency);

    /// <summary>Splits into parts that differ by at most one smallest step of the currency and sum to the whole; the greater parts come first.</summary>
    /// <param name="parts">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 part.</exception>
    public ImmutableArray<Amount> Split(int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        (long steps, long odd) = long.DivRem(MinorUnits, Currency.Granularity);
        (long each, long left) = long.DivRem(steps, parts);
        Currency currency = Currency;
        return
        [
            .. Enumerable.Range(0, parts).Select(part =>
                new Amount((((part < Math.Abs(left) ? Math.Sign(left) : 0) + each) * currency.Granularity) + (part == 0 ? odd : 0), currency)),
        ];
    }

    /// <summary>The amount as people write it, e.g. <c>KWD 7.250</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Currency.Code} {ToMajorUnits().ToString("F" + Currency.Digits, CultureInfo.InvariantCulture)}");

    /// <summary>The amount in major units, for display and for Salesforce only.</summary>
    public decimal ToMajorUnits() => (decimal)MinorUnits / Currency.MinorUnitsPerUnit;

    private static Amount Same(Amount left, Amount right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"Amounts of {left.Currency} and {right.Currency} cannot be combined.");
}
