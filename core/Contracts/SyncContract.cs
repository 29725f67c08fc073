using System.Collections.Immutable;
using Hub.Core.Audit;
using Hub.Core.Queues;
using Hub.Core.Time;
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
    IAuditLog audit,
    DeletedOpportunities deleted,
    TimeProvider time,
    IOptions<ContractsOptions> options,
    ILogger<SyncContract> log)
{
    private static readonly TimeSpan BookkeepingTime = TimeSpan.FromSeconds(60);
    private static readonly Duration ApplyingTime = Duration.FromMinutes(5);
    private static readonly Duration LookAgain = Duration.FromMinutes(1);

    private Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    private LocalDate Today => BillingZone.Find(options.Value.BillingTimeZone)!.DateOf(Now);

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
        BillingSnapshot billing = await Billed(deal, record, ct);
        (PlanOutcome outcome, LocalDate processedOn) = Planned(deal, billing, record);
        if (await Waits(message, record, PlanJson.PlanOf(outcome)?.Version, ct))
        {
            return;
        }

        switch (outcome)
        {
            case PlanOutcome.Unchanged when ContractStates.Settled(record, outcome):
                log.Unchanged(record.OpportunityId);
                await Finish(message, deal, record, ct);
                break;
            case PlanOutcome.Planned or PlanOutcome.Unchanged when ContractStates.MustApply(record, outcome):
                await Apply(message, deal, ContractStates.Applying(record, outcome, processedOn, Now), PlanJson.PlanOf(outcome)!, ct);
                break;
            default:
                await Finish(message, deal, await Store(record, ContractStates.Next(record, outcome, billing, processedOn, Now), ct), ct);
                break;
        }
    }

    // The contract stays where it was billed: an opportunity that has moved to another account, or an account that names another customer, must
    // not look unbilled because Stripe holds nothing under the new one, nor because its customer was deleted in Stripe.
    private async Task<BillingSnapshot> Billed(DealSnapshot deal, ContractRecord record, CancellationToken ct)
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

    // The processing date is frozen for the plan it was stored with. Another plan, while Stripe bills nothing yet, is processed today.
    private (PlanOutcome Outcome, LocalDate ProcessedOn) Planned(DealSnapshot deal, BillingSnapshot billing, ContractRecord record)
    {
        LocalDate date = record.ProcessedOn ?? Today;
        PlanOutcome outcome = On(date);
        return date == Today || billing.Contract is not null || PlanJson.PlanOf(outcome)?.Version == record.Version ? (outcome, date) : (On(Today), Today);

        PlanOutcome On(LocalDate processedOn) =>
            ContractStates.Supported(ContractPlanning.Plan(deal, billing, processedOn, options.Value), deal, processedOn);
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

    private async Task Apply(ContractChanged message, DealSnapshot deal, ContractRecord applying, BillingPlan plan, CancellationToken ct)
    {
        ContractRecord stored = await Store(null, applying, ct);
        AppliedBilling billing = await stripe.Apply(plan, ct);

        // Stripe bills from here on: the bookkeeping gets a short time of its own even when the host is stopping.
        using var bookkeeping = new CancellationTokenSource(BookkeepingTime, time);
        ContractRecord active = await Store(null, stored with { State = ContractState.Active, Billing = billing, UpdatedAt = Now }, bookkeeping.Token);
        log.Applied(active.OpportunityId, plan.Version);
        await Finish(message, deal, active, bookkeeping.Token);
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
        if (record.WrittenBack == owed || (record.WrittenBack == WriteBackPlanning.Refused(owed) && !retryRefused))
        {
            return;
        }

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
