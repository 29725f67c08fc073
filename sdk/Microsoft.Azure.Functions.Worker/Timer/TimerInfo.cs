namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function is told about the occurrence that runs it.</summary>
public class TimerInfo
{
    /// <summary>Null when the schedule is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>True when the occurrence was missed and is being made up for.</summary>
    public bool IsPastDue { get; set; }
}
