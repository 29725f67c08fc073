using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Collections;

/// <summary>The policy of reminders as the rules read it.</summary>
/// <param name="Steps">Lowest first: of several ripe steps the last one in this list leaves.</param>
/// <param name="Close">Local time from which nothing leaves; null: midnight.</param>
/// <param name="FloorMinorUnits">Only more than this is chased.</param>
/// <param name="SwitchedOn">Steps planned before it are not applicable; null: no limit beyond the invoice's own.</param>
public sealed record DunningTerms(
    ImmutableArray<DunningStep> Steps, LocalTime? Close, long FloorMinorUnits, bool WeekendsAreBusinessDays, Instant? SwitchedOn);

/// <param name="OffsetDays">Calendar days from the due date; negative: before it.</param>
/// <param name="SendTime">Local time at which the step is ripe.</param>
public sealed record DunningStep(string Key, int OffsetDays, LocalTime SendTime, string Template);

public enum StepStatus
{
    /// <summary>Planned for later.</summary>
    Planned,

    /// <summary>To be sent now.</summary>
    Due,

    /// <summary>Ripe, but something keeps it: it leaves at the first evaluation after that has passed.</summary>
    HeldBack,

    /// <summary>A higher step took its place.</summary>
    Superseded,
    Expired,
    Cancelled,
    NotApplicable,

    /// <summary>The ledger already says how it ended.</summary>
    Done,
}

/// <param name="PlannedAt">When the step is ripe.</param>
/// <param name="Reason">For superseded the key of the step that took its place; else why it does not leave.</param>
public sealed record StepDecision(DunningStep Step, Instant PlannedAt, StepStatus Status, string? Reason);
