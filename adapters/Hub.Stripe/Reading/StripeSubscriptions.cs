using System.Runtime.CompilerServices;
using Hub.Core.StripeEvents;
using Stripe;

namespace Hub.Stripe;

/// <summary>Reads the current state of subscriptions and schedules.</summary>
internal sealed class StripeSubscriptions(StripeApi api) : IStripeSubscriptions
{
    public async Task<SubscriptionFacts?> FindSubscription(string subscriptionId, CancellationToken ct)
    {
        try
        {
            Subscription found = await api.Subscriptions.GetAsync(subscriptionId, null, null, ct);
            return new SubscriptionFacts(found.ScheduleId, found.Id, found.Metadata?.GetValueOrDefault(MetadataKeys.Opportunity), found.Status);
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return null;
        }
    }

    public async Task<SubscriptionFacts?> FindSchedule(string scheduleId, CancellationToken ct)
    {
        try
        {
            SubscriptionSchedule found = await api.Schedules.GetAsync(scheduleId, null, null, ct);

            // Release moves the subscription to another field.
            string? subscription = found.SubscriptionId ?? found.ReleasedSubscription;
            return new SubscriptionFacts(found.Id, subscription, found.Metadata?.GetValueOrDefault(MetadataKeys.Opportunity), found.Status);
        }
        catch (StripeCallException e) when (e.IsMissing)
        {
            return null;
        }
    }

    public async IAsyncEnumerable<string> InvoicesOf(string subscriptionId, [EnumeratorCancellation] CancellationToken ct)
    {
        var filter = new InvoiceListOptions { Subscription = subscriptionId, Limit = 100 };
        await foreach (Invoice invoice in api.Invoices.ListAutoPagingAsync(filter, null, ct))
        {
            yield return invoice.Id;
        }
    }
}
