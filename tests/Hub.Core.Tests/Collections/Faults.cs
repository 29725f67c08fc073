using Hub.Core.Queues;
using NodaTime;

namespace Hub.Core.Tests.Collections;

/// <summary>Kills the work right after its n-th effect, as a crash would: the effect has happened, nobody knows.</summary>
internal sealed class Faults
{
    public int CrashAfter { get; set; }

    /// <summary>Crashes after the first effect of this name; null: after none.</summary>
    public string? CrashOn { get; set; }

    /// <summary>Called after each effect with its name.</summary>
    public Action<string>? OnEffect { get; set; }

    public int Effects { get; private set; }

    public void After(string effect)
    {
        Effects++;
        OnEffect?.Invoke(effect);
        if (Effects == CrashAfter || effect == CrashOn)
        {
            CrashOn = null;
            throw new CrashException(effect);
        }
    }
}

internal sealed class CrashException(string effect) : Exception($"Crashed after {effect}.");

internal sealed class HandClock(Instant now) : TimeProvider
{
    public Instant Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
}

internal sealed class InMemoryQueue(Faults? faults = null) : IQueueSender
{
    public List<(string Queue, object Message, Duration? Delay)> Sent { get; } = [];

    public Task Send<T>(string queue, T message, Duration? delay, CancellationToken ct)
        where T : class
    {
        Sent.Add((queue, message, delay));
        faults?.After("queue");
        return Task.CompletedTask;
    }
}
