using Hub.Core.Audit;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Queue: issues what the Hub itself has to issue of one contract by today, and notes the next day (C7, C19).</summary>
/// <remarks>
/// What there is to issue was frozen in the record when the plan was applied: a later change of the opportunity does not touch it. Every effect is claimed under
/// the adjustment's key, so that a replay finds it done; the next day is noted under the contract and the day. Where the invoice that is to be credited is still
/// a draft, for about an hour after Stripe made it, the same day is noted again.
/// </remarks>
public sealed class IssueAdjustments(
    IContractRecords records,
    IStripeAdjustments stripe,
    IDueContracts due,
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

        // A contract that is being applied, or is on hold, asks again when it is billed.
        if (await records.Find(id, ct) is not { Billing: { } billing, BilledAccount: { } account, State: not (ContractState.Applying or ContractState.Held) } record)
        {
            log.NothingToAdjust(id);
            return;
        }

        LocalDate today = Today(time);
        bool tooEarly = false;
        foreach (Adjustment adjustment in record.Adjustments.Where(adjustment => adjustment.Date <= today))
        {
            AdjustmentOutcome outcome = await stripe.Issue(id, account, billing, adjustment, ct);
            tooEarly |= outcome is AdjustmentOutcome.TooEarly;
            await Tell(record, adjustment, outcome, ct);
        }

        LocalDate? next = record.Adjustments.Where(adjustment => adjustment.Date > today).Select(adjustment => (LocalDate?)adjustment.Date).Min();
        if ((tooEarly ? today : next) is { } day)
        {
            await due.Add(new(id, day), ct);
        }
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
