using System.Collections.Immutable;
using System.Text.Json;

namespace Hub.Core.Contracts;

/// <summary>The exact Stripe calls a plan leads to, for previews; nothing is called. Implemented by Hub.Stripe.</summary>
public interface IPlannedSteps
{
    /// <summary>The calls in order; the same plan and the same billing give the same steps.</summary>
    ImmutableArray<PlannedStep> For(BillingPlan plan, BillingSnapshot billing);
}

/// <param name="Operation">Resource and method, such as <c>subscription_schedules.create</c>.</param>
/// <param name="Params">Stripe's parameter names, nested; a value that an earlier step returns is written <c>$1.id</c>.</param>
public sealed record PlannedStep(string Operation, string IdempotencyKey, JsonElement Params)
{
    /// <summary>The object in the path of a call that is not a create, such as <c>$2.id</c>; null for creates.</summary>
    public string? Id { get; init; }
}
