using NodaTime;
using NodaTime.Text;
using Stripe;

namespace Hub.Stripe;

/// <summary>Reads how far the Hub has sent the phases of a schedule.</summary>
internal static class ScheduleWindow
{
    /// <summary>End of the last phase that was sent where later ones are to follow; null: all were sent, or somebody else made the schedule.</summary>
    public static LocalDate? Until(SubscriptionSchedule schedule) => Day(schedule, MetadataKeys.PhasesUntil);

    /// <summary>Day on which it took over from a schedule that had run out of phases; null: it is the contract's first.</summary>
    public static LocalDate? From(SubscriptionSchedule schedule) => Day(schedule, MetadataKeys.PhasesFrom);

    private static LocalDate? Day(SubscriptionSchedule schedule, string key) =>
        schedule.Metadata?.GetValueOrDefault(key) is { } text && LocalDatePattern.Iso.Parse(text) is { Success: true } day ? day.Value : null;
}
