using Hub.Core.Time;
using Microsoft.Extensions.Configuration;

namespace Hub.Functions.Startup;

/// <summary>Setting <c>Hub:BillingTimeZone</c>: the zone in which the Hub's "today" lies; default Etc/UTC.</summary>
internal sealed class BillingZoneCheck(IConfiguration configuration) : IStartupCheck
{
    private const string Setting = "Hub:BillingTimeZone";
    private const string Default = "Etc/UTC";

    /// <exception cref="InvalidOperationException">The setting names no IANA time zone.</exception>
    public static BillingZone Read(IConfiguration configuration) =>
        BillingZone.Find(Name(configuration)) ?? throw new InvalidOperationException(Defect(configuration));

    public Task<IReadOnlyList<string>> Check(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<string>>(BillingZone.Find(Name(configuration)) is null ? [Defect(configuration)] : []);

    /// <summary>The configured name, valid or not.</summary>
    public static string Name(IConfiguration configuration) =>
        configuration[Setting] is { Length: > 0 } name ? name : Default;

    // In the words of the options' own check, so that one defect is one line.
    private static string Defect(IConfiguration configuration) =>
        $"{Setting} is '{Name(configuration)}'; an IANA time zone such as Europe/London was expected.";
}
