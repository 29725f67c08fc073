using FsCheck;
using FsCheck.Fluent;
using Hub.Core.Money;

namespace Hub.Core.Tests.Money;

public sealed class RationalTests
{
    [Fact]
    public void A_twelfth_twelve_times_is_the_whole() =>
        Assert.Equal(new Rational(100, 1), new Rational(100, 12) * 12L);

    [Theory]
    [InlineData("0.1", "1/10")]
    [InlineData("-2.50", "-5/2")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001", "1/10000000000000000000000000000")]
    public void A_decimal_becomes_the_same_number(string text, string expected) =>
        Assert.Equal(expected, ((Rational)decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToString());

    [Theory]
    [InlineData(10000, 12, 12, "833.333333333333")]
    [InlineData(20000, 12, 12, "1666.666666666667")]
    [InlineData(-1, 2, 0, "-1")]
    [InlineData(300, 1, 12, "300")]
    [InlineData(1, 8, 12, "0.125")]
    public void Decimals_are_rounded_half_away_from_zero_and_carry_no_trailing_zeros(int numerator, int denominator, int places, string expected) =>
        Assert.Equal(expected, new Rational(numerator, denominator).ToDecimal(places).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(7, 2, 3)]
    [InlineData(-7, 2, -4)]
    [InlineData(6, 2, 3)]
    public void Floor_goes_down_for_negative_numbers_too(int numerator, int denominator, int expected) =>
        Assert.Equal(expected, (int)new Rational(numerator, denominator).Floor());

    [Fact]
    public void Adding_and_taking_away_changes_nothing() => Prop
        .ForAll<int, PositiveInt, int>((numerator, denominator, other) =>
        {
            var value = new Rational(numerator, denominator.Get);
            return value + new Rational(other, 7) - new Rational(other, 7) == value;
        })
        .QuickCheckThrowOnFailure();
}
