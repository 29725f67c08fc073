using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Hub.Core.Contracts.Preview;

/// <summary>A link that opens the preview of one opportunity for a short time, and nothing else.</summary>
/// <remarks>
/// Opportunity, end and a signature over both (HMAC-SHA256), so that no list of links is kept: <c>006…AAA.1767225600.SIGNATURE</c>.
/// Decision: docs/adr/0105-preview-in-a-browser.md.
/// </remarks>
public static class PreviewLink
{
    private const int Parts = 3;

    /// <param name="key">The secret of setting <c>Preview:LinkKey</c>.</param>
    public static string Token(SalesforceId opportunityId, Instant expires, string key)
    {
        string seconds = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{opportunityId.Value}.{seconds}.{Signature(opportunityId.Value, seconds, key)}";
    }

    /// <summary>The opportunity a token opens; null when it is none of the Hub's, was altered, or has expired.</summary>
    public static SalesforceId? Opens(string token, Instant now, string key)
    {
        string[] parts = token.Split('.', Parts + 1);
        bool signed = parts.Length == Parts && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(parts[2]), Encoding.UTF8.GetBytes(Signature(parts[0], parts[1], key)));
        return signed && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long end) && now.ToUnixTimeSeconds() < end
            && SalesforceId.TryParse(parts[0], out SalesforceId id) ? id : null;
    }

    // The first line keeps the key from signing for any other purpose.
    private static string Signature(string opportunityId, string seconds, string key) => Base64Url.EncodeToString(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"hub-preview-link\n{opportunityId}\n{seconds}")));
}
