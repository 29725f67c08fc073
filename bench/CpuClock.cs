using Perfolizer.Horology;

namespace Hub.Bench;

/// <summary>Counts the processor time of this process, so that neighbours on a shared machine are not measured.</summary>
internal sealed class CpuClock : IClock
{
    public string Title => "Processor time";

    public bool IsAvailable => true;

    public Frequency Frequency => new(TimeSpan.TicksPerSecond);

    public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
