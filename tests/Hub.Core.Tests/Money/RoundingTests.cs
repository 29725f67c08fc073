using FsCheck;
using FsCheck.Fluent;
using Hub.Core.Money;

namespace Hub.Core.Tests.Money;

public sealed class RoundingTests
{
    [Theory]
    [InlineData("USD", 1, 2, 1)]
    [InlineData("USD", -1, 2, -1)]
    [InlineData("USD", 4, 3, 1)]
    [InlineData("JPY", 5, 2, 3)]
    [InlineData("KWD", 7255, 1, 7260)]   // 7.255 dinars: the last of three digits must be 0
    [InlineData("KWD", 7254, 1, 7250)]
    [InlineData("ISK", 12350, 1, 12400)] // 123.50 crowns: whole crowns only
    public void Halves_go_away_from_zero_to_what_the_currency_can_represent(string currency, int numerator, int denominator, long expected) =>
        Assert.Equal(expected, Rounding.ToAmount(new Rational(numerator, denominator), Currency.Parse(currency)).MinorUnits);

    [Theory]
    [InlineData("USD", 100, true)]
    [InlineData("KWD", 7255, false)]
    [InlineData("KWD", 7250, true)]
    [InlineData("UGX", 150, false)]
    public void Exactness_knows_the_currencys_smallest_step(string currency, int minorUnits, bool expected) =>
        Assert.Equal(expected, Rounding.IsExact(new Rational(minorUnits, 1), Currency.Parse(currency)));

    [Fact]
    public void Split_loses_no_minor_unit() => Prop
        .ForAll<int, PositiveInt>((total, n) =>
        {
            var parts = new Amount(total, Currency.Usd).Split((n.Get % 120) + 1);
            return parts.Sum(part => part.MinorUnits) == total
                && parts.Max(part => part.MinorUnits) - parts.Min(part => part.MinorUnits) <= 1;
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Ten_dinars_in_three_parts_keep_the_last_digit_0() =>
        Assert.Equal([3340L, 3330L, 3330L], new Amount(10000, Currency.Parse("KWD")).Split(3).Select(part => part.MinorUnits));
}
