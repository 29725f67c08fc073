using System.Collections.Immutable;
using Hub.Core.Invoices;
using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Reconciliation;

/// <summary>Second stage: matches one shard, one contract at a time, and stores what it found.</summary>
public sealed class MatchShard(
    IReconciliationStore store,
    IQueueSender queue,
    IOptions<ReconciliationOptions> options,
    DateTimeZone billingZone,
    TimeProvider time,
    ILogger<MatchShard> log)
{
    public async Task Handle(ReconciliationRun run, int shard, CancellationToken ct)
    {
        if (run.State is RunState.Closed or RunState.Incomplete)
        {
            return;
        }

        // What a shard came to stays: a repetition under other settings would contradict what was counted.
        if ((await store.Shards(run.RunId, ct)).Any(done => done.Shard == shard))
        {
            await CloseWhenDone(run, ct);
            return;
        }

        string attempt = run.Attempt ?? throw new InvalidOperationException($"Run {run.RunId} has no finished extraction to match.");
        MatchTerms terms = MatchTerms.At(run.AsOf, billingZone, options.Value);
        var totals = RunTotals.Empty;
        bool footOk = true;
        var found = new List<Discrepancy>();
        await foreach (ContractBooks books in Contracts(store.Rows(run.RunId, attempt, shard, ct)))
        {
            ContractVerdict verdict = ContractMatching.Match(books, terms);
            totals += RunTotals.Of(verdict);
            footOk &= verdict.FootOk;
            found.AddRange(verdict.Rows);
            if (!verdict.FootOk)
            {
                log.FootBroken(run.RunId, books.Key);
            }
        }

        // Rows are removed once the run has ended: what was matched by a late repetition meanwhile may rest on half a book.
        if (await store.FindRun(run.RunId, ct) is not { State: RunState.Matching })
        {
            return;
        }

        await store.SaveDiscrepancies(run.RunId, shard, found, run.AsOf, ct);
        Instant now = Instant.FromDateTimeOffset(time.GetUtcNow());
        await store.SaveShard(run.RunId, new ShardResult(shard, footOk, found.Count, BookJson.Write(totals), now), ct);
        log.ShardMatched(run.RunId, shard, totals.Contracts, found.Count);
        await CloseWhenDone(run, ct);
    }

    // Two shards that finish together both ask for the close; closing twice is closing once.
    private async Task CloseWhenDone(ReconciliationRun run, CancellationToken ct)
    {
        ImmutableArray<ShardResult> done = await store.Shards(run.RunId, ct);
        if (done.Length == run.ShardCount)
        {
            await queue.Send(ReconciliationQueues.ReconcileShard, new ReconcileShard(run.RunId, ReconcileStage.Close, -1), null, ct);
        }
    }

    // Rows come in order of contract key: one contract is in memory at a time.
    private static async IAsyncEnumerable<ContractBooks> Contracts(IAsyncEnumerable<BookRow> rows)
    {
        var group = new List<BookRow>();
        await foreach (BookRow row in rows)
        {
            if (group.Count > 0 && group[0].ContractKey != row.ContractKey)
            {
                yield return Books(group);
                group = [];
            }

            group.Add(row);
        }

        if (group.Count > 0)
        {
            yield return Books(group);
        }
    }

    private static ContractBooks Books(List<BookRow> rows)
    {
        ILookup<string, string> byKind = rows.ToLookup(row => row.Kind, row => row.Json);
        ImmutableArray<SoldContract> deals = [.. byKind[BookRowKinds.Deal].Select(BookJson.Read<SoldContract>)];
        return new ContractBooks(
            rows[0].ContractKey,
            deals.FirstOrDefault(deal => !deal.IsAmendment) ?? deals.FirstOrDefault(),
            [
                .. byKind[BookRowKinds.Subscription].Select(BookJson.Read<BilledSubscription>),
                .. byKind[BookRowKinds.Schedule].Select(BookJson.Read<BilledSchedule>).Select(schedule => schedule.AsSubscription()),
            ],
            [.. byKind[BookRowKinds.Invoice].Select(BookJson.Read<Invoice>)],
            [.. byKind[BookRowKinds.CreditNote].Select(BookJson.Read<BilledCreditNote>)]);
    }
}
