using Hub.Core.Audit;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Contracts;

/// <summary>What the audit trail says about a contract; ids are deterministic, so that a replay appends nothing.</summary>
public static class ContractAudit
{
    private const string Actor = "SyncContract";
    private const int ShortHash = 32;

    /// <summary>The outcome of one handling.</summary>
    /// <param name="shown">Hash of the values Salesforce shall show from now on.</param>
    /// <param name="before">Hash of those it showed until now; null when none. The same outcome after another one is an event of its own.</param>
    public static AuditEntry Outcome(ContractRecord record, string shown, string? before)
    {
        string action = record.State switch
        {
            ContractState.Active => "contract.billed",
            ContractState.Held => "contract.held",
            ContractState.NeedsApproval => "contract.approval-asked",
            _ when record.Problems.Any(problem => problem.Code == ProblemCodes.OpportunityReopened) => "contract.reopened",
            _ => "contract.refused",
        };
        return Entry(record, action, $"{shown} {before}");
    }

    /// <summary>A named person approved the version that is about to be billed.</summary>
    public static AuditEntry Approved(ContractRecord record, Approval approval)
    {
        string id = record.OpportunityId.Value;
        string payload = CanonicalJson.Of(new { approvedAt = approval.At, approvedBy = approval.By, approvedVersion = approval.Version, version = record.Version });
        return new($"contract.approved-{id}-{AuditHash.OfPayload(payload)[..ShortHash]}", Actor, "contract.approved", id, payload);
    }

    /// <summary>The opportunity of a billed contract was deleted or hidden.</summary>
    /// <param name="record">As it was before.</param>
    public static AuditEntry Gone(ContractRecord record) => Entry(record, "contract.gone", record.Version ?? "");

    /// <summary>A person ended the billing of a contract whose opportunity is gone.</summary>
    public static AuditEntry GoneSettled(ContractRecord record) => Entry(record, "contract.gone-settled", record.Version ?? "");

    /// <summary>A proration or credit was issued; <paramref name="issued"/> is null when it was withheld because the contract had been canceled.</summary>
    public static AuditEntry Adjusted(ContractRecord record, Adjustment adjustment, string? issued)
    {
        string id = record.OpportunityId.Value;
        string payload = CanonicalJson.Of(new
        {
            key = adjustment.Key,
            effective = Problems.Text(adjustment.Effective),
            amount = adjustment.Amount,
            currency = adjustment.Currency.StripeCode,
            creditNote = adjustment.CreditNote,
            stripeId = issued,
        });
        string action = issued is null ? "contract.adjustment-withheld" : "contract.adjusted";
        return new($"{action}-{id}-{adjustment.Key}", "IssueAdjustments", action, id, payload);
    }

    /// <summary>Stripe has the phases of a contract up to a day; later ones may follow.</summary>
    public static AuditEntry PhasesSent(ContractRecord record, LocalDate until)
    {
        string id = record.OpportunityId.Value;
        string payload = CanonicalJson.Of(new { until = Problems.Text(until), version = record.Version });
        return new($"contract.phases-sent-{id}-{AuditHash.OfPayload(payload)[..ShortHash]}", Actor, "contract.phases-sent", id, payload);
    }

    // No personal data: codes and ids only.
    private static AuditEntry Entry(ContractRecord record, string action, string seed)
    {
        string id = record.OpportunityId.Value;
        string payload = CanonicalJson.Of(new
        {
            state = record.State.ToString(),
            version = record.Version,
            processedOn = record.ProcessedOn is { } date ? Problems.Text(date) : null,
            customerId = record.Billing?.CustomerId,
            scheduleId = record.Billing?.ScheduleId,
            invoiceId = record.Billing?.InvoiceId,
            findings = record.Problems.Select(problem => $"{problem.Code} {problem.Object} {problem.RecordId} {problem.Field}"),
        });

        // What was shown before, and when the record last changed, is part of the id: the same outcome after another one is an event of its own, as
        // often as the two alternate. A replay finds the record as it was stored, and so the same id.
        string changed = InstantPattern.ExtendedIso.Format(record.UpdatedAt);
        string hash = AuditHash.OfPayload($"{seed} {changed}")[..ShortHash];
        return new($"{action}-{id}-{hash}", Actor, action, id, payload);
    }
}
