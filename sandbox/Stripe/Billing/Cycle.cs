using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>A billing interval counted from an anchor.</summary>
/// <remarks>
/// Every boundary is counted from the anchor and none from the one before, so that 31 January is followed by
/// 28 February and then by 31 March. Times are Unix seconds, calendars are UTC.
/// </remarks>
/// <param name="Unit"><c>day</c>, <c>week</c>, <c>month</c> or <c>year</c>.</param>
/// <param name="Count">Units per period.</param>
public readonly record struct Cycle(string Unit, long Count)
{
    public static Cycle Of(JsonObject price)
    {
        var recurring = price.Obj("recurring") ?? throw new InvalidOperationException($"{price.Id()} does not recur.");
        return new Cycle(recurring.Text("interval")!, recurring.Number("interval_count"));
    }

    /// <summary>The time <paramref name="periods"/> periods after <paramref name="anchor"/>.</summary>
    public long Add(long anchor, long periods)
    {
        var start = DateTime.UnixEpoch.AddSeconds(anchor);
        var moved = Unit switch
        {
            "day" => start.AddDays(Count * periods),
            "week" => start.AddDays(7 * Count * periods),
            "month" => start.AddMonths((int)(Count * periods)),
            _ => start.AddMonths((int)(12 * Count * periods)),
        };
        return (long)(moved - DateTime.UnixEpoch).TotalSeconds;
    }

    /// <summary>The first boundary later than <paramref name="time"/>.</summary>
    public long After(long anchor, long time)
    {
        var periods = (long)Math.Floor((time - anchor) / AverageSeconds) - 1;
        while (Add(anchor, periods) <= time)
        {
            periods++;
        }

        return Add(anchor, periods);
    }

    /// <summary>The last boundary not later than <paramref name="time"/>.</summary>
    public long AtOrBefore(long anchor, long time)
    {
        var periods = (long)Math.Ceiling((time - anchor) / AverageSeconds) + 1;
        while (Add(anchor, periods) > time)
        {
            periods--;
        }

        return Add(anchor, periods);
    }

    /// <summary>Whether both intervals fit together: the longer is a whole multiple of the shorter.</summary>
    public bool FitsWith(Cycle other) => (Days, other.Days, Months, other.Months) switch
    {
        (> 0, > 0, _, _) => Math.Max(Days, other.Days) % Math.Min(Days, other.Days) == 0,
        (_, _, > 0, > 0) => Math.Max(Months, other.Months) % Math.Min(Months, other.Months) == 0,
        _ => false,
    };

    private long Days => Unit switch { "day" => Count, "week" => 7 * Count, _ => 0 };

    private long Months => Unit switch { "month" => Count, "year" => 12 * Count, _ => 0 };

    // Only a first guess at how many periods have passed; the exact boundary is searched from there.
    private double AverageSeconds => Days > 0 ? Days * 86_400d : Months * 31_556_952d / 12;
}
