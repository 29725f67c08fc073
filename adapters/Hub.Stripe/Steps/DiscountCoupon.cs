using System.Globalization;
using Stripe;

namespace Hub.Stripe;

/// <summary>The coupon behind a discount that is shown on the invoice: one per percentage, shared by all contracts.</summary>
/// <remarks>
/// It lasts forever; a discount of limited length simply leaves the phases after it. The id is chosen here and says what the coupon is,
/// so a second coupon of the same percentage cannot arise. Source: Stripe API, coupons; convention "Prices may be reused or created".
/// </remarks>
internal static class DiscountCoupon
{
    private const string Prefix = "hub-";
    private const string Suffix = "-percent-off";

    public static string Id(decimal percentOff) =>
        Prefix + percentOff.ToString("0.##########", CultureInfo.InvariantCulture).Replace('.', '_') + Suffix;

    /// <summary>What an id says; null for a coupon that is not the Hub's.</summary>
    public static decimal? PercentOff(string id) =>
        id.StartsWith(Prefix, StringComparison.Ordinal) && id.EndsWith(Suffix, StringComparison.Ordinal) && id.Length > Prefix.Length + Suffix.Length
        && decimal.TryParse(id[Prefix.Length..^Suffix.Length].Replace('_', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal percent)
            ? percent
            : null;

    public static CouponCreateOptions Options(decimal percentOff) => new()
    {
        Id = Id(percentOff),
        Name = percentOff.ToString("0.##########", CultureInfo.InvariantCulture) + "% off",
        PercentOff = percentOff,
        Duration = "forever",
    };

    public static string Add(StepList steps, decimal percentOff) =>
        steps.Add(StripeOperations.CreateCoupon, $"{StripeOperations.CreateCoupon}:{Id(percentOff)}", Options(percentOff));
}
