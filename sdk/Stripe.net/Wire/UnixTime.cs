namespace Hub.Sdk.StripeWire;

internal static class UnixTime
{
    // Stripe sends seconds; a value this large can only be milliseconds (some v2 objects carry them).
    private const long LargestSeconds = 5_000_000_000;

    public static DateTime Read(long value) =>
        (value > LargestSeconds ? DateTimeOffset.FromUnixTimeMilliseconds(value) : DateTimeOffset.FromUnixTimeSeconds(value)).UtcDateTime;

    /// <summary>An unspecified kind counts as local time, as with the published package; pass UTC.</summary>
    public static long Write(DateTime value) => new DateTimeOffset(value).ToUnixTimeSeconds();
}
