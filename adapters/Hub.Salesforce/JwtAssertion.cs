using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Hub.Salesforce;

/// <summary>The signed assertion of the JWT bearer flow (RS256). Source: Salesforce help, OAuth 2.0 JWT bearer flow.</summary>
internal static class JwtAssertion
{
    /// <summary>Salesforce accepts 3 to 5 minutes at most; two leave room for a slow clock.</summary>
    private const int LifetimeSeconds = 120;

    private static readonly byte[] Header = """{"alg":"RS256"}"""u8.ToArray();

    /// <param name="now">Server time as well as known; <c>exp</c> is in seconds, milliseconds would read as an expired code.</param>
    public static string Create(SalesforceOptions options, DateTimeOffset now)
    {
        byte[] claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["iss"] = options.ClientId,
            ["sub"] = options.Username,
            ["aud"] = InstanceHosts.Audience(options),
            ["exp"] = now.ToUnixTimeSeconds() + LifetimeSeconds,
        });
        string signed = $"{Base64Url.EncodeToString(Header)}.{Base64Url.EncodeToString(claims)}";
        using RSA key = RSA.Create();
        key.ImportFromPem(options.NormalisedPrivateKey);
        byte[] signature = key.SignData(System.Text.Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
