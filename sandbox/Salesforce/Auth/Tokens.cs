using System.Collections.Concurrent;
using System.Security.Cryptography;
using Hub.Sandbox.Kernel;

namespace Hub.Sandbox.Salesforce.Auth;

/// <summary>Access tokens and how long they last, in sandbox time.</summary>
public sealed class Tokens(SandboxClock clock, SalesforceSettings settings)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> expiry = new(StringComparer.Ordinal);

    public string Issue()
    {
        var token = $"{settings.OrgId[..15]}!AQ{Convert.ToHexString(RandomNumberGenerator.GetBytes(32))}";
        expiry[token] = clock.Now + settings.TokenLife;
        return token;
    }

    /// <summary>Whether an <c>Authorization</c> header carries a token that is still good.</summary>
    public bool Admits(string? authorization) =>
        authorization is not null
        && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && expiry.TryGetValue(authorization["Bearer ".Length..].Trim(), out var until)
        && clock.Now < until;

    public void Revoke(string token) => expiry.TryRemove(token, out _);

    /// <summary>Ends every session, as an administrator does.</summary>
    public void RevokeAll() => expiry.Clear();
}
