using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hub.EndToEnd.Tests.Support;

/// <summary>The <c>Stripe-Signature</c> header, made from its documentation.</summary>
internal static class StripeSignature
{
    public static string Of(byte[] body, string secret, DateTimeOffset signedAt)
    {
        string seconds = signedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds + "."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
