using System.Collections.Immutable;
using Hub.Core.Queues;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Contracts;

/// <summary>Timer: puts every opportunity that changed since the last poll on the queue.</summary>
public sealed class DetectClosedWon(
    ISalesforce salesforce, IWatermarks watermarks, IQueueSender queue, IOptions<ContractsOptions> options, ILogger<DetectClosedWon> log)
{
    /// <summary>Name of the watermark.</summary>
    public const string WatermarkName = "opportunity";

    /// <summary>Most changes remembered between polls, so that the watermark fits its row; what is forgotten is enqueued again, which is harmless.</summary>
    private const int MostRemembered = 5_000;

    private static readonly Duration Overlap = Duration.FromSeconds(300);

    // Transactions may commit after an earlier stamp, so each window reaches back over the last one; what it shows again is known by id and
    // SystemModstamp. The watermark moves only after the last message is stored: a crash before that repeats messages, which is harmless.
    public async Task Handle(CancellationToken ct)
    {
        Instant to = await salesforce.ServerTime(ct);
        Watermark? last = await watermarks.Find(WatermarkName, ct);
        Instant from = last is null ? to - Duration.FromDays(options.Value.FirstRunLookBackDays) : last.Through - Overlap;
        ImmutableHashSet<string> seen = last?.Seen.ToImmutableHashSet(StringComparer.Ordinal) ?? [];
        var remembered = ImmutableArray.CreateBuilder<string>();
        var waiting = new List<string>();
        HashSet<SalesforceId> enqueued = [];
        int repeated = 0;
        await foreach (ChangedOpportunity change in salesforce.Changed(from, to, ct).WithCancellation(ct))
        {
            string key = $"{change.Id.Value}@{InstantPattern.General.Format(change.SystemModstamp)}{(change.OfLine ? "L" : "")}";
            if (change.SystemModstamp >= to - Overlap && remembered.Count < MostRemembered && remembered.LastOrDefault() != key)
            {
                remembered.Add(key);
            }

            if (seen.Contains(key))
            {
                repeated++;
                continue;
            }

            // One message says it all, however many lines changed with the opportunity: whoever handles it reads everything again.
            if (enqueued.Add(change.Id))
            {
                waiting.Add(change.Id.Value);
            }

            if (waiting.Count == ContractsChanged.Most)
            {
                await Send(waiting, to, ct);
            }
        }

        await Send(waiting, to, ct);

        bool moved = await watermarks.TrySave(new(WatermarkName, to, remembered.ToImmutable(), last?.ETag), ct);
        log.Detected(enqueued.Count, from, to, repeated);
        if (!moved)
        {
            log.WatermarkMoved(WatermarkName);
        }
    }

    private async Task Send(List<string> ids, Instant observedAt, CancellationToken ct)
    {
        await (ids switch
        {
            [] => Task.CompletedTask,
            [var only] => queue.Send(ContractQueues.ContractSync, new ContractChanged(only, ContractSources.Poll, observedAt), null, ct),
            _ => queue.Send(ContractQueues.ContractSyncBatch, new ContractsChanged([.. ids], ContractSources.Poll, observedAt), null, ct),
        });
        ids.Clear();
    }
}
