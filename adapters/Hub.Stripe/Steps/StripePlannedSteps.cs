using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hub.Core.Contracts;

namespace Hub.Stripe;

/// <summary>The steps of a plan that is only shown.</summary>
/// <remarks>
/// With them come those of invoices for changes inside a billing period that are due at once. What is due later the Hub issues on its day, and a credit
/// note goes to an invoice that is not known before.
/// </remarks>
public sealed partial class StripePlannedSteps : IPlannedSteps
{
    public ImmutableArray<PlannedStep> For(BillingPlan plan, BillingSnapshot billing)
    {
        if (MeterUnknown(plan))
        {
            return [];
        }

        var shown = ImmutableArray.CreateBuilder<PlannedStep>();
        Append(StripeSteps.For(plan, billing.ReusablePrices), shown);
        if ((plan.Customer.Id ?? (plan.Change is null ? "$1.id" : null)) is { } customer)
        {
            foreach (Adjustment due in Adjustment.Of(plan with { Adjustments = [.. plan.Adjustments.Where(adjustment => IsDue(adjustment, plan))] }))
            {
                Append(new AdjustmentSteps(plan.OpportunityId, plan.Customer.AccountId, due).Invoice(Later(customer, -shown.Count)), shown);
            }
        }

        return shown.ToImmutable();
    }

    // Of an amendment what that one calls for: what earlier ones called for has been issued. A change before the day it was processed is dated on that day.
    private static bool IsDue(AdjustmentPlan adjustment, BillingPlan plan) => !adjustment.Invoice.CreditNote && (plan.Change is { } change
        ? adjustment.OpportunityId == change.OpportunityId && adjustment.Invoice.Date <= change.ProcessedOn
        : adjustment.Invoice.Date > adjustment.Effective);

    // A step refers to others by their place in its own list.
    private static void Append(ImmutableArray<StripeStep> steps, ImmutableArray<PlannedStep>.Builder shown)
    {
        int before = shown.Count;
        foreach (StripeStep step in steps)
        {
            JsonElement parameters = before == 0 ? step.Params : JsonDocument.Parse(Later(step.Params.GetRawText(), before)).RootElement;
            shown.Add(new PlannedStep(step.Operation, step.IdempotencyKey, parameters) { Id = step.Id is { } id ? Later(id, before) : null });
        }
    }

    private static string Later(string text, int places) => Reference().Replace(
        text, match => string.Create(CultureInfo.InvariantCulture, $"${int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) + places}.id"));

    // Only where products were not exported: live, a product without meter is a finding.
    private static bool MeterUnknown(BillingPlan plan) =>
        plan.Schedule is { } schedule && schedule.Phases.Any(phase => phase.Items.Any(item => item is { Usage: true, MeterId: null }));

    [GeneratedRegex("""(?<=^|")\$(-?\d+)\.id(?="|$)""")]
    private static partial Regex Reference();
}
