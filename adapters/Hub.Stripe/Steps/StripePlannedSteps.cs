using System.Collections.Immutable;
using Hub.Core.Contracts;

namespace Hub.Stripe;

/// <summary>The steps of a plan that is only shown.</summary>
/// <remarks>Invoices for changes inside a billing period are not among them: the Hub issues those on their own days.</remarks>
public sealed class StripePlannedSteps : IPlannedSteps
{
    public ImmutableArray<PlannedStep> For(BillingPlan plan, BillingSnapshot billing) => MeterUnknown(plan) ? [] :
    [
        .. StripeSteps.For(plan, billing.ReusablePrices)
            .Select(step => new PlannedStep(step.Operation, step.IdempotencyKey, step.Params) { Id = step.Id }),
    ];

    // Only where products were not exported: live, a product without meter is a finding.
    private static bool MeterUnknown(BillingPlan plan) =>
        plan.Schedule is { } schedule && schedule.Phases.Any(phase => phase.Items.Any(item => item is { Usage: true, MeterId: null }));
}
