using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Money;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>Quantity, price and discount of one product on one side.</summary>
/// <param name="Net">What the side says it comes to, minor units.</param>
/// <param name="Lines">Lines behind it; rounding is allowed per line.</param>
public sealed record LinePiece(decimal Quantity, decimal UnitAmount, decimal PercentOff, long Net, int Lines = 1)
{
    /// <summary>Amount off the whole, after the percentage; minor units.</summary>
    public long AmountOff { get; init; }

    public static LinePiece Of(ExpectedCharge charge) => new(charge.Quantity, charge.UnitAmount, charge.PercentOff, charge.Net) { AmountOff = charge.AmountOff };
}

/// <summary>Explains the difference of one product in one period: first quantity, then price, then discount, then what is left.</summary>
/// <remarks>Each step changes one factor from the sold value to the billed one, so the steps add up to billed − sold exactly.</remarks>
public static class LineWaterfall
{
    /// <param name="key">Contract and product.</param>
    /// <param name="roundingPerLine">Minor units per line that a rest may have and still be rounding.</param>
    public static IEnumerable<Finding> Explain(
        string key, Currency currency, IReadOnlyCollection<LinePiece> sold, IReadOnlyCollection<LinePiece> billed, LocalDate period, int roundingPerLine)
    {
        if (sold.Count == 0 || billed.Count == 0)
        {
            return OneSided(key, currency, sold, billed, period);
        }

        LinePiece[] soldPieces = Merge(sold);
        LinePiece[] billedPieces = Merge(billed);
        int pairs = Math.Min(soldPieces.Length, billedPieces.Length);
        return
        [
            .. soldPieces.Zip(billedPieces).SelectMany(pair => Pair(key, currency, pair.First, pair.Second, period, roundingPerLine)),
            .. soldPieces.Skip(pairs).Select(piece => Quantity(key, currency, piece, -piece.Net, 0, piece.Quantity, period)),
            .. billedPieces.Skip(pairs).Select(piece => Quantity(key, currency, piece, piece.Net, piece.Quantity, 0, period)),
        ];
    }

    private static Finding[] OneSided(
        string key, Currency currency, IReadOnlyCollection<LinePiece> sold, IReadOnlyCollection<LinePiece> billed, LocalDate period)
    {
        string product = Product(key);
        long delta = billed.Sum(piece => piece.Net) - sold.Sum(piece => piece.Net);
        return (sold.Count, billed.Count) switch
        {
            (0, 0) => [],
            (_, 0) => [new Finding(Kinds.LineMissing, key, delta, 0, $"{product} was sold but is not billed.", period)],
            _ => [new Finding(Kinds.LineExtra, key, delta, 0, $"{product} is billed ({new Amount(delta, currency)}) but was not sold.", period)],
        };
    }

    private static IEnumerable<Finding> Pair(string key, Currency currency, LinePiece sold, LinePiece billed, LocalDate period, int roundingPerLine)
    {
        // What is sold off each unit, on the units that are billed.
        long off = sold.Quantity == 0 ? 0 : LineAmount.Round(sold.AmountOff * billed.Quantity / sold.Quantity);
        long asSold = LineAmount.Net(sold.Quantity, sold.UnitAmount, sold.PercentOff, sold.AmountOff);
        long quantity = LineAmount.Net(billed.Quantity, sold.UnitAmount, sold.PercentOff, off);
        long price = LineAmount.Net(billed.Quantity, billed.UnitAmount, sold.PercentOff, off);
        long discount = LineAmount.Net(billed.Quantity, billed.UnitAmount, billed.PercentOff, billed.AmountOff);
        long rest = billed.Net - discount + asSold - sold.Net;
        bool rounding = Math.Abs(rest) <= (long)roundingPerLine * (sold.Lines + billed.Lines - 1);
        yield return Quantity(key, currency, sold, quantity - asSold, billed.Quantity, sold.Quantity, period);
        yield return new Finding(
            Kinds.PriceMismatch, key, price - quantity, 0,
            $"{Product(key)} is billed at {Major(billed.UnitAmount, currency)} per unit; sold were {Major(sold.UnitAmount, currency)}.", period);
        yield return new Finding(
            Kinds.DiscountMismatch, key, discount - price, 0,
            $"{Product(key)} is billed with {Discount(billed, currency, sold.AmountOff != 0)} discount; sold were {Discount(sold, currency, sold.AmountOff != 0)}.", period);
        yield return new Finding(
            rounding ? Kinds.Rounding : Kinds.AmountUnexplained, key, rest, 0,
            rounding ? $"{Product(key)} differs by rounding." : $"{Product(key)} differs by {new Amount(rest, currency)} that quantity, price and discount do not explain.",
            period);
    }

    private static Finding Quantity(string key, Currency currency, LinePiece at, long delta, decimal billed, decimal sold, LocalDate period) => new(
        Kinds.QuantityMismatch, key, delta, 0,
        $"{Text(billed)} of {Product(key)} are billed; sold were {Text(sold)}, at {Major(at.UnitAmount, currency)} per unit.", period);

    // Two lines of one product at one price may be one item or two: they are the same thing.
    private static LinePiece[] Merge(IEnumerable<LinePiece> pieces) =>
    [
        .. pieces
            .GroupBy(piece => (piece.UnitAmount, piece.PercentOff))
            .Select(group => new LinePiece(
                group.Sum(piece => piece.Quantity), group.Key.UnitAmount, group.Key.PercentOff, group.Sum(piece => piece.Net), group.Sum(piece => piece.Lines))
            {
                AmountOff = group.Sum(piece => piece.AmountOff),
            })
            .OrderBy(piece => piece.UnitAmount).ThenBy(piece => piece.PercentOff).ThenBy(piece => piece.Quantity),
    ];

    private static string Discount(LinePiece piece, Currency currency, bool withAmount) =>
        Text(piece.PercentOff) + " %" + (withAmount ? $" and {new Amount(piece.AmountOff, currency)}" : "");

    private static string Product(string key) => key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static string Text(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Major(decimal minorUnits, Currency currency) => string.Create(
        CultureInfo.InvariantCulture,
        $"{currency.Code} {(minorUnits / currency.MinorUnitsPerUnit).ToString(currency.Digits == 0 ? "0.####" : "0." + new string('0', currency.Digits) + "####", CultureInfo.InvariantCulture)}");
}
