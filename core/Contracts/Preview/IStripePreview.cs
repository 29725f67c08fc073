using System.Collections.Immutable;
using Hub.Core.Money;

namespace Hub.Core.Contracts.Preview;

/// <summary>Stripe's part in a preview; it only reads. Implemented by Hub.Stripe.</summary>
public interface IStripePreview
{
    /// <summary>The calls a sync would make now, stored prices reused where they still fit; none of them is made.</summary>
    Task<ImmutableArray<PlannedStep>> Steps(BillingPlan plan, CancellationToken ct);

    /// <summary>Has Stripe itself price the plan's first invoice (<c>POST /v1/invoices/create_preview</c>), which stores nothing.</summary>
    Task<StripePricing> Price(BillingPlan plan, CancellationToken ct);
}

/// <summary>What Stripe says of the first invoice of a plan.</summary>
public abstract record StripePricing
{
    private StripePricing()
    {
    }

    /// <param name="Total">After discounts and tax.</param>
    /// <param name="TotalExcludingTax">After discounts, before tax.</param>
    /// <param name="Products">After discounts, per Stripe product id; null when Stripe did not list all lines.</param>
    public sealed record Priced(Amount Total, Amount TotalExcludingTax, ImmutableSortedDictionary<string, Amount>? Products) : StripePricing;

    /// <summary>Stripe cannot price it, or would price something else than the plan.</summary>
    public sealed record NotPriced(string Reason) : StripePricing;
}
