using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Money;

namespace Hub.Core.Contracts.Preview;

/// <summary>Amounts and terms as sales ops reads them.</summary>
internal static class Wording
{
    /// <summary>Major units with separators, without the currency: <c>11,250.00</c>.</summary>
    public static string Text(Amount amount) => amount.ToMajorUnits().ToString("N" + amount.Currency.Digits, CultureInfo.InvariantCulture);

    public static string Count(int number, string one) => string.Create(CultureInfo.InvariantCulture, $"{number} {one}{(number == 1 ? "" : "s")}");

    public static string Every(BillingInterval interval) => interval switch
    {
        { Unit: IntervalUnit.Month, Count: 1 } => "month",
        { Unit: IntervalUnit.Month, Count: 3 } => "quarter",
        { Unit: IntervalUnit.Month, Count: 6 } => "half-year",
        { Count: 1 } => interval.Unit.ToString().ToLowerInvariant(),
        _ => string.Create(CultureInfo.InvariantCulture, $"{interval.Count} {interval.Unit.ToString().ToLowerInvariant()}s"),
    };

    /// <summary>What an item bills: <c>40 × 300.00 per year, less 10 %</c>.</summary>
    public static string Content(PhaseItem item, Currency currency)
    {
        string price = item switch
        {
            { Tiers: { } tiers } => $"{Tiers(tiers, currency)}",
            { UnitAmount: { } unit } => Price(unit, currency),
            _ => "the stored price",
        };
        string quantity = item.Usage ? "metered usage" : Problems.Text(item.Quantity ?? 0);
        return $"{quantity} × {price} per {Every(item.Interval)}{Less(item.PercentOff, item.AmountOff, currency)}";
    }

    public static string Content(OneTimeItem item, Currency currency) =>
        $"{Problems.Text(item.Quantity)} × {Price(item.UnitAmount, currency)} once{Less(item.PercentOff, item.AmountOff, currency)}";

    public static string Method(CollectionMethod method, int? netDays) => method == CollectionMethod.ChargeAutomatically
        ? "the saved payment method is charged"
        : $"invoice by e-mail, due {(netDays is 0 ? "at once" : string.Create(CultureInfo.InvariantCulture, $"{netDays} days after its date"))}";

    private static string Price(decimal minorUnits, Currency currency)
    {
        string text = Problems.Price(minorUnits / currency.MinorUnitsPerUnit, currency);
        return text[(currency.Code.Length + 1)..];
    }

    private static string Less(decimal? percentOff, long? amountOff, Currency currency) => (percentOff is { } percent ? $", less {Problems.Text(percent)} %" : "")
        + (amountOff is { } amount ? $", less {Price(amount, currency)} together" : "");

    private static string Tiers(TiersPlan tiers, Currency currency)
    {
        ImmutableArray<string> bands =
        [
            .. tiers.Tiers.Select(tier => tier.UpTo is { } last
                ? string.Create(CultureInfo.InvariantCulture, $"up to {last}: {Price(tier.UnitAmount, currency)}")
                : $"above: {Price(tier.UnitAmount, currency)}"),
        ];
        return $"{tiers.Mode.ToString().ToLowerInvariant()} tiers ({string.Join("; ", bands)})";
    }
}
