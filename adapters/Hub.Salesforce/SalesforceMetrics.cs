using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Hub.Salesforce;

/// <summary>Counts calls and watches the org's daily allowance. Meter <c>Hub.Salesforce</c>.</summary>
/// <remarks>
/// <c>hub.salesforce.calls</c> {call}: every HTTP request sent, retries included, by <c>resource</c> and <c>status</c>.
/// <c>hub.salesforce.api_usage</c> {percent}: share of the rolling 24-hour allowance the whole org has used.
/// </remarks>
public sealed partial class SalesforceMetrics : IDisposable
{
    public const string MeterName = "Hub.Salesforce";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _calls;
    private long _used;
    private long _allowed;

    public SalesforceMetrics()
    {
        _calls = _meter.CreateCounter<long>("hub.salesforce.calls", "{call}", "HTTP requests sent to Salesforce, retries included.");
        _meter.CreateObservableGauge("hub.salesforce.api_usage", () => UsedPercent, "%", "Used share of the org's daily API allowance.");
    }

    /// <summary>This instance's meter, for listeners that must not hear another one's.</summary>
    internal Meter Meter => _meter;

    /// <summary>0–100 and beyond; 0 before the first answer that carries the header.</summary>
    public decimal UsedPercent => Volatile.Read(ref _allowed) is > 0 and var allowed ? 100m * Volatile.Read(ref _used) / allowed : 0;

    public void Dispose() => _meter.Dispose();

    internal void Called(string resource, int status) => _calls.Add(
        1, new KeyValuePair<string, object?>("resource", resource), new KeyValuePair<string, object?>("status", status));

    /// <summary>Takes <c>Sforce-Limit-Info</c>; other segments may stand before or after the one of interest.</summary>
    internal void Observe(string limitInfo)
    {
        Match match = ApiUsage().Match(limitInfo);
        if (match.Success
            && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long used)
            && long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long allowed))
        {
            Volatile.Write(ref _used, used);
            Volatile.Write(ref _allowed, allowed);
        }
    }

    // "per-app-api-usage=…" ends in the same words and must not match.
    [GeneratedRegex(@"(?<![\w-])api-usage=(\d{1,18})/(\d{1,18})", RegexOptions.CultureInvariant)]
    private static partial Regex ApiUsage();
}
