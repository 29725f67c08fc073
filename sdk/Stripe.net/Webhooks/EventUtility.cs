using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Stripe;

/// <summary>Checks and reads events delivered to a webhook.</summary>
/// <remarks>
/// The signature is the lower-case hex HMAC-SHA256 of <c>t.body</c> under the whole signing secret; any <c>v1</c> in the header may match.
/// The body must be the one received, byte for byte: reading it into objects first breaks the signature.
/// </remarks>
public static class EventUtility
{
    public const int DefaultTimeTolerance = 300;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool IsCompatibleApiVersion(string eventApiVersion) => IsCompatibleApiVersion(StripeConfiguration.ApiVersion, eventApiVersion);

    /// <summary>Whether both versions belong to one release train: within a train, changes only add.</summary>
    public static bool IsCompatibleApiVersion(string sdkApiVersion, string eventApiVersion) =>
        eventApiVersion.Contains('.', StringComparison.Ordinal)
        && string.Equals(sdkApiVersion.Split('.')[1], eventApiVersion.Split('.')[1], StringComparison.Ordinal);

    /// <summary>Reads an event without checking who sent it.</summary>
    /// <exception cref="StripeException">The event is of another version train.</exception>
    /// <exception cref="ArgumentException">It is a thin event notification.</exception>
    public static Event ParseEvent(string json, bool throwOnApiVersionMismatch = true)
    {
        using (var document = JsonDocument.Parse(json))
        {
            if (document.RootElement.TryGetProperty("object", out var kind) && kind.ValueEquals("v2.core.event"))
            {
                throw new ArgumentException("This is a thin event notification, not an event.", nameof(json));
            }
        }

        var stripeEvent = Event.FromJson(json);
        if (throwOnApiVersionMismatch && !IsCompatibleApiVersion(stripeEvent.ApiVersion ?? string.Empty))
        {
            throw new StripeException(
                $"Received event with API version {stripeEvent.ApiVersion}, but {StripeConfiguration.ApiVersion} is expected. "
                + "Create the webhook endpoint with that version.");
        }

        return stripeEvent;
    }

    /// <inheritdoc cref="ConstructEvent(string, string, string, long, long, bool)"/>
    public static Event ConstructEvent(
        string json, string stripeSignatureHeader, string secret, long tolerance = DefaultTimeTolerance, bool throwOnApiVersionMismatch = true) =>
        ConstructEvent(json, stripeSignatureHeader, secret, tolerance, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), throwOnApiVersionMismatch);

    /// <summary>Reads an event after checking its signature.</summary>
    /// <param name="tolerance">Seconds between signing and <paramref name="utcNow"/>, in either direction.</param>
    /// <param name="utcNow">Unix seconds.</param>
    /// <exception cref="StripeException">No signature matches, the time is out of tolerance, or the version train is another.</exception>
    public static Event ConstructEvent(
        string json, string stripeSignatureHeader, string secret, long tolerance, long utcNow, bool throwOnApiVersionMismatch = true)
    {
        ValidateSignature(json, stripeSignatureHeader, secret, tolerance, utcNow);
        return ParseEvent(json, throwOnApiVersionMismatch);
    }

    public static void ValidateSignature(string json, string stripeSignatureHeader, string secret, long tolerance = DefaultTimeTolerance) =>
        ValidateSignature(json, stripeSignatureHeader, secret, tolerance, DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    /// <exception cref="StripeException">No signature matches, or the time is out of tolerance.</exception>
    public static void ValidateSignature(string json, string stripeSignatureHeader, string secret, long tolerance, long utcNow)
    {
        var items = ParseHeader(stripeSignatureHeader);
        var timestamp = items["t"].FirstOrDefault();
        string expected;
        try
        {
            expected = ComputeSignature(secret, timestamp, json);
        }
        catch (EncoderFallbackException e)
        {
            throw new StripeException("The signature cannot be computed: the body is not valid text.", e);
        }

        if (!items["v1"].Any(given => FixedTimeEquals(given, expected)))
        {
            throw new StripeException("The expected signature was not found in the Stripe-Signature header.");
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt)
            || Math.Abs(utcNow - signedAt) > tolerance)
        {
            throw new StripeException("The webhook's timestamp is outside of the allowed tolerance.");
        }
    }

    /// <summary>The hex signature that Stripe puts in <c>v1</c>.</summary>
    public static string ComputeSignature(string secret, string timestamp, string payload) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(StrictUtf8.GetBytes(secret), StrictUtf8.GetBytes($"{timestamp}.{payload}")));

    private static ILookup<string, string> ParseHeader(string header) => header
        .Trim()
        .Split(',')
        .Select(item => item.Trim().Split('=', 2))
        .Select(parts => parts.Length == 2 ? parts : throw new StripeException("The signature header format is unexpected."))
        .ToLookup(parts => parts[0], parts => parts[1]);

    private static bool FixedTimeEquals(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
