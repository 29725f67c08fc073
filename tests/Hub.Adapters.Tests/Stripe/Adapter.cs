using Hub.Stripe;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hub.Adapters.Tests.Stripe;

/// <summary>The adapter over a given transport, wired as the product wires it.</summary>
internal static class Adapter
{
    public static StripeApi Api(HttpMessageHandler transport, TimeProvider? time = null, StripeMetrics? metrics = null, int requestsPerSecond = 100)
    {
        time ??= new StepTime();
        var handler = new StripeCallHandler(
            new RequestPacer(requestsPerSecond, time), metrics ?? new StripeMetrics(), time, NullLogger<StripeCallHandler>.Instance)
        {
            InnerHandler = transport,
        };
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        return new StripeApi(http, new StripeOptions { ApiKey = "sk_test_1" });
    }

    public static StripeAdjustments Adjustments(HttpMessageHandler transport, FakeEffects effects, TimeProvider? time = null)
    {
        time ??= new StepTime();
        return new StripeAdjustments(Api(transport, time), effects, time, NullLogger<StripeAdjustments>.Instance);
    }

    public static StripeBilling Billing(HttpMessageHandler transport, FakeEffects effects, TimeProvider? time = null)
    {
        time ??= new StepTime();
        return new StripeBilling(Api(transport, time), effects, time, NullLogger<StripeBilling>.Instance);
    }
}
