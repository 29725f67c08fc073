using System.Globalization;

namespace Hub.Sandbox.Kernel;

/// <summary>Settings every module shares, from the command line (<c>--now</c>, <c>--port</c>) or the environment.</summary>
/// <param name="Now">Where the clock starts; default 2026-01-05T06:00:00Z.</param>
/// <param name="Port">Loopback port; default 12111, 0 lets the system choose.</param>
public sealed record SandboxSettings(DateTimeOffset Now, int Port)
{
    /// <exception cref="FormatException">A setting is not what its name promises.</exception>
    public static SandboxSettings From(IConfiguration configuration) => new(
        Instant(configuration["now"] ?? "2026-01-05T06:00:00Z"),
        int.Parse(configuration["port"] ?? "12111", CultureInfo.InvariantCulture));

    /// <summary>Reads an ISO 8601 instant; one without offset is UTC.</summary>
    /// <exception cref="FormatException">The text is no instant.</exception>
    public static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
