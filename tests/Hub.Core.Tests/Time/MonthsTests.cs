using FsCheck;
using FsCheck.Fluent;
using Hub.Core.Time;
using NodaTime;

namespace Hub.Core.Tests.Time;

public sealed class MonthsTests
{
    [Theory]
    [InlineData(1, 28)]
    [InlineData(2, 31)]
    [InlineData(3, 30)]
    public void The_31st_is_clamped_and_comes_back(int months, int day) =>
        Assert.Equal(day, Months.Add(new LocalDate(2027, 1, 31), months).Day);

    [Fact]
    public void A_leap_day_comes_back_after_four_years()
    {
        var leap = new LocalDate(2028, 2, 29);
        Assert.Equal(new LocalDate(2029, 2, 28), Months.Add(leap, 12));
        Assert.Equal(new LocalDate(2032, 2, 29), Months.Add(leap, 48));
    }

    [Theory]
    [InlineData("2026-01-31", "2026-02-28", 1)]
    [InlineData("2026-10-15", "2027-10-15", 12)]
    [InlineData("2026-10-15", "2027-10-14", null)]
    public void A_date_is_a_monthly_date_of_its_anchor_or_not(string anchor, string date, int? expected) =>
        Assert.Equal(expected, Months.Exactly(Date(anchor), Date(date)));

    [Theory]
    [InlineData("2026-12-31", "2027-02-28", 2)]
    [InlineData("2026-10-15", "2026-11-14", 0)]
    [InlineData("2026-11-15", "2026-10-15", 0)]
    public void Whole_months_between_two_dates(string from, string to, int expected) =>
        Assert.Equal(expected, Months.Whole(Date(from), Date(to)));

    [Fact]
    public void Every_monthly_date_is_recognised() => Prop
        .ForAll<PositiveInt, PositiveInt>((days, months) =>
        {
            LocalDate anchor = new LocalDate(2020, 1, 1).PlusDays(days.Get % 4000);
            int count = months.Get % 60;
            return Months.Exactly(anchor, Months.Add(anchor, count)) == count;
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Half_past_midnight_in_London_is_still_yesterday_in_New_York()
    {
        Instant instant = Instant.FromUtc(2026, 10, 1, 0, 30);
        Assert.Equal(new LocalDate(2026, 10, 1), BillingZone.Utc.DateOf(instant));
        Assert.Equal(new LocalDate(2026, 9, 30), BillingZone.Find("America/New_York")!.DateOf(instant));
        Assert.Null(BillingZone.Find("Middle/Earth"));
    }

    private static LocalDate Date(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
}
