using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hub.Salesforce;

/// <param name="Path">Absolute path and query below <c>/services/data/</c>.</param>
/// <param name="Resource">Low-cardinality name for logs and metrics.</param>
/// <param name="Json">Body, null without one.</param>
/// <param name="Repeatable">A read, or a write that says the same thing when said twice.</param>
internal sealed record SalesforceRequest(HttpMethod Method, string Path, string Resource, byte[]? Json = null, bool Repeatable = true)
{
    /// <summary>The answer is a file's content, not JSON.</summary>
    public bool Bytes { get; init; }

    /// <summary>The kind of answer asked for: JSON, or <c>text/csv</c>.</summary>
    public string Accept { get; init; } = "application/json";
}

/// <summary>Calls the REST API: token, one replay after 401, bounded retries, daily limit. Every failure that is left becomes an exception.</summary>
internal sealed class SalesforceHttp(
    SalesforceWire wire, TokenSource tokens, IOptions<SalesforceOptions> options, TimeProvider time, ILogger<SalesforceHttp> log)
{
    /// <summary>Rechecking costs a call of the allowance that is gone, so it is done rarely.</summary>
    private static readonly TimeSpan LimitPause = TimeSpan.FromMinutes(15);

    private long _closedUntilTicks;

    /// <summary><c>/services/data/vNN.0</c></summary>
    public string Root => $"/services/data/v{options.Value.ApiVersion}";

    /// <exception cref="SalesforceException">The call failed for good, or still fails after the retries.</exception>
    public async Task<SalesforceReply> Send(SalesforceRequest request, CancellationToken ct)
    {
        SalesforceReply reply = await TrySend(request, ct);
        return reply.Failure is null ? reply : throw Exception(reply);
    }

    /// <summary>As <see cref="Send"/>, but answers that a caller can act on are returned; sign-in and limits still throw.</summary>
    public async Task<SalesforceReply> TrySend(SalesforceRequest request, CancellationToken ct)
    {
        ThrowWhileLimited();
        SalesforceToken token = await tokens.Get(ct);
        SalesforceReply reply = await Repeat(request, token, ct);
        if (reply.Failure == FailureKind.SessionExpired)
        {
            tokens.Invalidate(token);
            SalesforceToken fresh = await tokens.Get(ct);
            reply = await Repeat(request, fresh, ct);
            if (reply.Failure == FailureKind.SessionExpired)
            {
                // Kept, it would be the next call's first refusal, however long the right ones have been given since.
                tokens.Invalidate(fresh);
            }
        }

        if (reply.Failure is FailureKind.SessionExpired or FailureKind.DailyLimit)
        {
            throw Exception(reply);
        }

        return reply;
    }

    /// <summary>The version list: open to all, not counted, and it tells the server's time.</summary>
    public async Task<SalesforceReply> Versions(CancellationToken ct)
    {
        SalesforceToken token = await tokens.Get(ct);
        return await Repeat(new(HttpMethod.Get, "/services/data", "versions"), token, ct);
    }

    private Task<SalesforceReply> Repeat(SalesforceRequest request, SalesforceToken token, CancellationToken ct) => Retries.Run(
        async attempt =>
        {
            using HttpRequestMessage message = Message(request, token);
            SalesforceReply reply = await wire.Send(message, request.Resource, attempt);
            return request.Bytes ? reply.AsBytes() : reply;
        },
        reply => request.Repeatable ? reply.Failure : null,
        time,
        (reply, retry, delay) => log.Retrying(request.Resource, reply?.Errors[0].Code ?? "NO_ANSWER", retry + 1, (long)delay.TotalMilliseconds),
        ct);

    private static HttpRequestMessage Message(SalesforceRequest request, SalesforceToken token)
    {
        // The token goes on the request, never on the client: a shared default header would carry one org's session to another.
        var message = new HttpRequestMessage(request.Method, DataPath.Resolve(token.Instance, request.Path));
        message.Headers.Authorization = SalesforceWire.Bearer(token);
        message.Headers.Accept.ParseAdd(request.Bytes ? "*/*" : request.Accept);
        message.Headers.Add("Sforce-Call-Options", "client=StripeHub");
        if (request.Json is { } json)
        {
            message.Content = new ByteArrayContent(json);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        }

        return message;
    }

    private void ThrowWhileLimited()
    {
        long until = Volatile.Read(ref _closedUntilTicks);
        if (time.GetUtcNow().UtcTicks < until)
        {
            throw new SalesforceException(
                SalesforceFailure.LimitReached, "REQUEST_LIMIT_EXCEEDED", "Salesforce's daily API allowance is used up; calls are paused.");
        }
    }

    /// <summary>What an answer that cannot be used means to the caller.</summary>
    public SalesforceException Exception(SalesforceReply reply)
    {
        FailureKind kind = reply.Failure ?? FailureKind.Refused;
        SalesforceError error = reply.Errors[0];
        if (kind == FailureKind.DailyLimit)
        {
            DateTimeOffset until = time.GetUtcNow() + LimitPause;
            Volatile.Write(ref _closedUntilTicks, until.UtcTicks);
            log.LimitReached(until);
        }

        SalesforceFailure failure = kind switch
        {
            FailureKind.SessionExpired => SalesforceFailure.AuthFailed,
            FailureKind.Transient or FailureKind.Concurrency or FailureKind.RowLocked or FailureKind.LocatorExpired => SalesforceFailure.Transient,
            FailureKind.DailyLimit => SalesforceFailure.LimitReached,
            FailureKind.Configuration => SalesforceFailure.Configuration,
            _ => SalesforceFailure.Refused,
        };
        return new(failure, error.Code, $"Salesforce answered HTTP {reply.Status}: {error.Code} ({error.Message}).");
    }
}
