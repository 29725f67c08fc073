using Polly;
using Polly.Retry;

namespace Hub.Salesforce;

/// <summary>Bounded repetition of a call that may be repeated.</summary>
internal static class Retries
{
    /// <summary>Runs the call up to <see cref="Waits.Attempts"/> times and returns the last answer, whatever it is.</summary>
    /// <param name="failure">What is wrong with an answer; only kinds that pass by themselves are repeated.</param>
    /// <param name="report">Told before each wait; the reply is null when there was no answer at all.</param>
    /// <exception cref="SalesforceException">Transient: not even the last attempt got an answer.</exception>
    public static async Task<SalesforceReply> Run(
        Func<CancellationToken, ValueTask<SalesforceReply>> call,
        Func<SalesforceReply, FailureKind?> failure,
        TimeProvider time,
        Action<SalesforceReply?, int, TimeSpan> report,
        CancellationToken ct)
    {
        try
        {
            return await Pipeline(failure, time, report).ExecuteAsync(call, ct);
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutException)
        {
            throw new SalesforceException(SalesforceFailure.Transient, "NO_ANSWER", "Salesforce could not be reached.", error);
        }
    }

    private static ResiliencePipeline<SalesforceReply> Pipeline(
        Func<SalesforceReply, FailureKind?> failure, TimeProvider time, Action<SalesforceReply?, int, TimeSpan> report) =>
        new ResiliencePipelineBuilder<SalesforceReply> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<SalesforceReply>
            {
                MaxRetryAttempts = Waits.Attempts - 1,
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException or TimeoutException
                    || (attempt.Outcome.Result is { } reply && Passes(failure(reply)))),
                DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(Waits.Before(
                    attempt.Outcome.Result is { } reply ? failure(reply) ?? FailureKind.Transient : FailureKind.Transient,
                    attempt.AttemptNumber,
                    Random.Shared.NextDouble())),
                OnRetry = attempt =>
                {
                    report(attempt.Outcome.Result, attempt.AttemptNumber, attempt.RetryDelay);
                    return default;
                },
            })
            .Build();

    private static bool Passes(FailureKind? kind) => kind is FailureKind.Transient or FailureKind.Concurrency or FailureKind.RowLocked;
}
