namespace Hub.Sandbox.Kernel;

/// <summary>Something that happens by itself when sandbox time passes, such as an invoice being finalised.</summary>
public interface IClockDriven
{
    /// <summary>When the next thing happens; null when nothing is waiting.</summary>
    DateTimeOffset? NextDue { get; }

    /// <summary>Plays what is due at the clock's current time. Afterwards <see cref="NextDue"/> must have moved on.</summary>
    Task RunDue(CancellationToken ct);
}
