using System.Collections.Immutable;
using Hub.Core.Invoices;
using Hub.Core.Money;

namespace Hub.Core.Reconciliation;

/// <summary>Live subscriptions that no opportunity of the book answers for.</summary>
internal static class Orphans
{
    public static ContractVerdict Of(ContractBooks books, MatchTerms terms)
    {
        ImmutableArray<Discrepancy> rows =
        [
            .. books.Subscriptions.Where(subscription => subscription.IsLive()).SelectMany(subscription => Row(books, subscription, terms)),
        ];
        return new ContractVerdict(rows, false, terms.Options.ReportingCurrency.ToLowerInvariant(), 0, 0, true);
    }

    // 2. No contract: the row belongs to none, and it takes no part in the foot.
    private static ImmutableArray<Discrepancy> Row(ContractBooks books, BilledSubscription subscription, MatchTerms terms)
    {
        Invoice[] invoices = [.. books.Invoices.Where(invoice => invoice.SubscriptionId == subscription.Id && invoice.IsFinal())];
        HashSet<string> ids = [.. invoices.Select(invoice => invoice.Id)];
        long net = invoices.Sum(invoice => invoice.Net) - books.CreditNotes.Where(note => ids.Contains(note.InvoiceId)).Sum(note => note.Net);
        string reference = string.IsNullOrWhiteSpace(subscription.OpportunityId)
            ? "names no opportunity"
            : $"names opportunity {subscription.OpportunityId.Trim()}, which is not among the won ones";
        string why = $"Subscription {subscription.Id} is {subscription.Status} and {reference}; it has billed {new Amount(net, Currency.Parse(subscription.Currency))}.";
        return DiscrepancyRows.Of(
            [new Finding(Kinds.OrphanSubscription, subscription.Id, net, subscription.OnePeriod(), why)],
            null, Currency.Parse(subscription.Currency).StripeCode, terms.Options);
    }
}
