namespace Microsoft.Azure.Functions.Worker;

/// <summary>The record of a monitored schedule; all times are UTC.</summary>
public class ScheduleStatus
{
    /// <summary>The last recorded occurrence.</summary>
    public DateTime Last { get; set; }

    /// <summary>The occurrence that was expected next when this run began; on a normal tick the tick itself.</summary>
    public DateTime Next { get; set; }

    /// <summary>When the record was last written.</summary>
    public DateTime LastUpdated { get; set; }
}
