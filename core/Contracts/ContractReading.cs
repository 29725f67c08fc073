using Hub.Core.Time;
using Microsoft.Extensions.Options;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>What a sync and a preview have in common: what Stripe holds for a deal, and the plan of it. Reads only.</summary>
public sealed class ContractReading(IStripeBilling stripe, TimeProvider time, IOptions<ContractsOptions> options)
{
    private LocalDate Today => BillingZone.Find(options.Value.BillingTimeZone)!.DateOf(Instant.FromDateTimeOffset(time.GetUtcNow()));

    /// <summary>What Stripe holds where the contract was billed.</summary>
    /// <remarks>
    /// The contract stays where it was billed: an opportunity that has moved to another account, or an account that names another customer, must
    /// not look unbilled because Stripe holds nothing under the new one, nor because its customer was deleted in Stripe.
    /// </remarks>
    public async Task<BillingSnapshot> Billed(DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        bool named = SalesforceId.TryParse(deal.Opportunity.Text(F.Opportunity.AccountId), out SalesforceId account);
        string? customer = deal.Account?.Text(F.Account.StripeCustomerId);
        BillingSnapshot billing = named ? await stripe.Read(record.OpportunityId, account, customer, ct) : BillingSnapshot.Empty;
        SalesforceId? before = record.BilledAccount ?? (named ? account : null);
        bool elsewhere = before != (named ? account : null) || (record.Billing is { } known && known.CustomerId != billing.Customer?.Id);
        if (billing.Contract is not null || before is not { } billed || !elsewhere)
        {
            return billing;
        }

        BillingSnapshot held = await stripe.Read(record.OpportunityId, billed, record.Billing?.CustomerId, ct);
        bool deletedSince = record.Billing is { } applied && held.MissingCustomer == applied.CustomerId;
        return held.Contract is not null ? held : deletedSince ? held with { BilledThere = true } : billing;
    }

    /// <summary>The plan, and the processing date (C4) it was made for.</summary>
    /// <remarks>
    /// The processing date is frozen for the plan it was stored with. Another plan, while Stripe bills nothing yet, is processed today.
    /// </remarks>
    public (PlanOutcome Outcome, LocalDate ProcessedOn) Planned(DealSnapshot deal, BillingSnapshot billing, ContractRecord record)
    {
        LocalDate date = record.ProcessedOn ?? Today;
        PlanOutcome outcome = On(date);
        return date == Today || billing.Contract is not null || PlanJson.PlanOf(outcome)?.Version == record.Version ? (outcome, date) : (On(Today), Today);

        PlanOutcome On(LocalDate processedOn) =>
            ContractStates.Supported(ContractPlanning.Plan(deal, billing, processedOn, options.Value), deal, processedOn);
    }
}
