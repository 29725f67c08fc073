using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

/// <summary>Phases as Stripe would show them after they were sent.</summary>
internal static class HeldPhases
{
    /// <param name="begun">One-time items of a phase are shown before it begins.</param>
    public static HeldPhase Of(Phase phase, BillingPlan plan, bool begun = true) => new(phase.Start, phase.End, [.. phase.Items.Select(item => Item(item, plan))])
    {
        CollectionMethod = plan.Schedule!.DaysUntilDue is null ? "charge_automatically" : "send_invoice",
        NetDays = phase.DaysUntilDue ?? plan.Schedule.DaysUntilDue,
        PaidFrom = phase.TrialEnd ?? phase.Start,
        OneTime = begun ? null : [.. phase.OneTime.Select(item => new HeldOneTime(item.StripeProductId, item.Quantity * item.UnitAmount, item.PercentOff) { AmountOff = item.AmountOff })],
    };

    private static HeldItem Item(PhaseItem item, BillingPlan plan) =>
        new(new(item.StripeProductId, plan.Currency.StripeCode, item.Interval, item.SentUnitAmount, []), item.Quantity, item.PercentOff) { AmountOff = item.AmountOff };
}
