using System.Globalization;
using System.Text.Json.Nodes;
using Hub.Sandbox.Stripe.Api;
using Hub.Sandbox.Stripe.Catalogue;
using Hub.Sandbox.Stripe.Objects;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>Reads the items of subscriptions and phases, and checks that they fit together.</summary>
public sealed class ItemSpecs(Discounts discounts, TaxRates taxRates, Prices prices)
{
    private const int MaxItems = 20;

    /// <exception cref="ApiException">An item names no usable recurring price, or its quantity does not fit it.</exception>
    public ItemSpec Read(JsonObject given, string param)
    {
        Refusals.NotPlayed(given, "plan", "billing_thresholds");
        var price = prices.Resolve(given, param);
        if (price.Text("type") != "recurring")
        {
            throw ApiException.Invalid("The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.", $"{param}[price]");
        }

        return new ItemSpec(
            price,
            Quantity(given, price, param),
            discounts.Specify(given, $"{param}[discounts]"),
            taxRates.Resolve(given, "tax_rates", $"{param}[tax_rates]"),
            Metadata.Merge(null, given, param: $"{param}[metadata]"));
    }

    /// <summary>Checks what holds for all items together.</summary>
    /// <returns>The currency they share.</returns>
    /// <exception cref="ApiException">None or too many, mixed currencies, a price twice, or intervals that do not fit.</exception>
    public static string Check(IReadOnlyList<ItemSpec> items, string param)
    {
        if (items.Count is 0 or > MaxItems)
        {
            throw items.Count == 0 ? ApiException.Missing(param) : ApiException.Invalid($"A subscription can have at most {MaxItems} items.", param);
        }

        var currency = items[0].Price.Text("currency")!;
        if (items.Any(item => item.Price.Text("currency") != currency))
        {
            throw ApiException.Invalid("All prices of a subscription must have the same currency.", param);
        }

        if (items.GroupBy(item => item.Price.Id()).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw ApiException.Invalid($"Cannot add multiple subscription items with the same plan: {twice.Key}", param);
        }

        CheckIntervals(items, param);
        foreach (var item in items.Where(item => item.Quantity is not null))
        {
            Currencies.CheckAmount(Prices.Amount(item.Price, item.Quantity!.Value), currency, param);
        }

        return currency;
    }

    private static void CheckIntervals(IReadOnlyList<ItemSpec> items, string param)
    {
        var cycles = items.Select(item => Cycle.Of(item.Price)).ToList();
        var shortest = cycles.MinBy(cycle => cycle.Add(0, 1));
        if (cycles.FirstOrDefault(cycle => !cycle.FitsWith(shortest)) is { Unit: not null } odd)
        {
            throw ApiException.Invalid(
                string.Create(CultureInfo.InvariantCulture, $"Every price interval must be a multiple of the shortest one: {odd.Count} {odd.Unit} is no multiple of {shortest.Count} {shortest.Unit}."), param);
        }
    }

    private static long? Quantity(JsonObject given, JsonObject price, string param)
    {
        var quantity = given.MaybeNumber("quantity");
        if (price.Obj("recurring")!.Text("usage_type") == "metered")
        {
            return quantity is null ? null : throw ApiException.Invalid("You cannot set a quantity for an item with a metered price.", $"{param}[quantity]");
        }

        return quantity is null or >= 0 ? quantity ?? 1 : throw ApiException.Invalid("Invalid non-negative integer", $"{param}[quantity]", "parameter_invalid_integer");
    }
}
