using System.Collections.Immutable;
using Hub.Core.Queues;
using Hub.Core.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Hub.Core.Contracts;

/// <param name="Since">First day whose deals count, in the billing zone; what was won before is left alone.</param>
/// <param name="Limit">Most opportunities to take in this run; null: all. 1 and above.</param>
public sealed record BackfillRequest(LocalDate Since, int? Limit);

/// <summary>Told while a backfill goes on.</summary>
/// <param name="Doing">What is being done, in words.</param>
/// <param name="Total">Null as long as it is not known.</param>
public sealed record BackfillAdvance(string Doing, long Done, long? Total);

/// <summary>How a backfill ended.</summary>
public abstract record BackfillOutcome
{
    private BackfillOutcome()
    {
    }

    /// <param name="Queued">Opportunities this run put on the queue.</param>
    /// <param name="Listed">Opportunities Salesforce lists.</param>
    public sealed record Finished(long Queued, long Listed) : BackfillOutcome;

    /// <summary>The limit was reached; the next run goes on.</summary>
    public sealed record Limited(long Queued, long Done, long Listed) : BackfillOutcome;

    /// <summary>Salesforce still works on its list; the job goes on by itself and the next run picks it up.</summary>
    public sealed record StillRunning(string JobId, string State) : BackfillOutcome;

    /// <summary>Nothing more could be done; what was enqueued stays enqueued.</summary>
    public sealed record Failed(string Reason) : BackfillOutcome;
}

/// <summary>Puts every opportunity won since a date on the contract-sync queue, so that the past is handled exactly as the present is.</summary>
/// <remarks>
/// Durable before each step on: job id, page locator and rows done. A crash at any line repeats at most <see cref="ChunkRows"/> messages, which
/// change nothing. Messages are hints, and whatever the Hub bills already is found unchanged.
/// </remarks>
public sealed class BackfillContracts(
    IWonBacklog backlog,
    IBackfillProgress progress,
    IQueueSender queue,
    IQueueLength lengths,
    TimeProvider time,
    IOptions<ContractsOptions> options,
    ILogger<BackfillContracts> log)
{
    /// <summary>Rows between two writes of the progress.</summary>
    public const int ChunkRows = 25;

    /// <summary>More waiting messages than this hold the backfill back: what happens now waits behind them, some ten seconds at most.</summary>
    public const int MostWaiting = 50;

    private const int PageRows = 200;
    private const int MostLists = 3;
    private const int PatientLooks = 60;
    private static readonly Duration Patience = Duration.FromMinutes(30);
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    private Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    /// <summary>Begins, or goes on where the last run of this cut-off ended.</summary>
    public async Task<BackfillOutcome> Handle(BackfillRequest request, IProgress<BackfillAdvance> told, CancellationToken ct)
    {
        BackfillProgress? stored = await progress.Find(request.Since, ct);
        BackfillProgress at = stored is { Finished: false } ? stored : (stored ?? New(request.Since)).Afresh();
        string reason = "";
        for (int lists = 0; lists < MostLists; lists++)
        {
            string jobId = at.JobId ?? await backlog.Begin(CutOff(at.Since), at.Since, ct);
            if (await Save(at with { JobId = jobId }, ct) is not { } begun)
            {
                return Overtaken();
            }

            told.Report(new("Salesforce lists the opportunities", begun.Done, null));
            switch (await backlog.Wait(jobId, Patience, ct))
            {
                case BacklogJob.Running(var state):
                    return new BackfillOutcome.StillRunning(jobId, state);
                case BacklogJob.Complete(var rows):
                    if (await Enqueue(begun, rows, request.Limit, told, ct) is { } outcome)
                    {
                        return outcome;
                    }

                    reason = "Salesforce has forgotten its list";
                    break;
                case BacklogJob.Failed(var why):
                    reason = $"Salesforce could not make its list: {why}";
                    break;
                case BacklogJob.Gone:
                    reason = "Salesforce does not keep its list any more";
                    break;
            }

            // Without the list nobody can tell which rows are left: a fresh one is gone through from the start, and what is done already is found done.
            log.BackfillListLost(jobId, reason);
            at = (await progress.Find(at.Since, ct) ?? at).Afresh();
        }

        return new BackfillOutcome.Failed($"{reason}, {MostLists} times in a row.");
    }

    /// <returns>Null when the list is lost.</returns>
    private async Task<BackfillOutcome?> Enqueue(BackfillProgress at, long listed, int? limit, IProgress<BackfillAdvance> told, CancellationToken ct)
    {
        long queued = 0;
        while (true)
        {
            if (await backlog.Page(at.JobId!, at.Locator, PageRows, ct) is not { } page)
            {
                return null;
            }

            while (at.DoneInPage < page.Rows.Length)
            {
                int room = limit is { } most ? (int)Math.Min(ChunkRows, most - queued) : ChunkRows;
                ImmutableArray<WonOpportunity> chunk = [.. page.Rows.Skip(at.DoneInPage).Take(room)];
                if (chunk.IsEmpty)
                {
                    return new BackfillOutcome.Limited(queued, at.Done, listed);
                }

                await Room(new("Waiting for the queue to empty", at.Done, listed), told, ct);
                queued += await Send(chunk, at.Since, ct);
                if (await Save(at with { DoneInPage = at.DoneInPage + chunk.Length, Done = at.Done + chunk.Length }, ct) is not { } saved)
                {
                    return Overtaken();
                }

                at = saved;
                told.Report(new("Putting opportunities on the queue", at.Done, listed));
            }

            BackfillProgress turned = page.Next is null ? at with { Finished = true } : at with { Locator = page.Next, DoneInPage = 0 };
            if (await Save(turned, ct) is not { } next)
            {
                return Overtaken();
            }

            at = next;
            if (at.Finished)
            {
                await backlog.Remove(at.JobId!, ct);
                log.BackfillFinished(at.Since, queued, at.Done);
                return new BackfillOutcome.Finished(queued, listed);
            }
        }
    }

    private async Task<int> Send(ImmutableArray<WonOpportunity> chunk, LocalDate since, CancellationToken ct)
    {
        int sent = 0;
        foreach (WonOpportunity won in chunk.Where(won => won.IsSince(CutOff(since), since)))
        {
            await queue.Send(ContractQueues.ContractSync, new ContractChanged(won.Id.Value, ContractSources.Backfill, Now), null, ct);
            sent++;
        }

        return sent;
    }

    private async Task Room(BackfillAdvance held, IProgress<BackfillAdvance> told, CancellationToken ct)
    {
        for (int looks = 0; await lengths.Waiting(ContractQueues.ContractSync, ct) > MostWaiting; looks++)
        {
            told.Report(looks < PatientLooks ? held : held with { Doing = "Nobody takes messages from the queue; is the Hub running?" });
            await Task.Delay(Breath, time, ct);
        }
    }

    private Task<BackfillProgress?> Save(BackfillProgress at, CancellationToken ct) => progress.TrySave(at with { UpdatedAt = Now }, ct);

    private Instant CutOff(LocalDate since) => BillingZone.Find(options.Value.BillingTimeZone)!.StartOf(since);

    private static BackfillProgress New(LocalDate since) => new(since, null, null, 0, 0, false, Instant.MinValue, null);

    private static BackfillOutcome.Failed Overtaken() => new("Another run of this backfill has moved on meanwhile; one at a time is enough.");
}
