using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Finds the Stripe customer that serves a deal which nothing bills yet (C20; <see cref="CustomerMatching"/>). Reads only.</summary>
internal sealed class AccountCustomers(IStripeBilling stripe, IOptions<ContractsOptions> options)
{
    /// <param name="billing">What Stripe holds under the customer the account names, or the Hub created.</param>
    /// <returns>The same of the customer that serves the deal; or, where there is none yet, who may be.</returns>
    public Task<BillingSnapshot> For(DealSnapshot deal, SalesforceId opportunity, BillingSnapshot billing, CancellationToken ct) =>
        billing is { Customer: null, MissingCustomer: null } ? Matched(deal, opportunity, billing, ct) : InCurrency(deal, opportunity, billing, ct);

    private async Task<BillingSnapshot> Matched(DealSnapshot deal, SalesforceId opportunity, BillingSnapshot billing, CancellationToken ct)
    {
        if (!options.Value.SuggestCustomers || new FieldReading(deal.Account ?? deal.Opportunity, new()).Flag(F.Account.NewStripeCustomer))
        {
            return billing;
        }

        CustomerPlan account = CustomerPlanning.Customer(deal, billing);
        CustomerCandidates candidates = await stripe.Candidates(account, ct);
        return CustomerMatching.Linked(account, candidates.Found).FirstOrDefault() is { } own
            ? await InCurrency(deal, opportunity, await stripe.Read(opportunity, account.AccountId, own, ct), ct)
            : billing with { Suggested = CustomerMatching.Alike(account, candidates.Found), CustomerSought = candidates.All };
    }

    // With a customer per currency another customer that is linked to the account by its metadata serves the deal (C20): one that is billed in the
    // currency already, else one that is billed in none.
    private async Task<BillingSnapshot> InCurrency(DealSnapshot deal, SalesforceId opportunity, BillingSnapshot billing, CancellationToken ct)
    {
        if (!options.Value.CustomerPerCurrency || deal.Opportunity.Text(F.CurrencyIsoCode)?.ToLowerInvariant() is not { } currency || billing.Serves(currency))
        {
            return billing;
        }

        CustomerPlan account = CustomerPlanning.Customer(deal, billing);
        var serving = new List<BillingSnapshot>();
        foreach (string linked in CustomerMatching.Linked(account, (await stripe.Candidates(account, ct)).Found).Where(id => id != billing.Customer?.Id))
        {
            BillingSnapshot other = await stripe.Read(opportunity, account.AccountId, linked, ct);
            serving.AddRange(other.Customer is not null && other.Serves(currency) ? [other] : []);
        }

        return serving.Find(other => other.IsBilledIn(currency)) ?? serving.FirstOrDefault() ?? billing;
    }
}
