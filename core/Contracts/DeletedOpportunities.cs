using Hub.Core.Audit;
using Microsoft.Extensions.Logging;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>What becomes of a contract whose opportunity was deleted or hidden: billing goes on, and a person is told.</summary>
/// <remarks>
/// The record keeps the problem, the trail an entry, and the alert shows in the readiness report until the opportunity is back or its billing
/// in Stripe has ended. Each effect may be repeated: the entry's id is made of the record as it was before.
/// </remarks>
public sealed class DeletedOpportunities(
    IStripeBilling stripe, IContractRecords records, IContractAlerts alerts, IAuditLog audit, TimeProvider time, ILogger<DeletedOpportunities> log)
{
    private Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    /// <summary>The opportunity cannot be read any more.</summary>
    /// <exception cref="ContractRecordConflictException">Transient.</exception>
    public async Task Gone(ContractRecord record, CancellationToken ct)
    {
        bool billed = ContractStates.IsBilled(record);
        log.Gone(record.OpportunityId, billed);
        if (!billed)
        {
            return;
        }

        if (await HasEnded(record, ct))
        {
            await Settle(record, ct);
        }
        else
        {
            await Alert(record, ct);
        }
    }

    /// <summary>The opportunity can be read, perhaps again.</summary>
    public Task Returned(ContractRecord record, CancellationToken ct) => IsGone(record) ? alerts.Clear(record.OpportunityId, ct) : Task.CompletedTask;

    private static bool IsGone(ContractRecord record) => record.Problems.Any(problem => problem.Code == ProblemCodes.OpportunityDeleted);

    private async Task Alert(ContractRecord record, CancellationToken ct)
    {
        await alerts.Raise(new(record.OpportunityId, ProblemCodes.OpportunityDeleted, Now), ct);
        if (IsGone(record))
        {
            return;
        }

        await audit.Append(ContractAudit.Gone(record), ct);
        await Save(record with { State = ContractState.NeedsAttention, Problems = [Deleted(record)], UpdatedAt = Now }, ct);
    }

    // Nothing is billed any more: whoever ended it has looked.
    private async Task Settle(ContractRecord record, CancellationToken ct)
    {
        if (IsGone(record))
        {
            await audit.Append(ContractAudit.GoneSettled(record), ct);
            await Save(record with { Problems = [], UpdatedAt = Now }, ct);
        }

        await alerts.Clear(record.OpportunityId, ct);
    }

    private async Task<bool> HasEnded(ContractRecord record, CancellationToken ct)
    {
        if (record is not { BilledAccount: { } account, Billing: { } billing })
        {
            return false;
        }

        BillingSnapshot held = await stripe.Read(record.OpportunityId, account, billing.CustomerId, ct);
        return held is { Contract.EndedOn: not null } or { MissingCustomer: not null };
    }

    private async Task Save(ContractRecord record, CancellationToken ct) =>
        _ = await records.TrySave(record, ct) ?? throw new ContractRecordConflictException(record.OpportunityId);

    private static Problem Deleted(ContractRecord record) => new(
        ProblemCodes.OpportunityDeleted, F.Objects.Opportunity, record.OpportunityId.Value, F.Id, record.OpportunityId.Value,
        "The opportunity was deleted in Salesforce, or hidden from the integration user, but Stripe bills its contract; billing goes on unchanged.",
        "Restore the opportunity from the recycle bin (15 days) or give the integration user access to it; or end the contract in Stripe by hand, and then have the Hub look again (POST /api/opportunities/{id}/sync).");
}
