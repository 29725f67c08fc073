using System.Collections.Immutable;

namespace Hub.Core.Contracts;

/// <summary>Another deal of a new account is creating its customer in these minutes, in another currency (C20).</summary>
public sealed class CustomerBeingCreatedException : Exception
{
    /// <param name="claim">The claim the customer comes into being under.</param>
    /// <param name="currency">Lower-case code of the other deal's currency.</param>
    public CustomerBeingCreatedException(string claim, string currency)
        : base($"{claim} is claimed for a deal in {currency}; whether it is billed in that currency shows in a while.")
    {
    }
}

/// <param name="Found">Oldest first.</param>
/// <param name="All">False where there are more, or where the account has no search.</param>
public sealed record CustomerCandidates(ImmutableArray<StripeCustomer> Found, bool All);

/// <summary>Reads and writes what Stripe bills for contracts. Implemented by Hub.Stripe.</summary>
public interface IStripeBilling
{
    /// <summary>What Stripe holds for the account and the opportunity: stored id first, then the Hub's own record, then metadata through list filters.</summary>
    /// <param name="opportunityId">The contract's original opportunity.</param>
    /// <param name="accountId">The billed account.</param>
    /// <param name="storedCustomerId"><c>Account.Hub_Stripe_Customer_Id__c</c>; null when empty.</param>
    Task<BillingSnapshot> Read(SalesforceId opportunityId, SalesforceId accountId, string? storedCustomerId, CancellationToken ct);

    /// <summary>Customers that may be the account's: those whose metadata names it, and those with its name or with an address of its company. Oldest first.</summary>
    /// <remarks>
    /// Asks Stripe's search, which may lag behind by minutes: nothing else follows from what it does not find than that no customer is minutes old.
    /// </remarks>
    Task<CustomerCandidates> Candidates(CustomerPlan account, CancellationToken ct);

    /// <summary>What was read, with the account's fixed tax rate, or with the note that Stripe has no active one of that id.</summary>
    /// <param name="taxRateId"><c>Account.Hub_Tax_Rate_Id__c</c>; null when empty.</param>
    Task<BillingSnapshot> WithTaxRate(BillingSnapshot billing, string? taxRateId, CancellationToken ct);

    /// <summary>Makes Stripe bill the plan: exactly once, whatever crashes or is repeated. Returns the ids Stripe gave.</summary>
    /// <remarks>
    /// Every create is claimed in <see cref="IBillingEffects"/> first, looked up in Stripe by metadata when the claim is older than an
    /// idempotency key lives (24 h), and sent under a key derived from operation, opportunity and <see cref="BillingPlan.Version"/>.
    /// </remarks>
    /// <exception cref="CustomerBeingCreatedException">Nothing was written; the plan must be made again from what Stripe holds then.</exception>
    Task<AppliedBilling> Apply(BillingPlan plan, CancellationToken ct);
}

/// <param name="SubscriptionId">Null until the first phase starts.</param>
/// <param name="InvoiceId">Standalone invoice of a one-time-only deal, else null.</param>
/// <param name="FirstInvoiceUrl">Hosted page of the first invoice, once Stripe has one.</param>
public sealed record AppliedBilling(string CustomerId, string? ScheduleId, string? SubscriptionId, string? InvoiceId, string? FirstInvoiceUrl);
