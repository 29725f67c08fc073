using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Hub.Core.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hub.Salesforce;

/// <summary>The process's one Salesforce session: signed in when first needed, shared by all callers, replaced when Salesforce ends it.</summary>
/// <remarks>
/// One login at a time; the others wait for its result. A refused login is not tried again for <see cref="RefusedPause"/>, because
/// Salesforce blocks a user after 3,600 logins an hour.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never asked for holds nothing to dispose.")]
internal sealed class TokenSource(SalesforceWire wire, IOptions<SalesforceOptions> options, TimeProvider time, ILogger<TokenSource> log)
{
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NotableSkew = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _login = new(1, 1);
    private SalesforceToken? _token;
    private (SalesforceException Error, DateTimeOffset Until)? _refused;

    /// <exception cref="SalesforceException">Sign-in failed.</exception>
    public async Task<SalesforceToken> Get(CancellationToken ct)
    {
        if (Volatile.Read(ref _token) is { } known)
        {
            return known;
        }

        await _login.WaitAsync(ct);
        try
        {
            if (Volatile.Read(ref _token) is { } meanwhile)
            {
                return meanwhile;
            }

            SalesforceToken token = await LogIn(ct);
            Volatile.Write(ref _token, token);
            return token;
        }
        finally
        {
            _login.Release();
        }
    }

    /// <summary>Forgets the session unless another caller replaced it already.</summary>
    public void Invalidate(SalesforceToken used) => Interlocked.CompareExchange(ref _token, null, used);

    private async Task<SalesforceToken> LogIn(CancellationToken ct)
    {
        if (_refused is { } earlier && time.GetUtcNow() < earlier.Until)
        {
            throw new SalesforceException(earlier.Error.Failure, earlier.Error.Code, earlier.Error.Message, earlier.Error);
        }

        try
        {
            SalesforceToken token = await Request(ct);
            _refused = null;
            log.SignedIn(token.OrgId.Value, token.Instance.Host);
            return token;
        }
        catch (SalesforceException error) when (error.Failure is not SalesforceFailure.Transient)
        {
            _refused = (error, time.GetUtcNow() + RefusedPause);
            throw;
        }
    }

    private async Task<SalesforceToken> Request(CancellationToken ct)
    {
        SalesforceReply reply = await Post(time.GetUtcNow(), ct);
        if (IsExpiredAssertion(reply) && reply.Date is { } serverTime)
        {
            // This host's clock is off: sign once more by the server's.
            reply = await Post(serverTime, ct);
        }

        ReportSkew(reply);
        return reply switch
        {
            _ when IsTransient(reply) => throw new SalesforceException(
                SalesforceFailure.Transient, reply.Errors[0].Code, $"Salesforce sign-in answered HTTP {reply.Status} with {(reply.IsJson ? "an error" : "no JSON")}."),
            { Succeeded: true } => Accept(reply.Json()),
            _ => throw Refusal(reply.Errors[0]),
        };
    }

    private Task<SalesforceReply> Post(DateTimeOffset now, CancellationToken ct)
    {
        SalesforceOptions settings = options.Value;
        Dictionary<string, string> form = settings.UsesJwt
            ? new() { ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer", ["assertion"] = JwtAssertion.Create(settings, now) }
            : new() { ["grant_type"] = "client_credentials", ["client_id"] = settings.ClientId, ["client_secret"] = settings.ClientSecret };
        return Retries.Run(
            async attempt =>
            {
                // Secrets travel in the body: addresses end up in proxies' logs.
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.LoginOrigin, "/services/oauth2/token"))
                {
                    Content = new FormUrlEncodedContent(form),
                };
                request.Headers.Accept.ParseAdd("application/json");
                return await wire.Send(request, "oauth2/token", attempt);
            },
            reply => IsTransient(reply) ? FailureKind.Transient : null,
            time,
            (reply, retry, delay) => log.Retrying("oauth2/token", reply?.Errors[0].Code ?? "NO_ANSWER", retry + 1, (long)delay.TotalMilliseconds),
            ct);
    }

    private SalesforceToken Accept(JsonElement json)
    {
        string? accessToken = Text(json, "access_token");
        Uri? instance = InstanceHosts.Accept(Text(json, "instance_url"), options.Value);
        if (accessToken is null || instance is null)
        {
            throw new SalesforceException(
                SalesforceFailure.AuthFailed,
                "instance_url",
                "Salesforce's token names no host the Hub may talk to: add it to Salesforce:AllowedHosts if it is yours.");
        }

        SalesforceId org = IdIn(Text(json, "id"), 2) ?? throw new SalesforceException(
            SalesforceFailure.AuthFailed, "id", "Salesforce's token does not say which org it belongs to.");
        bool expected = options.Value.OrgId.Length == 0 || org == SalesforceId.Parse(options.Value.OrgId);
        return expected ? new(accessToken, instance, org) { UserId = IdIn(Text(json, "id"), 3) } : throw new SalesforceException(
            SalesforceFailure.AuthFailed, "org", $"Salesforce signed the Hub in to org {org}, but Salesforce:OrgId names another.");
    }

    /// <summary>An id in an identity address <c>https://host/id/ORG/USER</c>: 2 is the org, 3 the user.</summary>
    private static SalesforceId? IdIn(string? identity, int place)
    {
        string[] parts = Uri.TryCreate(identity, UriKind.Absolute, out Uri? url) ? url.AbsolutePath.Split('/') : [];
        return parts is ["", "id", _, ..] && SalesforceId.TryParse(parts.ElementAtOrDefault(place), out SalesforceId id) ? id : null;
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? SalesforceJson.SafeText(value)
            : null;

    /// <summary>Edge and maintenance pages, whatever their status: a token answer is JSON or it is none.</summary>
    private static bool IsTransient(SalesforceReply reply) => reply.Status is >= 500 or 429 || !reply.IsJson || !reply.IsReadable;

    private static bool IsExpiredAssertion(SalesforceReply reply) =>
        !reply.Succeeded && reply.IsJson && reply.Errors[0] is { Code: "invalid_grant" } error
        && error.Message.Contains("expired", StringComparison.OrdinalIgnoreCase);

    private static SalesforceException Refusal(SalesforceError error)
    {
        bool rate = error.Message.Contains("login rate exceeded", StringComparison.OrdinalIgnoreCase) || error.Code == "LOGIN_RATE_EXCEEDED";
        return new(
            rate ? SalesforceFailure.LimitReached : SalesforceFailure.AuthFailed,
            error.Code,
            $"Salesforce refused the sign-in: {error.Code} ({error.Message}).");
    }

    private void ReportSkew(SalesforceReply reply)
    {
        if (reply.Date is { } server && (server - time.GetUtcNow()).Duration() > NotableSkew)
        {
            log.ClockSkew((long)(server - time.GetUtcNow()).TotalSeconds);
        }
    }
}
