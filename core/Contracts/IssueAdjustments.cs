using Hub.Core.Audit;
using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Queue: issues what the Hub itself has to issue of one contract by today (C7, C19), asks for later phases on their day (C23), and notes the next day.</summary>
/// <remarks>
/// What there is to issue was frozen in the record when the plan was applied: a later change of the opportunity does not touch it. Every effect is claimed under
/// the adjustment's key, so that a replay finds it done; the next day is noted under the contract and the day. Where the invoice that is to be credited is still
/// a draft, for about an hour after Stripe made it, the same day is noted again.
/// </remarks>
public sealed class IssueAdjustments(
    IContractRecords records,
    IStripeAdjustments stripe,
    IDueContracts due,
    IQueueSender queue,
    IAuditLog audit,
    TimeProvider time,
    ILogger<IssueAdjustments> log)
{
    /// <summary>The day in Stripe's calendar (C1): an invoice bears the UTC date on which it is created.</summary>
    public static LocalDate Today(TimeProvider time) => Instant.FromDateTimeOffset(time.GetUtcNow()).InUtc().Date;

    /// <exception cref="FormatException">The message names no opportunity: a bug of the sender.</exception>
    public async Task Handle(AdjustmentDue message, CancellationToken ct)
    {
        SalesforceId id = SalesforceId.Parse(message.OpportunityId);

        if (await records.Find(id, ct) is not { Billing: { } billing, BilledAccount: { } account } record)
        {
            log.NothingToAdjust(id);
            return;
        }

        LocalDate today = Today(time);

        // Phases first: what cannot be issued must not keep them back.
        if (await Extend(record, today, ct) is { } extended)
        {
            await due.Add(new(id, extended), ct);
        }

        if (await Issue(record, billing, account, today, ct) is { } next)
        {
            await due.Add(new(id, next), ct);
        }
    }

    // Returns the next day; null when there is none.
    private async Task<LocalDate?> Issue(ContractRecord record, AppliedBilling billing, SalesforceId account, LocalDate today, CancellationToken ct)
    {
        // A contract that is being applied, or is on hold, asks again when it is billed.
        if (record.State is ContractState.Applying or ContractState.Held)
        {
            log.NothingToAdjust(record.OpportunityId);
            return null;
        }

        bool tooEarly = false;
        foreach (Adjustment adjustment in record.Adjustments.Where(adjustment => adjustment.Date <= today))
        {
            AdjustmentOutcome outcome = await stripe.Issue(record.OpportunityId, account, billing, adjustment, ct);
            tooEarly |= outcome is AdjustmentOutcome.TooEarly;
            await Tell(record, adjustment, outcome, ct);
        }

        return tooEarly ? today : record.Adjustments.Where(adjustment => adjustment.Date > today).Select(adjustment => (LocalDate?)adjustment.Date).Min();
    }

    // Whoever sends phases plans the contract again and takes its turn with amendments. Until its record says that they were sent, every day asks again.
    private async Task<LocalDate?> Extend(ContractRecord record, LocalDate today, CancellationToken ct)
    {
        if (record.ExtendOn is { } day && day <= today)
        {
            await queue.Send(
                ContractQueues.ContractSync, new ContractChanged(record.OpportunityId.Value, ContractSources.Phases, Instant.FromDateTimeOffset(time.GetUtcNow())), null, ct);
            return today.PlusDays(1);
        }

        return record.ExtendOn;
    }

    private async Task Tell(ContractRecord record, Adjustment adjustment, AdjustmentOutcome outcome, CancellationToken ct)
    {
        switch (outcome)
        {
            case AdjustmentOutcome.Issued(var issued, var before):
                await audit.Append(ContractAudit.Adjusted(record, adjustment, issued), ct);
                if (!before)
                {
                    log.Adjusted(record.OpportunityId, adjustment.Key, issued);
                }

                break;
            case AdjustmentOutcome.Canceled:
                await audit.Append(ContractAudit.Adjusted(record, adjustment, null), ct);
                log.AdjustmentWithheld(record.OpportunityId, adjustment.Key);
                break;
            default:
                log.AdjustmentTooEarly(record.OpportunityId, adjustment.Key);
                break;
        }
    }
}
