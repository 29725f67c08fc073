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
/// Order of effects: own record (Applying, processing date frozen) → Stripe → own record (Active) → audit → the write-back is owed; <see cref="WriteBackResults"/>
/// sends it. Each is keyed by opportunity and plan version, so that a replay repeats nothing and a crash between any two is made good by the next delivery.
/// </remarks>
public sealed class SyncContract(
    ISalesforce salesforce,
    IStripeBilling stripe,
    IContractRecords records,
    IWriteBacks writeBacks,
    OweTotals totals,
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
    private static readonly TimeSpan TurnTime = TimeSpan.FromMinutes(4);
    private static readonly Duration LookAgain = Duration.FromMinutes(1);
    private static readonly LocalTime DayEnds = new(23, 55);
    private static readonly LocalTime DayHasBegun = new(0, 5);

    private readonly ContractReading _reading = new(salesforce, stripe, records, time, options);

    private Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    /// <exception cref="FormatException">The message names no opportunity: a bug of the sender.</exception>
    /// <exception cref="ContractRecordConflictException">Transient.</exception>
    public async Task Handle(ContractChanged message, CancellationToken ct)
    {
        SalesforceId id = SalesforceId.Parse(message.OpportunityId);
        ImmutableArray<DealSnapshot> deals = await salesforce.GetDeals([id], ct);
        ImmutableArray<OwedWriteBack> owed = await Handle(message, deals is [var deal, ..] ? deal : null, readJustNow: true, ct);
        if (HandedOverByOthers(await writeBacks.Owe(owed, ct)))
        {
            throw new ContractRecordConflictException(id);
        }
    }

    /// <summary>Handles a deal that was read already; null when Salesforce has it no more.</summary>
    /// <returns>What Salesforce shall show of it. The caller hands it over, and handles the message again where that fails.</returns>
    public Task<ImmutableArray<OwedWriteBack>> Handle(ContractChanged message, DealSnapshot? deal, CancellationToken ct) => Handle(message, deal, readJustNow: false, ct);

    private async Task<ImmutableArray<OwedWriteBack>> Handle(ContractChanged message, DealSnapshot? deal, bool readJustNow, CancellationToken ct)
    {
        SalesforceId id = SalesforceId.Parse(message.OpportunityId);

        // What is shown is read before what it follows from, see IWriteBacks; for a contract without a record nothing can be shown.
        ContractRecord? stored = await records.Find(id, ct);
        var delivery = new Delivery(message, stored is null ? null : await writeBacks.Find(WriteBackPlanning.ContractKey(id), ct), stored is null) { ReadJustNow = readJustNow };
        ContractRecord record = (stored is null ? null : await records.Find(id, ct)) ?? ContractStates.New(id);
        if (deal is null)
        {
            if (!await Waits(message, record, null, ct))
            {
                await deleted.Gone(record, ct);
            }

            return [];
        }

        await deleted.Returned(record, ct);

        if (IsOwnChange(delivery, deal, record))
        {
            log.OwnChange(id);
            return [];
        }

        record = record with { DealSeen = DealHash.Of(deal) };
        if (deal.Opportunity.Text(F.Opportunity.IsWon) is { } won && bool.Parse(won))
        {
            return await Won(delivery, deal, record, ct);
        }

        return await Waits(message, record, null, ct) ? [] : await NotWon(delivery, deal, record, ct);
    }

    /// <summary>Whether rows that were not handed over must be worked out again. Totals are not: whoever came first knew at least as much.</summary>
    public static bool HandedOverByOthers(ImmutableArray<OwedWriteBack> rows) => rows.Any(row => row.Key.Part != WriteBackPlanning.TotalsPart);

    // The poll shows the Hub's own write-backs as changes. Nothing is left to do where the Hub wrote last and nothing else has changed since it looked.
    private static bool IsOwnChange(Delivery delivery, DealSnapshot deal, ContractRecord record) =>
        delivery.Message.Source == ContractSources.Poll && deal.LastChangedByHub && record.State != ContractState.Applying
        && delivery.Shown?.Hash == WriteBackPlanning.Hash(WriteBackPlanning.Contract(record))
        && deal.Account?.Text(F.Account.StripeCustomerId) is var customer && (customer is null || customer == record.Billing?.CustomerId)
        && record.DealSeen == DealHash.Of(deal);

    private async Task<ImmutableArray<OwedWriteBack>> Won(Delivery delivery, DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        ContractCase contract = await _reading.Case(deal, record, ct);
        if (await AwaitsOriginal(delivery.Message, contract, ct))
        {
            return [];
        }

        BillingSnapshot billing = await _reading.Billed(contract, ct);
        (PlanOutcome outcome, LocalDate processedOn) = _reading.Planned(contract, billing);
        outcome = await documents.Check(deal, outcome, ct);
        outcome = contract.IsAmendment ? outcome : PhaseWindow.Extended(outcome, deal.Opportunity, billing, IssueAdjustments.Today(time));
        if (await Waits(delivery.Message, contract.Contract ?? record, PlanJson.PlanOf(outcome)?.Version, ct))
        {
            return [];
        }

        switch (outcome)
        {
            case PlanOutcome.Unchanged when ContractStates.Settled(record, outcome):
                log.Unchanged(record.OpportunityId);
                return await Finish(delivery, deal, record, ct);
            case PlanOutcome.Planned({ Change: { Type: not DealType.New } change }) when !contract.IsAmendment && change.OpportunityId != record.OpportunityId && billing.Contract?.Version != record.Version:
                // Claimed, and Stripe does not hold it: whoever claimed it knows from which invoice on it counts.
                await queue.Send(ContractQueues.ContractSync, new ContractChanged(change.OpportunityId.Value, ContractSources.Amendment, Now), null, ct);
                return [];
            case PlanOutcome.Planned({ Change.Type: DealType.New }) when !delivery.ReadJustNow:
                // The batch was read a while ago: a newer version may have been written since, which this one must not undo.
                await queue.Send(ContractQueues.ContractSync, delivery.Message, null, ct);
                return [];
            case PlanOutcome.Planned or PlanOutcome.Unchanged when ContractStates.MustApply(contract.IsAmendment ? contract.Contract! : record, outcome):
                return await IsBetweenDays(delivery.Message, contract, PlanJson.PlanOf(outcome)!, ct) ? [] : await Apply(
                    delivery, contract, ContractStates.Applying(record, outcome, processedOn, Now), PlanJson.PlanOf(outcome)!, outcome is PlanOutcome.Unchanged ? billing.Contract : null, ct);
            default:
                ContractRecord next = ContractStates.Next(record, outcome, billing, processedOn, Now) with { Original = contract.IsAmendment ? contract.Contract?.OpportunityId : null };
                return await Finish(delivery, deal, await Store(record, next, ct), ct);
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

    // Around 00:00 UTC Stripe issues the invoices of the day, with or without a change that arrives in these minutes: which, nobody could tell.
    private async Task<bool> IsBetweenDays(ContractChanged message, ContractCase contract, BillingPlan plan, CancellationToken ct)
    {
        LocalTime now = Now.InUtc().TimeOfDay;
        bool between = (contract.IsAmendment || plan.Change is not null) && (now >= DayEnds || now < DayHasBegun);
        if (between)
        {
            log.BetweenDays(contract.Record.OpportunityId);
            await queue.Send(ContractQueues.ContractSync, message, LookAgain, ct);
        }

        return between;
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

    private async Task<ImmutableArray<OwedWriteBack>> Apply(
        Delivery delivery, ContractCase contract, ContractRecord applying, BillingPlan plan, BilledContract? there, CancellationToken ct)
    {
        ContractRecord stored = await Store(null, contract.IsAmendment ? applying with { Original = contract.Contract!.OpportunityId } : applying, ct);
        ContractRecord? claimed = contract.IsAmendment ? await Store(null, ContractStates.Amending(contract, applying, plan.Change!, Now), ct) : null;
        if (plan.Approval is { } approval)
        {
            await audit.Append(ContractAudit.Approved(stored, approval), ct);
        }

        // Ends before another delivery may take this one for dead, and before the day does.
        using var turn = new CancellationTokenSource(TurnTime, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct, turn.Token);
        AppliedBilling billing;
        try
        {
            billing = await stripe.Apply(plan, limited.Token);
        }
        catch (CustomerBeingCreatedException)
        {
            // Nothing was written: as long as the record said otherwise, the next look would take Stripe to be at work.
            log.CustomerBeingCreated(stored.OpportunityId);
            await Store(null, ContractStates.New(stored.OpportunityId) with { ETag = stored.ETag, UpdatedAt = Now }, ct);
            await queue.Send(ContractQueues.ContractSync, delivery.Message, LookAgain, ct);
            return [];
        }

        // A subscription that was put into a new schedule before a delivery was cut off is known by what Stripe holds now, not by what was created first.
        billing = there is { ScheduleId: { } id } && billing.ScheduleId != id ? billing with { ScheduleId = id, SubscriptionId = there.SubscriptionId } : billing;

        // Stripe bills from here on: the bookkeeping gets a short time of its own even when the host is stopping.
        using var bookkeeping = new CancellationTokenSource(BookkeepingTime, time);
        if (plan.PhasesUntil is not null || stored.ExtendOn is not null)
        {
            await audit.Append(ContractAudit.PhasesSent(stored, PhaseWindow.Sent(plan)[^1].End), bookkeeping.Token);
        }

        if (claimed is not null)
        {
            await Amended(claimed, plan, billing, bookkeeping.Token);
        }

        ContractRecord active = await Store(null, ContractStates.Applied(stored, plan, billing, Now), bookkeeping.Token);
        log.Applied(active.OpportunityId, plan.Version);
        return await Finish(delivery with { NothingInvoiced = delivery.First && !contract.IsAmendment }, contract.Deal, active, bookkeeping.Token);
    }

    // The contract's own opportunity shows the new totals too.
    private async Task Amended(ContractRecord claimed, BillingPlan plan, AppliedBilling billing, CancellationToken ct)
    {
        await queue.Send(ContractQueues.ContractSync, new ContractChanged(claimed.OpportunityId.Value, ContractSources.Amendment, Now), null, ct);
        await Store(null, ContractStates.Applied(claimed, plan, billing with { FirstInvoiceUrl = billing.FirstInvoiceUrl ?? claimed.Billing?.FirstInvoiceUrl }, Now), ct);
    }

    private async Task<ImmutableArray<OwedWriteBack>> NotWon(Delivery delivery, DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        if (!ContractStates.IsBilled(record))
        {
            log.NotWon(record.OpportunityId);
            return [];
        }

        log.Reopened(record.OpportunityId);
        return await Finish(delivery, deal, await Store(record, ContractStates.Reopened(record, deal, Now), ct), ct);
    }

    // Audit and write-back are owed as long as something else is shown than follows from the record. Values that Salesforce refused are shown in
    // this sense: repeating them would make the opportunity look changed forever; a person may ask for it.
    private async Task<ImmutableArray<OwedWriteBack>> Finish(Delivery delivery, DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        OwedWriteBack contract = Owed(WriteBackPlanning.ContractKey(record.OpportunityId), WriteBackPlanning.Contract(record), record, delivery.Shown);
        bool manual = delivery.Message.Source == ContractSources.Manual;
        bool owed = delivery.Shown?.Hash != contract.Hash || (manual && delivery.Shown?.Refused is not null);
        if (owed)
        {
            await AskForAdjustments(record, ct);
            await audit.Append(ContractAudit.Outcome(record, contract.Hash, delivery.Shown?.Hash), ct);
        }

        return owed ? [contract, .. await Totals(delivery, record, ct), .. await Customer(delivery, deal, record, manual, ct), .. await Products(deal, record, ct)]
            : manual || OwesSurvivor(record, deal) ? await Customer(delivery, deal, record, manual, ct)
            : [];
    }

    // As long as a write-back is owed, so that neither a crash nor a hold loses it. What has been issued before is known by its key.
    private async Task AskForAdjustments(ContractRecord record, CancellationToken ct)
    {
        if (record.State == ContractState.Active && (!record.Adjustments.IsEmpty || record.ExtendOn is not null))
        {
            await queue.Send(ContractQueues.ContractAdjustment, new AdjustmentDue((record.Original ?? record.OpportunityId).Value), null, ct);
        }
    }

    // The account that survived a merge learns the customer although nothing of the opportunity's own values changes.
    private static bool OwesSurvivor(ContractRecord record, DealSnapshot deal) => record is { State: ContractState.Active, BilledAccount: { } billed }
        && WriteBackPlanning.Customer(record, deal) is var (account, _) && account != billed;

    // Rare: only products that were created on first use, until their id is shown.
    private async Task<ImmutableArray<OwedWriteBack>> Products(DealSnapshot deal, ContractRecord record, CancellationToken ct)
    {
        var owed = ImmutableArray.CreateBuilder<OwedWriteBack>();
        foreach ((SalesforceId product, ImmutableSortedDictionary<string, object?> fields) in WriteBackPlanning.Products(record, deal))
        {
            WriteBackKey key = WriteBackPlanning.ProductKey(product);
            OwedWriteBack row = Owed(key, fields, record, await writeBacks.Find(key, ct));
            owed.Add(row);
        }

        return owed.ToImmutable();
    }

    private async Task<ImmutableArray<OwedWriteBack>> Totals(Delivery delivery, ContractRecord record, CancellationToken ct)
    {
        if (delivery.NothingInvoiced)
        {
            return WriteBackPlanning.Totals(record, []) is { } first ? [Owed(WriteBackPlanning.TotalsKey(record.OpportunityId), first, record, null)] : [];
        }

        // Nothing was shown of a contract that Stripe bills: it was billed before the Hub knew it, or a delivery was cut off, and then nothing is found.
        if (delivery.Shown is null && record.Billing is not null)
        {
            await queue.Send(ContractQueues.ContractAdopted, new ContractAdopted(record.OpportunityId.Value), null, ct);
        }

        await totals.Handle(record.OpportunityId, ct);
        return [];
    }

    // Another deal of the account may have handed it over; the same id again changes nothing.
    private async Task<ImmutableArray<OwedWriteBack>> Customer(Delivery delivery, DealSnapshot deal, ContractRecord record, bool manual, CancellationToken ct)
    {
        if (WriteBackPlanning.Customer(record, deal) is not var (account, fields))
        {
            return [];
        }

        WriteBackKey key = WriteBackPlanning.CustomerKey(account);
        ShownValues? shown = delivery.First ? null : await writeBacks.Find(key, ct);
        OwedWriteBack owed = Owed(key, fields, record, shown) with { Account = account.Value };
        return shown is { Refused: not null } && shown.Hash == owed.Hash && !manual ? [] : [owed];
    }

    private static OwedWriteBack Owed(WriteBackKey key, ImmutableSortedDictionary<string, object?> fields, ContractRecord record, ShownValues? shown) =>
        new(key, fields, WriteBackPlanning.Hash(fields), record.BilledAccount?.Value ?? "", shown?.ETag);

    private async Task<ContractRecord> Store(ContractRecord? unlessEqual, ContractRecord record, CancellationToken ct) =>
        unlessEqual is not null && ContractStates.Same(unlessEqual, record) ? unlessEqual
        : await records.TrySave(record, ct) ?? throw new ContractRecordConflictException(record.OpportunityId);

    /// <param name="Shown">What Salesforce was last given about the contract.</param>
    /// <param name="First">The Hub had no record of the contract.</param>
    private sealed record Delivery(ContractChanged Message, ShownValues? Shown, bool First)
    {
        /// <summary>The contract came into being with this delivery, so Stripe cannot have invoiced anything.</summary>
        public bool NothingInvoiced { get; init; }

        /// <summary>False for a deal that was read together with others, which takes its time.</summary>
        public bool ReadJustNow { get; init; }
    }
}
