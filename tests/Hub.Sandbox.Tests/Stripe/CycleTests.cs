using FsCheck;
using FsCheck.Fluent;
using Hub.Sandbox.Stripe.Billing;
using Hub.Sandbox.Tests.Kernel;

namespace Hub.Sandbox.Tests.Stripe;

public sealed class CycleTests
{
    [Theory]
    [InlineData("month", 1, "2026-01-31", "2026-02-10", "2026-02-28")]
    [InlineData("month", 1, "2026-01-31", "2026-02-28", "2026-03-31")]
    [InlineData("month", 1, "2026-01-30", "2028-02-01", "2028-02-29")]
    [InlineData("month", 3, "2025-11-30", "2025-12-01", "2026-02-28")]
    [InlineData("month", 3, "2025-11-30", "2026-02-28", "2026-05-30")]
    [InlineData("year", 1, "2028-02-29", "2028-03-01", "2029-02-28")]
    [InlineData("year", 1, "2028-02-29", "2031-03-01", "2032-02-29")]
    [InlineData("week", 2, "2026-01-05", "2026-01-05", "2026-01-19")]
    [InlineData("day", 10, "2026-02-25", "2026-03-06", "2026-03-07")]
    [InlineData("month", 1, "2026-01-31", "2025-11-01", "2025-11-30")]
    public void Next_boundary_is_counted_from_the_anchor(string unit, int count, string anchor, string time, string next) =>
        Assert.Equal(next, StripeSandbox.Day(new Cycle(unit, count).After(RunningSandbox.Unix(anchor), RunningSandbox.Unix(time))));

    [Fact]
    public void Every_moment_lies_in_exactly_one_period() => Prop
        .ForAll(
            Gen.Elements("day", "week", "month", "year").ToArbitrary(),
            Gen.Choose(1, 13).ToArbitrary(),
            Gen.Choose(0, 2_000_000_000).Two().ToArbitrary(),
            (unit, count, moments) =>
            {
                var cycle = new Cycle(unit, count);
                var (anchor, time) = moments;
                var (start, end) = (cycle.AtOrBefore(anchor, time), cycle.After(anchor, time));
                return start <= time && time < end && cycle.After(anchor, start) == end && cycle.AtOrBefore(anchor, end) == end;
            })
        .QuickCheckThrowOnFailure();
}
