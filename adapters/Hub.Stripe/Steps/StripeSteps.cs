using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Contracts;
using Stripe;

namespace Hub.Stripe;

/// <summary>From a plan to the exact calls, in order. Pure: same plan and same reusable prices, same steps.</summary>
/// <remarks>
/// Order: customer → coupons and prices → schedule, or customer → invoice → coupons and items → finalise. Nothing bills before the last step.
/// An amendment updates or cancels the schedule that is there, after the coupons and prices it needs; later phases of a long contract update it.
/// Prorations and credits are issued on their own days (<see cref="AdjustmentSteps"/>).
/// Source: Stripe API, subscription schedules; contracts conventions C1–C13; docs/adr/0301-stripe-steps.md.
/// </remarks>
public static class StripeSteps
{
    /// <param name="reusablePrices">Of the plan's stored prices, those that still equal what the plan bills (<see cref="PriceReuse"/>).</param>
    /// <exception cref="InvalidOperationException">The plan bills neither a schedule nor an invoice, or has a metered item without meter and price.</exception>
    public static ImmutableArray<StripeStep> For(BillingPlan plan, IReadOnlySet<string> reusablePrices)
    {
        var steps = new StepList(plan.OpportunityId, plan.Version);
        if (plan is { Extension: { } extension, Schedule: { } extended })
        {
            new ScheduleSteps(plan, steps, reusablePrices).Extend(extended, extension);
            return steps.ToImmutableArray();
        }

        if (plan is { Change: { } change, Schedule: { } amended })
        {
            AddProducts(plan, steps);
            new ScheduleSteps(plan, steps, reusablePrices).Change(amended, change);
            return steps.ToImmutableArray();
        }

        string customer = plan.Customer.Id ?? steps.AddClaimed(
            StripeOperations.CreateCustomer, CustomerClaim(plan.Customer.AccountId), CustomerSteps.Options(plan.Customer), plan.Currency.StripeCode, plan.Customer.Sought);
        AddProducts(plan, steps);
        switch (plan)
        {
            case { Schedule: { } schedule }:
                new ScheduleSteps(plan, steps, reusablePrices).Add(schedule, customer);
                break;
            case { StandaloneInvoice: { } invoice }:
                new InvoiceSteps(plan, steps).Add(invoice, customer);
                break;
            default:
                throw new InvalidOperationException($"The plan of {plan.OpportunityId} bills nothing.");
        }

        return steps.ToImmutableArray();
    }

    /// <summary>One customer per account, whichever deal comes first and whatever it says of the account: the claim names the account, not the deal.</summary>
    internal static string CustomerClaim(SalesforceId accountId) => $"{StripeOperations.CreateCustomer}:{accountId}";

    internal static Dictionary<string, string> ContractMetadata(BillingPlan plan)
    {
        var metadata = new Dictionary<string, string>
        {
            [MetadataKeys.Opportunity] = plan.OpportunityId.Value,
            [MetadataKeys.Account] = plan.Customer.AccountId.Value,
            [MetadataKeys.Version] = plan.Version,
        };
        if (plan.ContractId is { } contract)
        {
            metadata[MetadataKeys.Contract] = contract.Value;
        }

        if (plan.CloseDate is { } closed)
        {
            metadata[MetadataKeys.CloseDate] = closed;
        }

        if (plan.QuoteNumber is { } quote)
        {
            metadata[MetadataKeys.Quote] = quote;
        }

        return metadata;
    }

    private static void AddProducts(BillingPlan plan, StepList steps)
    {
        foreach (ProductPlan product in plan.NewProducts)
        {
            steps.Add(StripeOperations.CreateProduct, $"{StripeOperations.CreateProduct}:{product.Id}", Product(product));
        }
    }

    // The id says which record it is, so a second product of one record cannot arise.
    private static ProductCreateOptions Product(ProductPlan product) => new()
    {
        Id = product.Id,
        Name = product.Name,
        Description = product.Description,
        TaxCode = product.TaxCode,
        UnitLabel = product.UnitLabel,
        Metadata = new() { [MetadataKeys.Product] = product.RecordId, [MetadataKeys.ProductCode] = product.Code },
    };

    /// <summary>Whole amounts go as <c>unit_amount</c>, others as <c>unit_amount_decimal</c>: Stripe takes exactly one of them.</summary>
    internal static (long? Whole, decimal? Exact) Split(decimal unitAmount) => decimal.IsInteger(unitAmount)
        ? (decimal.ToInt64(unitAmount), null)
        : (null, decimal.Parse(unitAmount.ToString("0.############", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}
