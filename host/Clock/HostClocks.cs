namespace Hub.Host.Clock;

/// <summary>The host's two clocks.</summary>
/// <param name="Schedule">Decides when timers are due; the same clock the functions see, possibly a simulator's.</param>
/// <param name="Machine">
/// Measures waiting for real things: polling, leases, storage's invisibility, draining. Never a simulator's,
/// which may stand still while a message's real invisibility runs out.
/// </param>
internal sealed record HostClocks(TimeProvider Schedule, TimeProvider Machine);
