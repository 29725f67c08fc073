namespace Hub.Host.Clock;

/// <summary>Brings the host's clock up to date before work begins; nothing to do for the system clock.</summary>
internal interface IClockRefresh
{
    Task Refresh(CancellationToken ct);

    /// <summary>The system clock, which is always up to date.</summary>
    static readonly IClockRefresh None = new UpToDate();

    private sealed class UpToDate : IClockRefresh
    {
        public Task Refresh(CancellationToken ct) => Task.CompletedTask;
    }
}
