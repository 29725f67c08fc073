using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Money;

namespace Hub.Core.Contracts;

/// <summary>Prices by quantity, as written in <c>Hub_Price_Tiers__c</c> (C22).</summary>
/// <param name="Bands">From the first unit on, without gaps; the last one is open.</param>
internal sealed record PriceTiers(TiersMode Mode, ImmutableArray<PriceTiers.Band> Bands)
{
    /// <param name="UpTo">Last unit, inclusive; null: open.</param>
    /// <param name="UnitPrice">Major units per unit of the price basis.</param>
    internal sealed record Band(long? UpTo, decimal UnitPrice);

    /// <summary>Reads <c>1-50: 12.00; 51-200: 11.00; 201+: 9.50</c>; null when it is no such list.</summary>
    public static PriceTiers? Parse(string text, TiersMode mode)
    {
        var bands = ImmutableArray.CreateBuilder<Band>();
        long next = 1;
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ParseBand(part, next) is not { } band || (bands.Count > 0 && bands[^1].UpTo is null))
            {
                return null;
            }

            bands.Add(band);
            next = (band.UpTo ?? 0) + 1;
        }

        return bands is [.., { UpTo: null }] ? new(mode, bands.ToImmutable()) : null;
    }

    /// <summary>True when both bill alike, or neither is tiered.</summary>
    public static bool Same(PriceTiers? left, PriceTiers? right) =>
        left is null ? right is null : right is not null && left.Mode == right.Mode && left.Bands.SequenceEqual(right.Bands);

    /// <summary>Price of a quantity in major units of the basis.</summary>
    public Rational Total(Rational quantity) => Mode == TiersMode.Volume
        ? quantity * Bands.First(band => band.UpTo is not { } last || quantity <= last).UnitPrice
        : Bands.Select((band, index) => Within(band, index == 0 ? 0 : Bands[index - 1].UpTo!.Value, quantity) * band.UnitPrice)
            .Aggregate(Rational.Zero, (sum, part) => sum + part);

    private static Rational Within(Band band, long below, Rational quantity)
    {
        Rational top = band.UpTo is { } last && quantity > last ? last : quantity;
        return top > below ? top - below : Rational.Zero;
    }

    private static Band? ParseBand(string text, long from)
    {
        string[] sides = text.Split(':', StringSplitOptions.TrimEntries);
        string[] range = sides[0].EndsWith('+') ? [sides[0][..^1].Trim(), ""] : sides[0].Split('-', StringSplitOptions.TrimEntries);
        return sides.Length == 2 && range.Length == 2
            && long.TryParse(range[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first) && first == from
            && decimal.TryParse(sides[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal price)
            ? range[1].Length == 0 ? new Band(null, price)
                : long.TryParse(range[1], NumberStyles.None, CultureInfo.InvariantCulture, out long last) && last >= first ? new Band(last, price) : null
            : null;
    }
}
