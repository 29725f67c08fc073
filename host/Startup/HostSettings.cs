using System.Globalization;
using System.Net;

namespace Hub.Host.Startup;

/// <summary>The host's own settings, section <c>Host</c>.</summary>
/// <param name="Address">Where stand-alone mode listens; default 127.0.0.1.</param>
/// <param name="Port">TCP port; default 7071, 0 lets the system choose.</param>
/// <param name="Drain">How long running work may take to finish after a stop; 1 to 3600 s, default 30 s.</param>
/// <param name="FunctionKey">Opens functions of level function; generated for local use when absent.</param>
/// <param name="MasterKey">Opens everything including <c>/admin</c>; generated for local use when absent.</param>
/// <param name="Invisibility">How long a received message stays invisible unless renewed; 2 to 600 s, default 600 s as in the queue trigger. Shorter lets the messages of a killed host return sooner.</param>
internal sealed record HostSettings(IPAddress Address, int Port, TimeSpan Drain, TimeSpan Invisibility, string? FunctionKey, string? MasterKey)
{
    public static HostSettings Read(IConfiguration configuration, List<string> defects)
    {
        int Number(string name, int fallback, int least, int most)
        {
            string? text = configuration[name];
            if (string.IsNullOrWhiteSpace(text))
            {
                return fallback;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            {
                return value;
            }

            defects.Add($"{name} must be a whole number from {least} to {most}, not '{text}'.");
            return fallback;
        }

        if (!IPAddress.TryParse(configuration["Host:Address"] ?? "127.0.0.1", out IPAddress? address))
        {
            defects.Add($"Host:Address must be an IP address, not '{configuration["Host:Address"]}'.");
        }

        return new HostSettings(
            address ?? IPAddress.Loopback,
            Number("Host:Port", 7071, 0, 65535),
            TimeSpan.FromSeconds(Number("Host:DrainSeconds", 30, 1, 3600)),
            TimeSpan.FromSeconds(Number("Host:InvisibilitySeconds", 600, 2, 600)),
            NullIfBlank(configuration["Host:FunctionKey"]),
            NullIfBlank(configuration["Host:MasterKey"]));
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
