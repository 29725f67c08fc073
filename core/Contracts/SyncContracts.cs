using System.Collections.Concurrent;
using System.Collections.Immutable;
using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Core.Contracts;

/// <summary>Queue: several opportunities may need billing work. They are read together, handled each by itself, and shown together.</summary>
/// <remarks>
/// A deal that fails is put on the queue of single ones and fails there alone, as often as the queue allows. A crash in between repeats the whole
/// batch, which does nothing for the deals that were finished but hand over what they owe.
/// </remarks>
public sealed class SyncContracts(
    ISalesforce salesforce, SyncContract sync, IWriteBacks writeBacks, IQueueSender queue, IOptions<ContractsOptions> options, ILogger<SyncContracts> log)
{
    private const int ShownTogether = 50;

    public async Task Handle(ContractsChanged message, CancellationToken ct)
    {
        ImmutableArray<SalesforceId> ids = [.. message.OpportunityIds.Select(SalesforceId.Parse).Distinct()];
        Dictionary<string, DealSnapshot> deals = (await salesforce.GetDeals(ids, ct)).ToDictionary(deal => SalesforceId.Parse(deal.Opportunity.Id).Value);

        // Deals of one account one after the other: at the same time they would only wait for each other. A group at a time is shown, so that the
        // first of many need not wait for the last.
        var accounts = ids.GroupBy(id => deals.GetValueOrDefault(id.Value)?.Opportunity.Text(F.Opportunity.AccountId) ?? id.Value);
        foreach (IGrouping<string, SalesforceId>[] group in accounts.Chunk(ShownTogether))
        {
            await Group(group, message, deals, ct);
        }
    }

    private async Task Group(
        IGrouping<string, SalesforceId>[] accounts, ContractsChanged message, Dictionary<string, DealSnapshot> deals, CancellationToken ct)
    {
        var owed = new ConcurrentQueue<(SalesforceId Deal, OwedWriteBack Row)>();
        var failed = new ConcurrentQueue<SalesforceId>();
        await Parallel.ForEachAsync(
            accounts,
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelDeals, CancellationToken = ct },
            async (account, token) =>
            {
                foreach (SalesforceId id in account)
                {
                    await One(new(id.Value, message.Source, message.ObservedAt), deals.GetValueOrDefault(id.Value), owed, failed, token);
                }
            });

        ImmutableArray<OwedWriteBack> late = await writeBacks.Owe([.. owed.Select(each => each.Row)], ct);
        IEnumerable<SalesforceId> again = owed.GroupBy(each => each.Deal, each => each.Row)
            .Where(rows => SyncContract.HandedOverByOthers([.. rows.Where(late.Contains)])).Select(rows => rows.Key);
        foreach (SalesforceId id in failed.Concat(again).Distinct())
        {
            await queue.Send(ContractQueues.ContractSync, new ContractChanged(id.Value, message.Source, message.ObservedAt), null, ct);
        }
    }

    private async Task One(
        ContractChanged message,
        DealSnapshot? deal,
        ConcurrentQueue<(SalesforceId Deal, OwedWriteBack Row)> owed,
        ConcurrentQueue<SalesforceId> failed,
        CancellationToken ct)
    {
        var id = SalesforceId.Parse(message.OpportunityId);
        try
        {
            foreach (OwedWriteBack row in await sync.Handle(message, deal, ct))
            {
                owed.Enqueue((id, row));
            }
        }
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            // One deal's failure is not the others': the queue of single ones repeats it and gives it up.
            log.TriedAlone(id, failure.GetType().Name);
            failed.Enqueue(id);
        }
    }
}
