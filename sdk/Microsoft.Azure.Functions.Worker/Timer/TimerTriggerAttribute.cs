using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function on a schedule.</summary>
/// <param name="schedule">NCrontab with six fields, seconds first, or <c>%Setting%</c> holding one; UTC.</param>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Default true: occurrences are recorded, so that one missed while no host ran is made up for once.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Default false: also run at every start of the host.</summary>
    public bool RunOnStartup { get; set; }
}
