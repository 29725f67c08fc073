using System.Globalization;

namespace Hub.Host.CustomHandler;

/// <summary>When an invocation is given up by the handler itself.</summary>
/// <remarks>
/// At the function timeout the Functions host kills the process, and with the slow invocation every other one under way. Given up a
/// twentieth earlier, the slow one fails alone and its message is delivered again.
/// </remarks>
internal static class HandlerDeadline
{
    /// <summary>Setting that overrides the function timeout of host.json.</summary>
    public const string TimeoutSetting = "AzureFunctionsJobHost:functionTimeout";

    /// <summary>The function timeout that host.json states.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(10);

    /// <returns>How long an invocation may take; infinite where the Functions host sets no limit (-1).</returns>
    public static TimeSpan From(IConfiguration configuration) => configuration[TimeoutSetting] switch
    {
        "-1" => Timeout.InfiniteTimeSpan,
        var text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan timeout) && timeout > TimeSpan.Zero => timeout * 0.95,
        _ => DefaultTimeout * 0.95,
    };
}
