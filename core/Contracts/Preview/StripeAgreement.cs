using System.Collections.Immutable;
using Hub.Core.Money;

namespace Hub.Core.Contracts.Preview;

/// <summary>Whether Stripe's own preview of the first invoice comes to what the plan says.</summary>
/// <param name="Agrees">Null when Stripe did not price it.</param>
/// <param name="Reason">Why it was not priced; null when it was.</param>
public sealed record StripeAgreement(bool? Agrees, ImmutableArray<PricingDifference> Differences, string? Reason)
{
    /// <summary>Compares the plan's first invoice: its total, and what each product costs on it.</summary>
    /// <remarks>Tax that the plan does not know (computed by Stripe, or by a rate that was not read) is left out of the comparison.</remarks>
    public static StripeAgreement Of(BillingPlan plan, bool taxKnown, StripePricing pricing) => pricing switch
    {
        StripePricing.Priced priced => Compared(plan, taxKnown ? priced.Total : priced.TotalExcludingTax, priced.Products),
        StripePricing.NotPriced(var reason) => new(null, [], reason),
        _ => throw new InvalidOperationException($"Unknown pricing {pricing}."),
    };

    private static StripeAgreement Compared(BillingPlan plan, Amount total, ImmutableSortedDictionary<string, Amount>? products)
    {
        PlannedInvoice first = plan.Invoices[0];
        ImmutableArray<PricingDifference> differences =
        [
            .. products is null ? [] : Products(plan, first, products),
            .. first.Amount == total ? [] : (PricingDifference[])[new(null, first.Amount, total)],
        ];
        return new(differences.IsEmpty, differences, null);
    }

    private static IEnumerable<PricingDifference> Products(BillingPlan plan, PlannedInvoice first, ImmutableSortedDictionary<string, Amount> stripe)
    {
        ILookup<string, string> codes = Codes(plan);
        ImmutableDictionary<string, Amount> planned = first.Lines
            .Where(line => line.Amount is not null)
            .GroupBy(line => codes.First(product => product.Contains(line.ProductCode)).Key, StringComparer.Ordinal)
            .ToImmutableDictionary(product => product.Key, product => product.Aggregate(Amount.Zero(plan.Currency), (sum, line) => sum + line.Amount!.Value));
        Amount none = Amount.Zero(plan.Currency);
        return planned.Keys.Union(stripe.Keys).Order(StringComparer.Ordinal)
            .Select(product => new PricingDifference(
                codes[product].FirstOrDefault() ?? product, planned.GetValueOrDefault(product, none), stripe.GetValueOrDefault(product, none)))
            .Where(difference => difference.Planned != difference.Stripe);
    }

    private static ILookup<string, string> Codes(BillingPlan plan) => (plan.Schedule?.Phases ?? [])
        .SelectMany(phase => phase.Items.Select(item => (item.StripeProductId, item.ProductCode))
            .Concat(phase.OneTime.Select(item => (item.StripeProductId, item.ProductCode))))
        .Concat((plan.StandaloneInvoice?.Items ?? []).Select(item => (item.StripeProductId, item.ProductCode)))
        .Distinct()
        .ToLookup(product => product.StripeProductId, product => product.ProductCode);
}

/// <param name="Product">ProductCode; null for the invoice's total. A product the plan does not bill goes by its Stripe id.</param>
public sealed record PricingDifference(string? Product, Amount Planned, Amount Stripe)
{
    /// <summary>One sentence with both amounts.</summary>
    public string Message => $"{(Product is null ? "The total" : Product)} is {Planned} in the plan and {Stripe} in Stripe's own preview.";
}
