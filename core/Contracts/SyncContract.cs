using System.Collections.Immutable;
using Hub.Core.Audit;
using Hub.Core.Contracts.SignedDocuments;
using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Somebody else changed the Hub's record at the same moment; the queue delivers the message again.</summary>
public sealed class ContractRecordConflictException : Exception
{
    public ContractRecordConflictException(SalesforceId opportunityId)
        : base($"The record of contract {opportunityId} was changed by somebody else at the same moment; the message is tried again.")
    {
    }
}

/// <summary>Queue: one opportunity may need billing work.</summary>
/// <remarks>
/// Order of effects: own record (Applying, processing date frozen) → Stripe → own record (Active) → audit → write-back → own record (written back).
/// Each is keyed by opportunity and plan version, so that a replay repeats nothing and a crash between any two is made good by the next delivery.
/// </remarks>
public sealed class SyncContract(
    ISalesforce salesforce,
    IStripeBilling stripe,
    IContractRecords records,
    IQueueSender queue,
    CheckSignedDocument documents,
    IAuditLog audit,
    DeletedOpportunities deleted,
    TimeProvider time,
    IOptions<ContractsOptions> options,
    ILogger<SyncContract> log)
{
    private static readonly TimeSpan BookkeepingTime = TimeSpan.FromSeconds(60);
    private static readonly Duration ApplyingTime = Duration.FromMinutes(5);
    private static readonly Duration LookAgain = Duration.FromMinutes(1);

    private readonly ContractReading _reading = new(salesforce, stripe, records, time, options);

    private Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    /// <exception cref="FormatException">The message names no opportunity: a bug of the sender.</exception>
    /// <exception cref="ContractRecordConflictException">Transient.</exception>
    public async Task Handle(ContractChanged message, CancellationToken ct)
    {
        SalesforceId id = SalesforceId.Parse(message.OpportunityId);
        ContractRecord record = await records.Find(id, ct) ?? ContractStates.New(id);
        ImmutableArray<DealSnapshot> deals = await salesforce.GetDeals([id], ct);
        if (deals is not [var deal, ..])
        {
            if (!await Waits(message, record, null, ct))
            {
                await deleted.Gone(record, ct);
            }

            return;
        }

        await deleted.Returned(record, ct);
        if (deal.Opportunity.Text(F.Opportunity.IsWon) is not { } won || !bool.Parse(won))
        {
            if (!await Waits(message, record, null, ct))
            {
                await NotWon(message, deal, record, ct);
            }
        }
        else
        {
            await Won(message, deal, record, ct);
        }
    }

    private async Task Won(ContractChanged message, DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        ContractCase contract = await _reading.Case(deal, record, ct);
        if (await AwaitsOriginal(message, contract, ct))
        {
            return;
        }

        BillingSnapshot billing = await _reading.Billed(contract, ct);
        (PlanOutcome outcome, LocalDate processedOn) = _reading.Planned(contract, billing);
        outcome = await documents.Check(deal, outcome, ct);
        if (await Waits(message, contract.Contract ?? record, PlanJson.PlanOf(outcome)?.Version, ct))
        {
            return;
        }

        switch (outcome)
        {
            case PlanOutcome.Unchanged when ContractStates.Settled(record, outcome):
                log.Unchanged(record.OpportunityId);
                await Finish(message, deal, record, ct);
                break;
            case PlanOutcome.Planned or PlanOutcome.Unchanged when ContractStates.MustApply(contract.IsAmendment ? contract.Contract! : record, outcome):
                await Apply(message, contract, ContractStates.Applying(record, outcome, processedOn, Now), PlanJson.PlanOf(outcome)!, ct);
                break;
            default:
                ContractRecord next = ContractStates.Next(record, outcome, billing, processedOn, Now) with { Original = contract.IsAmendment ? contract.Contract?.OpportunityId : null };
                await Finish(message, deal, await Store(record, next, ct), ct);
                break;
        }
    }

    // An amendment may arrive before the contract it amends was handled: that one goes first.
    private async Task<bool> AwaitsOriginal(ContractChanged message, ContractCase contract, CancellationToken ct)
    {
        bool waits = contract is { IsAmendment: true, Contract.ETag: null, Original: { } original } && bool.TryParse(original.Opportunity.Text(F.Opportunity.IsWon), out bool won) && won;
        if (waits)
        {
            log.AwaitsOriginal(contract.Record.OpportunityId, contract.Contract!.OpportunityId);
            await queue.Send(ContractQueues.ContractSync, new ContractChanged(contract.Contract.OpportunityId.Value, ContractSources.Amendment, Now), null, ct);
            await queue.Send(ContractQueues.ContractSync, message, LookAgain, ct);
        }

        return waits;
    }

    // Another delivery is applying another state of the same deal. Two schedules must not arise, so this one waits, whatever it would do: a refusal
    // stored now would let a third delivery begin. After five minutes the other one is taken for dead, and what it left in Stripe shows in the
    // billing snapshot.
    private async Task<bool> Waits(ContractChanged message, ContractRecord record, string? version, CancellationToken ct)
    {
        bool busy = record is { State: ContractState.Applying, ETag: not null } && record.Version != version && Now - record.UpdatedAt < ApplyingTime;
        if (busy)
        {
            log.Busy(record.OpportunityId);
            await queue.Send(ContractQueues.ContractSync, message, LookAgain, ct);
        }

        return busy;
    }

    private async Task Apply(ContractChanged message, ContractCase contract, ContractRecord applying, BillingPlan plan, CancellationToken ct)
    {
        ContractRecord stored = await Store(null, contract.IsAmendment ? applying with { Original = contract.Contract!.OpportunityId } : applying, ct);
        ContractRecord? claimed = contract.IsAmendment ? await Store(null, ContractStates.Amending(contract, applying, Now), ct) : null;
        if (plan.Approval is { } approval)
        {
            await audit.Append(ContractAudit.Approved(stored, approval), ct);
        }

        AppliedBilling billing = await stripe.Apply(plan, ct);

        // Stripe bills from here on: the bookkeeping gets a short time of its own even when the host is stopping.
        using var bookkeeping = new CancellationTokenSource(BookkeepingTime, time);
        if (claimed is not null)
        {
            await Amended(claimed, billing, bookkeeping.Token);
        }

        ContractRecord active = await Store(null, stored with { State = ContractState.Active, Billing = billing, UpdatedAt = Now }, bookkeeping.Token);
        log.Applied(active.OpportunityId, plan.Version);
        await Finish(message, contract.Deal, active, bookkeeping.Token);
    }

    // The contract's own opportunity shows the new totals too.
    private async Task Amended(ContractRecord claimed, AppliedBilling billing, CancellationToken ct)
    {
        ContractRecord amended = claimed with { State = ContractState.Active, Billing = billing with { FirstInvoiceUrl = billing.FirstInvoiceUrl ?? claimed.Billing?.FirstInvoiceUrl }, UpdatedAt = Now };
        await Store(null, amended, ct);
        await queue.Send(ContractQueues.ContractSync, new ContractChanged(claimed.OpportunityId.Value, ContractSources.Amendment, Now), null, ct);
    }

    private async Task NotWon(ContractChanged message, DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        if (!ContractStates.IsBilled(record))
        {
            log.NotWon(record.OpportunityId);
            return;
        }

        log.Reopened(record.OpportunityId);
        await Finish(message, deal, await Store(record, ContractStates.Reopened(record, deal, Now), ct), ct);
    }

    // Audit and write-back are owed as long as the record does not carry the hash of what is to be written.
    private async Task Finish(ContractChanged message, DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        ImmutableArray<WriteBack> writeBacks = WriteBackPlanning.Of(record, deal, Now);
        string owed = WriteBackPlanning.Hash(writeBacks);
        bool retryRefused = message.Source == ContractSources.Manual && record.WrittenBack == WriteBackPlanning.Refused(owed);
        if ((record.WrittenBack == owed && !OwesSurvivor(record, writeBacks)) || (record.WrittenBack == WriteBackPlanning.Refused(owed) && !retryRefused))
        {
            return;
        }

        await AskForAdjustments(record, ct);
        await audit.Append(ContractAudit.Outcome(record, owed), ct);
        ImmutableArray<WriteBackResult> results = await salesforce.WriteBack(writeBacks, ct);
        bool refused = false;
        foreach ((WriteBack written, WriteBackResult result) in writeBacks.Zip(results))
        {
            if (result is WriteBackResult.Refused refusal)
            {
                refused = true;
                log.WriteBackRefused(written.Object, written.Id, refusal.Code);
            }
        }

        // A refusal is remembered too: writing the rest again and again would make the opportunity look changed forever.
        ContractRecord done = record with { WrittenBack = refused ? WriteBackPlanning.Refused(owed) : owed, UpdatedAt = Now };
        if (await records.TrySave(done, ct) is null)
        {
            await OweAgain(record.OpportunityId, ct);
            throw new ContractRecordConflictException(record.OpportunityId);
        }
    }

    // As long as a write-back is owed, so that neither a crash nor a hold loses it. What has been issued before is known by its key.
    private async Task AskForAdjustments(ContractRecord record, CancellationToken ct)
    {
        if (record.State == ContractState.Active && !record.Adjustments.IsEmpty)
        {
            await queue.Send(ContractQueues.ContractAdjustment, new AdjustmentDue((record.Original ?? record.OpportunityId).Value), null, ct);
        }
    }

    // The account that survived a merge learns the customer although nothing of the opportunity's own values changes.
    private static bool OwesSurvivor(ContractRecord record, ImmutableArray<WriteBack> writeBacks) =>
        writeBacks is [_, var account] && record is { State: ContractState.Active, BilledAccount: { } billed } && billed != account.Id;

    // The values just written may lie over newer ones that another delivery wrote meanwhile and believes to be there.
    private async Task OweAgain(SalesforceId id, CancellationToken ct)
    {
        const int attempts = 5;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            if (await records.Find(id, ct) is not { WrittenBack: not null } other || await records.TrySave(other with { WrittenBack = null }, ct) is not null)
            {
                return;
            }
        }
    }

    private async Task<ContractRecord> Store(ContractRecord? unlessEqual, ContractRecord record, CancellationToken ct) =>
        unlessEqual is not null && ContractStates.Same(unlessEqual, record) ? unlessEqual
        : await records.TrySave(record, ct) ?? throw new ContractRecordConflictException(record.OpportunityId);
}
