using Hub.Sandbox.Kernel;
using Hub.Sandbox.Stripe.Events;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe;

/// <summary>The simulated account: its objects, what will happen to them, and what has happened.</summary>
public sealed class World
{
    private readonly SandboxClock clock;

    public World(SandboxClock clock)
    {
        this.clock = clock;
        Expansion = new Expansion(Store);
        Events = new EventLog(this);
    }

    public Store Store { get; } = new();

    public Agenda Agenda { get; } = new();

    public Expansion Expansion { get; }

    public EventLog Events { get; }

    /// <summary>Sandbox time in Unix seconds.</summary>
    public long Now => clock.Now.ToUnixTimeSeconds();

    /// <summary>The request being executed, if it is one and not the passing of time.</summary>
    public (string Id, string? IdempotencyKey)? Request { get; set; }
}
