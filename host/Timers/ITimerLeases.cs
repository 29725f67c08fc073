namespace Hub.Host.Timers;

/// <summary>Timer records shared by all hosts; every write succeeds only on the version it was read from.</summary>
internal interface ITimerLeases
{
    Task<TimerRecord?> Read(string function, CancellationToken ct);

    /// <summary>Stores the record unless another host was faster.</summary>
    /// <returns>The record with its new version, or null when the stored version is another.</returns>
    Task<TimerRecord?> TryStore(TimerRecord record, CancellationToken ct);
}
