using System.Diagnostics.Metrics;

namespace Hub.Stripe;

/// <summary>Counts calls. Meter <c>Hub.Stripe</c>.</summary>
/// <remarks><c>hub.stripe.calls</c> {call}: every HTTP request sent, repeats included, by <c>method</c>, <c>resource</c> and <c>status</c> (0: no answer).</remarks>
public sealed class StripeMetrics : IDisposable
{
    public const string MeterName = "Hub.Stripe";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _calls;

    public StripeMetrics() => _calls = _meter.CreateCounter<long>("hub.stripe.calls", "{call}", "HTTP requests sent to Stripe, repeats included.");

    public void Dispose() => _meter.Dispose();

    internal void Called(string method, string resource, int status) => _calls.Add(
        1,
        new KeyValuePair<string, object?>("method", method),
        new KeyValuePair<string, object?>("resource", resource),
        new KeyValuePair<string, object?>("status", status));
}
