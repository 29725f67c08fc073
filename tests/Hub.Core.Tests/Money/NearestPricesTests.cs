using FsCheck;
using FsCheck.Fluent;
using Hub.Core.Money;

namespace Hub.Core.Tests.Money;

public sealed class NearestPricesTests
{
    // KWD 7.255 × 1 is 7255 fils, but the last digit must be 0: 7250 and 7260 do.
    [Fact]
    public void A_dinar_price_moves_to_the_neighbouring_tens_of_fils() =>
        Assert.Equal(new NearestPrices(7.250m, 7.260m), NearestPrices.Of(7.255m, new Rational(1000, 1), Currency.Parse("KWD")));

    // USD 100.00 a year billed monthly is 833.33… cents; 0.12 a year is a cent a month: 99.96 and 100.08.
    [Fact]
    public void A_yearly_price_billed_monthly_moves_in_steps_of_twelve_cents() =>
        Assert.Equal(new NearestPrices(99.96m, 100.08m), NearestPrices.Of(100m, new Rational(100, 12), Currency.Usd));

    // 3 × JPY 33.5 is 100.5 yen; a third of a yen cannot be typed, so 33 and 34.
    [Fact]
    public void A_price_that_no_decimal_can_write_is_not_proposed() =>
        Assert.Equal(new NearestPrices(33m, 34m), NearestPrices.Of(33.5m, new Rational(3, 1), Currency.Parse("JPY")));

    [Fact]
    public void Both_neighbours_are_representable_and_enclose_the_price() => Prop
        .ForAll<PositiveInt, PositiveInt, PositiveInt>((price, quantity, months) =>
        {
            Currency currency = Currency.Parse("KWD");
            var factor = new Rational((long)quantity.Get * ((months.Get % 36) + 1) * 1000L, 12);
            Rational unit = new Rational(price.Get, 7);
            NearestPrices near = NearestPrices.Of(unit, factor, currency);
            return near.Below is { } below && (Rational)below <= unit && unit < near.Above
                && Rounding.IsExact(below * factor, currency) && Rounding.IsExact(near.Above * factor, currency);
        })
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("KWD", "7.25", "KWD 7.250")]
    [InlineData("JPY", "33", "JPY 33")]
    [InlineData("JPY", "33.5", "JPY 33.5")]
    [InlineData("USD", "0.00015625", "USD 0.00015625")]
    public void Prices_are_written_with_the_currencys_digits(string currency, string price, string expected) =>
        Assert.Equal(expected, NearestPrices.Text(decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture), Currency.Parse(currency)));
}
