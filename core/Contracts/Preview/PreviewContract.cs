using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Contracts.Preview;

/// <summary>What one opportunity will be billed, or why it cannot be, as things stand; nothing of it was written.</summary>
/// <param name="Steps">The Stripe calls a sync would make; empty unless the outcome is planned.</param>
public sealed record ContractPreview(DealSnapshot Deal, BillingSnapshot Billing, PlanOutcome Outcome, ImmutableArray<PlannedStep> Steps)
{
    /// <summary>The processing date (C4) it was planned for; null where it is not known.</summary>
    public LocalDate? ProcessedOn { get; init; }

    /// <summary>Comparison with Stripe's own preview; null when none was asked for.</summary>
    public StripeAgreement? Stripe { get; init; }
}

/// <summary>Query: what a sync of an opportunity would do now. Reads Salesforce, Stripe and the Hub's record; writes nothing anywhere.</summary>
/// <remarks>An opportunity that is still open is planned as if it were won today.</remarks>
public sealed class PreviewContract(
    ISalesforce salesforce, IStripeBilling stripe, IStripePreview preview, IContractRecords records, TimeProvider time, IOptions<ContractsOptions> options)
{
    private readonly ContractReading _reading = new(salesforce, stripe, records, time, options);

    /// <summary>Null when Salesforce shows no such opportunity.</summary>
    /// <param name="compare">Also lets Stripe price the first invoice, whatever <see cref="ContractsOptions.CompareWithStripePreview"/> says.</param>
    public async Task<ContractPreview?> Handle(SalesforceId opportunityId, bool compare, CancellationToken ct)
    {
        if (await salesforce.GetDeals([opportunityId], ct) is not [var deal, ..])
        {
            return null;
        }

        ContractRecord record = await records.Find(opportunityId, ct) ?? ContractStates.New(opportunityId);
        ContractCase contract = await _reading.Case(deal, record, ct);
        BillingSnapshot billing = await _reading.Billed(contract, ct);
        (PlanOutcome outcome, LocalDate processedOn) = _reading.Planned(contract, billing);
        return new ContractPreview(deal, billing, outcome, outcome is PlanOutcome.Planned(var plan) ? await preview.Steps(plan, ct) : [])
        {
            ProcessedOn = processedOn,
            Stripe = compare || options.Value.CompareWithStripePreview ? await Compared(outcome, billing, ct) : null,
        };
    }

    private async Task<StripeAgreement?> Compared(PlanOutcome outcome, BillingSnapshot billing, CancellationToken ct) => outcome switch
    {
        PlanOutcome.Planned({ Invoices: [_, ..] } plan) => StripeAgreement.Of(plan, PlannedTax.IsKnown(plan, billing), await preview.Price(plan, ct)),
        _ => new(null, [], "There is no new billing to price."),
    };
}
