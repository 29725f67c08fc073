using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Hub.Core.Audit;
using Hub.Core.Contracts;
using Hub.Core.Contracts.SignedDocuments;
using Hub.Core.Queues;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>The process died right after an effect.</summary>
internal sealed class Killed : Exception
{
    public Killed()
        : base("The process was killed.")
    {
    }
}

/// <summary>Both outside worlds and the Hub's storage in memory; can die after any effect.</summary>
internal sealed class ContractPorts : ISalesforce, IStripeBilling, IContractRecords, IQueueSender, IAuditLog, IWatermarks, IContractAlerts
{
    private int _etag;

    public ContractPorts() => Owed.Effect = Effect;

    public InMemoryWriteBacks Owed { get; } = new();

    public InMemoryIssuedInvoices Issued { get; } = new();

    /// <summary>What the polls put on the queue of batches.</summary>
    public List<ContractsChanged> Batches { get; } = [];

    public List<ContractAdopted> Adopted { get; } = [];

    /// <summary>Calls that read deals, each with how many.</summary>
    public List<int> Reads { get; } = [];

    /// <summary>Collections calls, each with its rows.</summary>
    public List<IReadOnlyList<WriteBack>> WriteCalls { get; } = [];

    public bool HasMirror { get; set; } = true;

    /// <summary>How a row fares; null: written.</summary>
    public Func<WriteBack, WriteBackResult?> Judge { get; set; } = _ => null;

    /// <summary>Number of effects after which the process dies; null: never.</summary>
    public int? DieAfter { get; set; }

    public int Effects { get; private set; }

    public Dictionary<SalesforceId, DealSnapshot> Deals { get; } = [];

    public Dictionary<SalesforceId, ContractRecord> Records { get; } = [];

    public OrderedDictionary<string, BillingPlan> Billed { get; } = new(StringComparer.Ordinal);

    public List<WriteBack> Written { get; } = [];

    public Dictionary<string, AuditEntry> Trail { get; } = new(StringComparer.Ordinal);

    public List<(string Queue, ContractChanged Message, Duration? Delay)> Sent { get; } = [];

    public List<(AdjustmentDue Message, Duration? Delay)> Adjusting { get; } = [];

    public List<ChangedOpportunity> Changes { get; } = [];

    public Instant Server { get; set; } = Instant.FromUtc(2026, 10, 1, 9, 0);

    public Watermark? Stored { get; set; }

    public bool OtherHostMovesWatermark { get; set; }

    public string? RefuseObject { get; set; }

    /// <summary>Customers that somebody deleted in Stripe, with all they were billed.</summary>
    public HashSet<string> DeletedCustomers { get; } = new(StringComparer.Ordinal);

    /// <summary>What somebody made of the schedule in Stripe; null: as it was created.</summary>
    public HeldSchedule? Edited { get; set; }

    /// <summary>The schedule ran out of phases, and its subscription goes on; null: it runs.</summary>
    public ReleasedSubscription? Released { get; set; }

    public HashSet<string> TaxRates { get; } = new(StringComparer.Ordinal);

    public int StripeCalls { get; private set; }

    public int StripeReads { get; private set; }

    public Action? BeforeApply { get; set; }

    public Action? BeforeWriteBack { get; set; }

    public Dictionary<SalesforceId, ContractAlert> Alerts { get; } = [];

    /// <summary>The first day has come: Stripe bills.</summary>
    public bool Started { get; set; }

    /// <summary>The schedule that Stripe holds now; what is applied again answers with the one that was created first.</summary>
    public string HeldScheduleId { get; set; } = "sub_sched_1";

    /// <summary>Somebody ended what is billed in Stripe.</summary>
    public bool EndedInStripe { get; set; }

    public Task Raise(ContractAlert alert, CancellationToken ct)
    {
        Alerts.TryAdd(alert.OpportunityId, alert);
        Effect();
        return Task.CompletedTask;
    }

    public Task Clear(SalesforceId opportunityId, CancellationToken ct)
    {
        Alerts.Remove(opportunityId);
        Effect();
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<ContractAlert>> List(int most, CancellationToken ct) => Task.FromResult<ImmutableArray<ContractAlert>>([.. Alerts.Values.Take(most)]);

    /// <summary>Accounts that were merged: loser → survivor.</summary>
    public Dictionary<SalesforceId, SalesforceId> Merged { get; } = [];

    public Task<SalesforceId?> MergedInto(SalesforceId account, CancellationToken ct) =>
        Task.FromResult(Merged.TryGetValue(account, out SalesforceId survivor) ? survivor : (SalesforceId?)null);

    public DeletedOpportunities Deleted(TimeProvider clock) => new(this, this, this, this, clock, NullLogger<DeletedOpportunities>.Instance);

    /// <summary>The handler over these ports; nothing is attached to any opportunity.</summary>
    public SyncContract Sync(TimeProvider clock, ContractsOptions? options = null, ISignedDocuments? files = null) => new(
        this, this, this, Owed, new OweTotals(Owed, this, Issued), this,
        new(files ?? new SignedDocuments.Attachments(), Options.Create(options ?? new()), NullLogger<CheckSignedDocument>.Instance), this, Deleted(clock), clock,
        Options.Create(options ?? new()), NullLogger<SyncContract>.Instance);

    /// <summary>One delivery, and the write-back of what it owes.</summary>
    public async Task Deliver(ContractChanged message, TimeProvider clock, ContractsOptions? options = null, ISignedDocuments? files = null)
    {
        await Sync(clock, options, files).Handle(message, CancellationToken.None);
        await new WriteBackResults(this, Owed, clock, NullLogger<WriteBackResults>.Instance).Handle(CancellationToken.None);
    }

    public void Put(DealSnapshot deal) => Deals[SalesforceId.Parse(deal.Opportunity.Id)] = deal;

    public IAsyncEnumerable<ChangedOpportunity> Changed(Instant from, Instant to, CancellationToken ct) => Listed(
        Changes.Where(change => change.SystemModstamp >= from && change.SystemModstamp < to).OrderBy(change => change.SystemModstamp), ct);

    public Task<Instant> ServerTime(CancellationToken ct) => Task.FromResult(Server);

    public Task<ImmutableArray<DealSnapshot>> GetDeals(IReadOnlyCollection<SalesforceId> opportunityIds, CancellationToken ct)
    {
        Reads.Add(opportunityIds.Count);
        return Task.FromResult<ImmutableArray<DealSnapshot>>([.. opportunityIds.Where(Deals.ContainsKey).Select(id => Deals[id])]);
    }

    public Task<ImmutableArray<SalesforceId>> FirstOpportunities(SalesforceId contractId, CancellationToken ct)
    {
        DealSnapshot[] named = [.. Deals.Values.Where(deal => deal.Opportunity.Text("ContractId") == contractId.Value && deal.Opportunity.Text("Hub_Amends_Contract__c") != contractId.Value)];
        DealSnapshot[] first = [.. named.Where(deal => deal.Opportunity.Text("Hub_Amends_Contract__c") is null)];
        return Task.FromResult<ImmutableArray<SalesforceId>>([.. (first.Length > 0 ? first : named).Select(deal => SalesforceId.Parse(deal.Opportunity.Id))]);
    }

    public Task<ImmutableArray<WriteBackResult>> WriteBack(IReadOnlyList<WriteBack> writeBacks, CancellationToken ct)
    {
        BeforeWriteBack?.Invoke();
        WriteCalls.Add(writeBacks);
        ImmutableArray<WriteBackResult> results =
        [
            .. writeBacks.Select(written => written.Object == RefuseObject
                ? new WriteBackResult.Refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", "No.")
                : Judge(written) ?? new WriteBackResult.Written()),
        ];
        Written.AddRange(writeBacks.Zip(results).Where(row => row.Second is WriteBackResult.Written).Select(row => row.First));
        Effect();
        return Task.FromResult(results);
    }

    public Task<bool> Has(string @object, CancellationToken ct) => Task.FromResult(HasMirror);

    public Task<BillingSnapshot> Read(SalesforceId opportunityId, SalesforceId accountId, string? storedCustomerId, CancellationToken ct)
    {
        StripeReads++;
        ReadAs.Add(storedCustomerId);
        return Task.FromResult(DeletedCustomers.Contains(storedCustomerId ?? "cus_1") ? BillingSnapshot.Empty with { MissingCustomer = storedCustomerId ?? "cus_1" }
            : Billed.Values.LastOrDefault(plan => plan.OpportunityId == opportunityId && plan.Customer.AccountId == accountId && storedCustomerId is null or "cus_1") is { } plan
            ? new BillingSnapshot(
                new("cus_1", plan.Currency.StripeCode), plan.Schedule is null ? [] : [new("sub_sched_1", plan.Currency.StripeCode, null, plan.OpportunityId.Value)],
                new(plan.Schedule is null ? null : HeldScheduleId, null, plan.Schedule is null ? "in_1" : null, EndedInStripe ? "canceled" : Released is not null ? "released" : Started ? "active" : "not_started", plan.Version, EndedInStripe ? new LocalDate(2026, 10, 1) : null)
                {
                    Schedule = Edited ?? Window(plan),
                    Released = Released,
                })
            : Customers.TryGetValue(storedCustomerId ?? "", out BillingSnapshot? held) ? held
            : Strangers.Any(customer => customer.Id == storedCustomerId) ? BillingSnapshot.Empty with { Customer = new(storedCustomerId!, null) }
            : BillingSnapshot.Empty);
    }

    /// <summary>Customers that people made in Stripe, oldest first.</summary>
    public List<StripeCustomer> Strangers { get; } = [];

    public int Searches { get; private set; }

    /// <summary>What Stripe holds of customers before any deal of a test is billed, by id.</summary>
    public Dictionary<string, BillingSnapshot> Customers { get; } = [];

    /// <summary>Customer ids that reads were made under.</summary>
    public List<string?> ReadAs { get; } = [];

    public Task<CustomerCandidates> Candidates(CustomerPlan account, CancellationToken ct)
    {
        Searches++;
        return Task.FromResult(new CustomerCandidates([.. Strangers], All: true));
    }

    // What Stripe holds of a contract that is sent phase by phase. Of a schedule that took over, only what was sent then.
    private HeldSchedule? Window(BillingPlan plan) => plan is not { PhasesUntil: null, Extension: null } ? new(
        PhaseWindow.EndSent(plan) == EndBehavior.Cancel ? "cancel" : "release",
        [
            .. PhaseWindow.Sent(plan).Where(phase => plan.Extension is not { Released: not null } extension || phase.End > extension.On)
                .Select(phase => HeldPhases.Of(phase, plan, begun: Started)),
        ])
    {
        PhasesUntil = plan.PhasesUntil,
        PhasesFrom = plan.Extension is { Released: not null } took ? took.On : null,
    } : null;

    public Task<BillingSnapshot> WithTaxRate(BillingSnapshot billing, string? taxRateId, CancellationToken ct) =>
        Task.FromResult(taxRateId is null ? billing : billing with { TaxRateRefused = !TaxRates.Contains(taxRateId) });

    public Task<AppliedBilling> Apply(BillingPlan plan, CancellationToken ct)
    {
        BeforeApply?.Invoke();
        StripeCalls++;
        Billed.Remove($"{plan.OpportunityId}:{plan.Version}");
        Billed.Add($"{plan.OpportunityId}:{plan.Version}", plan);
        Released = plan.Extension is { Released: not null } ? null : Released;
        Effect();
        return Task.FromResult(new AppliedBilling(
            "cus_1", plan.Schedule is null ? null : "sub_sched_1", null, plan.Schedule is null ? "in_1" : null, null));
    }

    public Task<ContractRecord?> Find(SalesforceId opportunityId, CancellationToken ct) => Task.FromResult(Records.GetValueOrDefault(opportunityId));

    public Task<ContractRecord?> TrySave(ContractRecord record, CancellationToken ct)
    {
        string? stored = Records.GetValueOrDefault(record.OpportunityId)?.ETag;
        if (stored != record.ETag)
        {
            return Task.FromResult<ContractRecord?>(null);
        }

        ContractRecord saved = record with { ETag = $"W/{++_etag}" };
        Records[record.OpportunityId] = saved;
        Effect();
        return Task.FromResult<ContractRecord?>(saved);
    }

    public Task Send<T>(string queue, T message, Duration? delay, CancellationToken ct)
        where T : class
    {
        switch (message)
        {
            case ContractsChanged batch: Batches.Add(batch); break;
            case AdjustmentDue due: Adjusting.Add((due, delay)); break;
            case ContractAdopted adopted: Adopted.Add(adopted); break;
            default: Sent.Add((queue, Assert.IsType<ContractChanged>(message), delay)); break;
        }

        Effect();
        return Task.CompletedTask;
    }

    public Task Append(AuditEntry entry, CancellationToken ct)
    {
        Assert.True(entry.EventId.IndexOfAny(['/', '\\', '#', '?']) < 0, $"'{entry.EventId}' is no table key.");
        Assert.Equal(CanonicalJson.OfText(entry.Payload), entry.Payload);
        Trail.TryAdd(entry.EventId, entry);
        Effect();
        return Task.CompletedTask;
    }

    public Task<Watermark?> Find(string name, CancellationToken ct) => Task.FromResult(Stored);

    public Task<bool> TrySave(Watermark watermark, CancellationToken ct)
    {
        if (OtherHostMovesWatermark)
        {
            return Task.FromResult(false);
        }

        Stored = watermark with { ETag = $"W/{++_etag}" };
        Effect();
        return Task.FromResult(true);
    }

    private static async IAsyncEnumerable<T> Listed<T>(IEnumerable<T> items, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (T item in items)
        {
            ct.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return item;
        }
    }

    private void Effect()
    {
        Effects++;
        if (Effects == DieAfter)
        {
            throw new Killed();
        }
    }
}
