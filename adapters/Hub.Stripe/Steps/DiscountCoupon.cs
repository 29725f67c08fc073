using System.Globalization;
using Hub.Core.Money;
using Stripe;

namespace Hub.Stripe;

/// <summary>The coupon behind a discount that is shown on the invoice: one per percentage and one per amount and currency, shared by all contracts.</summary>
/// <remarks>
/// It lasts forever; a discount of limited length simply leaves the phases after it. The id is chosen here and says what the coupon is,
/// so a second coupon of the same discount cannot arise. Source: Stripe API, coupons; convention "Prices may be reused or created".
/// </remarks>
internal static class DiscountCoupon
{
    private const string Prefix = "hub-";
    private const string PercentSuffix = "-percent-off";
    private const string AmountSuffix = "-off";
    private const int CurrencyLength = 3;

    public static string Id(decimal percentOff) =>
        Prefix + percentOff.ToString("0.##########", CultureInfo.InvariantCulture).Replace('.', '_') + PercentSuffix;

    /// <summary>In minor units: 30.00 dollars are <c>hub-3000-usd-off</c>.</summary>
    public static string Id(Amount amountOff) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{amountOff.MinorUnits}-{amountOff.Currency.StripeCode}{AmountSuffix}");

    /// <summary>What an id says; null for a coupon that is not the Hub's.</summary>
    public static decimal? PercentOff(string id) => Between(id, PercentSuffix) is { } percentage
        && decimal.TryParse(percentage.Replace('_', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal percent)
            ? percent
            : null;

    /// <inheritdoc cref="PercentOff"/>
    public static Amount? AmountOff(string id) => Between(id, AmountSuffix)?.Split('-') is [var minorUnits, { Length: CurrencyLength } code]
        && long.TryParse(minorUnits, NumberStyles.None, CultureInfo.InvariantCulture, out long amount) && Currency.TryParse(code, out Currency currency)
            ? new Amount(amount, currency)
            : null;

    /// <summary>Adds the coupons that an item needs.</summary>
    /// <param name="amountOff">Minor units for the whole item.</param>
    /// <returns>References to them, in the order in which they apply; none where nothing is shown.</returns>
    public static IEnumerable<string> Add(StepList steps, decimal? percentOff, long? amountOff, Currency currency) =>
        Coupons(percentOff, amountOff, currency).Select(coupon => steps.Add(StripeOperations.CreateCoupon, $"{StripeOperations.CreateCoupon}:{coupon.Id}", coupon));

    /// <summary>Ids of the coupons that an item needs, in the order in which they apply.</summary>
    /// <inheritdoc cref="Add"/>
    public static IEnumerable<string> Ids(decimal? percentOff, long? amountOff, Currency currency) => Coupons(percentOff, amountOff, currency).Select(coupon => coupon.Id);

    // Stripe applies the discounts of an item one after the other: first the percentage, then the amount (ADR 0110).
    private static IEnumerable<CouponCreateOptions> Coupons(decimal? percentOff, long? amountOff, Currency currency)
    {
        if (percentOff is { } percent)
        {
            yield return Options(percent);
        }

        if (amountOff is { } amount)
        {
            yield return Options(new Amount(amount, currency));
        }
    }

    private static CouponCreateOptions Options(decimal percentOff) => new()
    {
        Id = Id(percentOff),
        Name = percentOff.ToString("0.##########", CultureInfo.InvariantCulture) + "% off",
        PercentOff = percentOff,
        Duration = "forever",
    };

    private static CouponCreateOptions Options(Amount amountOff) => new()
    {
        Id = Id(amountOff),
        Name = $"{amountOff} off",
        AmountOff = amountOff.MinorUnits,
        Currency = amountOff.Currency.StripeCode,
        Duration = "forever",
    };

    private static string? Between(string id, string suffix) =>
        id.StartsWith(Prefix, StringComparison.Ordinal) && id.EndsWith(suffix, StringComparison.Ordinal) && id.Length > Prefix.Length + suffix.Length
            ? id[Prefix.Length..^suffix.Length]
            : null;
}
