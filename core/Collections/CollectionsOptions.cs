using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Collections;

/// <summary>Settings of the reminders, section <c>Collections</c>.</summary>
public sealed class CollectionsOptions
{
    public const string Section = "Collections";

    /// <summary>Whether reminders are planned and sent at all. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Day on which the Hub was switched on for reminders, <c>yyyy-MM-dd</c> in the billing zone: steps planned before it are not caught up. Default empty: an invoice enters when it is finalised.</summary>
    public string? EnabledFrom { get; set; }

    /// <summary>Local time at which a step leaves at the earliest, <c>HH:mm</c>. Default 09:00.</summary>
    public string SendTime { get; set; } = "09:00";

    /// <summary>Local time from which nothing leaves any more that day, <c>HH:mm</c>; empty: midnight. Default 18:00.</summary>
    public string? Close { get; set; } = "18:00";

    /// <summary>Only more than this is chased, minor units of the invoice's currency. Default 0.</summary>
    public long FloorMinorUnits { get; set; }

    /// <summary>Whether messages leave on Saturdays and Sundays. Default false.</summary>
    public bool WeekendsAreBusinessDays { get; set; }

    /// <summary>The ladder, lowest step first. Default S-3, S1, S7, S14, S30.</summary>
    /// <remarks>Empty by default, because configuration adds to a list instead of replacing it.</remarks>
    public IList<StepOptions> Steps { get; } = [];

    /// <summary>The ladder in force: the configured one, else the default.</summary>
    public IReadOnlyList<StepOptions> Ladder() => Steps.Count > 0 ? [.. Steps] : DefaultLadder;

    /// <summary>The settings as the rules read them.</summary>
    /// <param name="zone">Billing zone; gives <see cref="EnabledFrom"/> its instant.</param>
    /// <exception cref="FormatException">The options were not validated.</exception>
    public DunningTerms ToTerms(DateTimeZone zone) => new(
        [.. Ladder().Select(step => new DunningStep(
            step.Key, step.OffsetDays, Time(step.SendTime ?? SendTime), step.Template ?? DefaultTemplate(step.OffsetDays)))],
        string.IsNullOrWhiteSpace(Close) ? null : Time(Close),
        FloorMinorUnits,
        WeekendsAreBusinessDays,
        string.IsNullOrWhiteSpace(EnabledFrom) ? null : zone.AtStartOfDay(LocalDatePattern.Iso.Parse(EnabledFrom).Value).ToInstant());

    internal static ParseResult<LocalTime> ReadTime(string text) => LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(text);

    private static ImmutableArray<StepOptions> DefaultLadder { get; } =
        [.. new[] { -3, 1, 7, 14, 30 }.Select(days => new StepOptions { Key = string.Create(CultureInfo.InvariantCulture, $"S{days}"), OffsetDays = days })];

    private static string DefaultTemplate(int offsetDays) => offsetDays switch
    {
        <= 0 => "before-due",
        < 30 => "overdue",
        _ => "final-notice",
    };

    private static LocalTime Time(string text) => ReadTime(text).Value;
}

/// <summary>One step of the ladder as configured.</summary>
public sealed class StepOptions
{
    /// <summary>Letters, digits and hyphens, at most 20; unique in the ladder. Sent keys are kept for ever: never give a key another meaning.</summary>
    public string Key { get; set; } = "";

    /// <summary>Calendar days from the due date; negative: before it. −365 to 365.</summary>
    public int OffsetDays { get; set; }

    /// <summary>Overrides <see cref="CollectionsOptions.SendTime"/> for this step.</summary>
    public string? SendTime { get; set; }

    /// <summary>Template of the message. Default <c>before-due</c>, <c>overdue</c> or, from 30 days, <c>final-notice</c>.</summary>
    public string? Template { get; set; }
}
