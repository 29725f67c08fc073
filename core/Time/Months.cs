using NodaTime;

namespace Hub.Core.Time;

/// <summary>Month arithmetic as billing does it: always from the first date, the day clamped to the month's last (convention C5).</summary>
public static class Months
{
    /// <summary>The <paramref name="months"/>-th monthly date of an anchor: 31 January gives 28 or 29 February, then 31 March again.</summary>
    public static LocalDate Add(LocalDate anchor, int months) => anchor.PlusMonths(months);

    /// <summary>How many months after the anchor the date lies; null when it is none of the anchor's monthly dates.</summary>
    public static int? Exactly(LocalDate anchor, LocalDate date)
    {
        int months = ((date.Year - anchor.Year) * 12) + date.Month - anchor.Month;
        return Add(anchor, months) == date ? months : null;
    }

    /// <summary>The most whole months that fit between two dates; negative spans give 0.</summary>
    public static int Whole(LocalDate from, LocalDate to)
    {
        int months = ((to.Year - from.Year) * 12) + to.Month - from.Month;
        return Math.Max(0, Add(from, months) > to ? months - 1 : months);
    }

    /// <summary>Calendar days from one date to another.</summary>
    public static int Days(LocalDate from, LocalDate to) => Period.DaysBetween(from, to);
}
