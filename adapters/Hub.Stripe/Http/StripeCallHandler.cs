using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Hub.Stripe;

/// <summary>Every request to Stripe passes here: paced, counted, bounded in time and repeated where a repeat can help.</summary>
/// <remarks>The one place of repeats; the SDK's own are off. Waits end with the caller's token.</remarks>
internal sealed class StripeCallHandler : DelegatingHandler
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(40);

    private readonly RequestPacer _pacer;
    private readonly StripeMetrics _metrics;
    private readonly ILogger _log;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public StripeCallHandler(RequestPacer pacer, StripeMetrics metrics, TimeProvider time, ILogger<StripeCallHandler> log)
    {
        (_pacer, _metrics, _log) = (pacer, metrics, log);
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = RetryRule.MostRepeats,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .Handle<TimeoutRejectedException>()
                    .HandleResult(RetryRule.IsRepeatable),
                DelayGenerator = attempt => new(RetryRule.Delay(attempt.AttemptNumber, attempt.Outcome.Result, Jitter())),
                OnRetry = attempt =>
                {
                    int status = (int?)attempt.Outcome.Result?.StatusCode ?? 0;
                    string resource = attempt.Context.Properties.GetValue(ResourceKey, "");
                    _log.Repeating(resource, status, attempt.AttemptNumber + 1, (long)attempt.RetryDelay.TotalMilliseconds);
                    return default;
                },
            })
            .AddTimeout(AttemptTimeout)
            .Build();
    }

    private static ResiliencePropertyKey<string> ResourceKey { get; } = new("resource");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        string resource = Resource(request.RequestUri!);
        context.Properties.Set(ResourceKey, resource);
        try
        {
            return await _pipeline.ExecuteAsync(
                async (context, state) => await state.Handler.SendOnce(state.Request, state.Resource, context.CancellationToken),
                context,
                (Handler: this, Request: request, Resource: resource));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<HttpResponseMessage> SendOnce(HttpRequestMessage request, string resource, CancellationToken ct)
    {
        await _pacer.Wait(ct);
        int status = 0;
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, ct);

            // A body that breaks off must count as a lost connection here, where it is repeated.
            await response.Content.LoadIntoBufferAsync(ct);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            _metrics.Called(request.Method.Method, resource, status);
        }
    }

    // The first segment after the version names the resource; ids would make every call its own series.
    private static string Resource(Uri uri) => uri.Segments is [_, _, var resource, ..] ? resource.TrimEnd('/') : "";

    private static decimal Jitter() => RandomNumberGenerator.GetInt32(0, 1001) / 1000m;
}
