using System.Collections.Immutable;
using Hub.Core.Time;
using Microsoft.Extensions.Options;
using NodaTime;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>What a backfill would do with one opportunity.</summary>
/// <param name="Outcome">planned, unchanged, rejected, held, not-won (reopened since the list was made) or gone (deleted since).</param>
/// <param name="WonOn">Billing-zone date on which it was won; null when Salesforce does not say.</param>
/// <param name="Currency">Lower case; null when unknown.</param>
/// <param name="Total">Sum of all planned invoices in minor units; null without a plan.</param>
public sealed record BackfillDeal(
    SalesforceId OpportunityId, string Outcome, LocalDate? WonOn, string? Currency, long? Total, ImmutableArray<Problem> Findings);

/// <summary>What a backfill would do.</summary>
/// <param name="Listed">Opportunities Salesforce lists since the cut-off.</param>
/// <param name="Complete">False when a limit cut the list short.</param>
/// <param name="Deals">By day won, then id.</param>
public sealed record BackfillReport(LocalDate Since, long Listed, bool Complete, ImmutableArray<BackfillDeal> Deals);

/// <summary>How a look ahead ended: with a report, or with why there is none.</summary>
public abstract record BackfillPreviewOutcome
{
    private BackfillPreviewOutcome()
    {
    }

    public sealed record Reported(BackfillReport Report) : BackfillPreviewOutcome;

    /// <summary>Salesforce did not come up with its list.</summary>
    public sealed record NoList(string Reason) : BackfillPreviewOutcome;
}

/// <summary>Plans every opportunity a backfill would enqueue and writes nothing anywhere.</summary>
public sealed class BackfillPreview(
    IWonBacklog backlog, ISalesforce salesforce, IStripeBilling stripe, IContractRecords records, TimeProvider time, IOptions<ContractsOptions> options)
{
    /// <summary>Deals read together.</summary>
    private const int BatchRows = 200;

    /// <summary>Stripe is asked for so many deals at a time; the adapter keeps its own rate.</summary>
    private const int Parallel = 4;

    private static readonly Duration Patience = Duration.FromMinutes(30);

    private readonly ContractReading _reading = new(salesforce, stripe, records, time, options);

    private BillingZone Zone => BillingZone.Find(options.Value.BillingTimeZone)!;

    public async Task<BackfillPreviewOutcome> Handle(BackfillRequest request, IProgress<BackfillAdvance> told, CancellationToken ct)
    {
        string jobId = await backlog.Begin(Zone.StartOf(request.Since), request.Since, ct);
        told.Report(new("Salesforce lists the opportunities", 0, null));
        switch (await backlog.Wait(jobId, Patience, ct))
        {
            case BacklogJob.Complete(var listed):
                ImmutableArray<BackfillDeal>? deals = await Look(jobId, request, listed, told, ct);
                await backlog.Remove(jobId, ct);
                return deals is { } found
                    ? new BackfillPreviewOutcome.Reported(new(request.Since, listed, found.Length >= listed, [.. found.OrderBy(deal => deal.WonOn).ThenBy(deal => deal.OpportunityId.Value, StringComparer.Ordinal)]))
                    : new BackfillPreviewOutcome.NoList("Salesforce has forgotten its list; run it again.");
            case BacklogJob.Failed(var reason):
                return new BackfillPreviewOutcome.NoList($"Salesforce could not make its list: {reason}.");
            case BacklogJob.Running(var state):
                return new BackfillPreviewOutcome.NoList($"Salesforce still works on query job {jobId} ({state}); run it again later.");
            default:
                return new BackfillPreviewOutcome.NoList("Salesforce does not keep its list any more; run it again.");
        }
    }

    /// <returns>Null when the list is lost on the way.</returns>
    private async Task<ImmutableArray<BackfillDeal>?> Look(
        string jobId, BackfillRequest request, long listed, IProgress<BackfillAdvance> told, CancellationToken ct)
    {
        var deals = ImmutableArray.CreateBuilder<BackfillDeal>();
        string? locator = null;
        do
        {
            if (await backlog.Page(jobId, locator, BatchRows, ct) is not { } page)
            {
                return null;
            }

            int room = request.Limit is { } most ? most - deals.Count : int.MaxValue;
            ImmutableArray<WonOpportunity> batch = [.. page.Rows.Where(won => won.IsSince(Zone.StartOf(request.Since), request.Since)).Take(room)];
            deals.AddRange(await Plan(batch, ct));
            told.Report(new("Planning", deals.Count, listed));
            locator = request.Limit is { } limit && deals.Count >= limit ? null : page.Next;
        }
        while (locator is not null);
        return deals.ToImmutable();
    }

    private async Task<BackfillDeal[]> Plan(ImmutableArray<WonOpportunity> batch, CancellationToken ct)
    {
        if (batch.IsEmpty)
        {
            return [];
        }

        var deals = (await salesforce.GetDeals([.. batch.Select(won => won.Id)], ct)).ToDictionary(deal => SalesforceId.Parse(deal.Opportunity.Id));
        var planned = new BackfillDeal[batch.Length];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, batch.Length), new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = ct },
            async (place, token) => planned[place] = await Plan(batch[place], deals.GetValueOrDefault(batch[place].Id), token));
        return planned;
    }

    private async Task<BackfillDeal> Plan(WonOpportunity won, DealSnapshot? deal, CancellationToken ct)
    {
        LocalDate? wonOn = won.StageChangedAt is { } changed ? Zone.DateOf(changed) : won.ClosedOn;
        string? currency = deal?.Opportunity.Text(F.CurrencyIsoCode)?.ToLowerInvariant();
        if (deal is null || deal.Opportunity.Text(F.Opportunity.IsWon) != "true")
        {
            return new(won.Id, deal is null ? "gone" : "not-won", wonOn, currency, null, []);
        }

        ContractRecord record = await records.Find(won.Id, ct) ?? ContractStates.New(won.Id);
        ContractCase contract = await _reading.Case(deal, record, ct);
        (PlanOutcome outcome, _) = _reading.Planned(contract, await _reading.Billed(contract, ct));
        BillingPlan? plan = PlanJson.PlanOf(outcome);
        return new(
            won.Id,
            outcome switch { PlanOutcome.Planned => "planned", PlanOutcome.Unchanged => "unchanged", PlanOutcome.Held or PlanOutcome.AwaitsApproval => "held", _ => "rejected" },
            wonOn,
            plan?.Currency.StripeCode ?? currency,
            plan?.Total.MinorUnits,
            outcome switch { PlanOutcome.Rejected(var problems) => problems, PlanOutcome.AwaitsApproval(_, var reasons) => reasons, _ => [] });
    }
}
