namespace Hub.Sandbox.Stripe.Events;

/// <summary>What a round of deliveries came to.</summary>
/// <param name="Delivered">Attempts answered with 2xx.</param>
/// <param name="Failed">Attempts that were not.</param>
/// <param name="Pending">Deliveries still waiting, retries included.</param>
public sealed record WebhookOutcome(int Delivered, int Failed, int Pending);
