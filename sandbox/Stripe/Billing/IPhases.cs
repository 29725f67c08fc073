using System.Text.Json.Nodes;

namespace Hub.Sandbox.Stripe.Billing;

/// <summary>What a subscription's schedule wants to do to it as time passes.</summary>
public interface IPhases
{
    /// <summary>When the current phase ends; null when no running schedule is attached.</summary>
    long? NextChange(JsonObject subscription);

    /// <summary>Enters the next phase, or ends the schedule, at <paramref name="at"/>.</summary>
    void Change(JsonObject subscription, long at, List<Line> lines);

    /// <summary>The subscription was canceled otherwise than by its schedule.</summary>
    void SubscriptionCanceled(JsonObject subscription);
}
