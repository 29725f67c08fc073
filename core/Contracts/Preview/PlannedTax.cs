namespace Hub.Core.Contracts.Preview;

/// <summary>Whether the invoices of a plan are complete with tax.</summary>
internal static class PlannedTax
{
    /// <summary>False when Stripe adds tax that the plan does not show: computed by Stripe itself, or by a rate that was not read.</summary>
    public static bool IsKnown(BillingPlan plan, BillingSnapshot billing) =>
        !IsAutomatic(plan) && (RateOf(plan) is not { } rate || billing.TaxRate?.Id == rate);

    public static bool IsAutomatic(BillingPlan plan) => (plan.Schedule?.AutomaticTax ?? false) || (plan.StandaloneInvoice?.AutomaticTax ?? false);

    public static string? RateOf(BillingPlan plan) => plan.Schedule?.TaxRateId ?? plan.StandaloneInvoice?.TaxRateId;
}
