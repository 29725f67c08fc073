using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hub.Sandbox.Kernel;

namespace Hub.Sandbox.Salesforce.Auth;

/// <summary>Judges JWT bearer assertions.</summary>
public sealed class Assertions(SandboxClock clock, TimeProvider system, SalesforceSettings settings)
{
    private const int SmallestSignature = 256;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly string[] Audiences = ["https://login.salesforce.com", "https://test.salesforce.com"];

    /// <summary>What is wrong with an assertion, as the token endpoint words it; null when it is good.</summary>
    /// <param name="origin">Address of this server, which counts as a My Domain audience.</param>
    public (string Error, string Description)? Problem(string assertion, string origin)
    {
        if (assertion.Split('.') is not [var head, var payload, var signature]
            || Part(head) is not { } header || Part(payload) is not { } claims || !Signed(header, $"{head}.{payload}", signature))
        {
            return ("invalid_grant", "invalid assertion");
        }

        return Issuer(claims) ?? Audience(claims, origin) ?? Expiry(claims) ?? Subject(claims);
    }

    private (string, string)? Issuer(JsonObject claims) => Text(claims, "iss") switch
    {
        null or "" => ("invalid_client_id", "client identifier invalid"),
        var issuer when settings.ClientId is { } expected && issuer != expected => ("invalid_client_id", "client identifier invalid"),
        _ => null,
    };

    private static (string, string)? Audience(JsonObject claims, string origin) =>
        Text(claims, "aud")?.TrimEnd('/') is { } audience && (Audiences.Contains(audience) || audience == origin)
            ? null
            : ("invalid_grant", "audience is invalid");

    private (string, string)? Expiry(JsonObject claims)
    {
        // A client may run on the sandbox's clock or on the machine's: the expiry has to fit one of them.
        var good = claims["exp"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out long seconds)
            && new[] { clock.Now, system.GetUtcNow() }.Any(now => seconds > now.ToUnixTimeSeconds() && seconds <= (now + Longest).ToUnixTimeSeconds());
        return good ? null : ("invalid_grant", "expired authorization code");
    }

    private (string, string)? Subject(JsonObject claims) => Text(claims, "sub") switch
    {
        null or "" => ("invalid_grant", "user hasn't approved this consumer"),
        var subject when settings.Username != SalesforceSettings.DefaultUsername && !subject.Equals(settings.Username, StringComparison.OrdinalIgnoreCase) =>
            ("invalid_grant", "user hasn't approved this consumer"),
        _ => null,
    };

    private bool Signed(JsonObject header, string content, string signature)
    {
        if (Text(header, "alg") != "RS256" || Bytes(signature) is not { Length: >= SmallestSignature } bytes)
        {
            return false;
        }

        return settings.PublicKey is not { } key
            || key.VerifyData(Encoding.ASCII.GetBytes(content), bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static JsonObject? Part(string encoded)
    {
        try
        {
            return Bytes(encoded) is { } bytes ? JsonNode.Parse(bytes) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Bytes(string encoded) => Base64Url.IsValid(encoded) ? Base64Url.DecodeFromChars(encoded) : null;

    private static string? Text(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
