using Hub.Core.Contracts;

namespace Hub.Core.StripeEvents;

/// <summary>Queue: a contract that Stripe billed before the Hub knew it. What Stripe has invoiced for it is taken over as if its events came now.</summary>
public sealed class TakeInvoices(IContractRecords contracts, IStripeSubscriptions subscriptions, ApplyInvoice invoice)
{
    public async Task Handle(ContractAdopted message, CancellationToken ct)
    {
        AppliedBilling? billing = (await contracts.Find(SalesforceId.Parse(message.OpportunityId), ct))?.Billing;
        if (billing?.InvoiceId is { } single)
        {
            await invoice.Handle(single, ct);
        }

        if (billing?.SubscriptionId is { } subscription)
        {
            await foreach (string id in subscriptions.InvoicesOf(subscription, ct))
            {
                await invoice.Handle(id, ct);
            }
        }
    }
}
