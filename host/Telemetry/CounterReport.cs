namespace Hub.Host.Telemetry;

/// <summary>The answer of <c>GET /admin/metrics</c>.</summary>
/// <param name="Counters">One entry per counter and combination of tags.</param>
/// <param name="Totals">Per counter name, the sum over all tags.</param>
internal sealed record CounterReport(IReadOnlyList<CounterReport.Reading> Counters, IReadOnlyDictionary<string, decimal> Totals)
{
    internal sealed record Reading(string Meter, string Name, IReadOnlyDictionary<string, string> Tags, decimal Value);
}
