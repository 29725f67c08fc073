using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Queues;
using NodaTime;

namespace Hub.Core.Tests.Contracts;

/// <summary>Salesforce's query jobs, the progress row and the queue in memory; can die after any effect.</summary>
internal sealed class BackfillPorts : IWonBacklog, IBackfillProgress, IQueueSender, IQueueLength
{
    private int _jobs;
    private int _etag;
    private int _effects;

    public List<WonOpportunity> Won { get; } = [];

    public int PageRows { get; set; } = 40;

    /// <summary>What the jobs come to, one after the other; complete when none is left.</summary>
    public Queue<BacklogJob> Ends { get; } = new();

    /// <summary>Locators that are lost when first asked for.</summary>
    public HashSet<string> Lost { get; } = new(StringComparer.Ordinal);

    public List<string> Sent { get; } = [];

    public List<string> Removed { get; } = [];

    public List<int> Lengths { get; } = [];

    public int Jobs => _jobs;

    public BackfillProgress? Stored { get; set; }

    public (Instant Since, LocalDate Date) Asked { get; private set; }

    public int? DieAfter { get; set; }

    public Action? BeforeSave { get; set; }

    public Task<string> Begin(Instant since, LocalDate sinceDate, CancellationToken ct)
    {
        Asked = (since, sinceDate);
        _jobs++;
        Effect();
        return Task.FromResult($"750{_jobs}");
    }

    public Task<BacklogJob> Wait(string jobId, Duration patience, CancellationToken ct) =>
        Task.FromResult(Ends.TryDequeue(out BacklogJob? end) ? end : new BacklogJob.Complete(Won.Count));

    public Task<BacklogPage?> Page(string jobId, string? locator, int most, CancellationToken ct)
    {
        if (Lost.Remove(locator ?? ""))
        {
            return Task.FromResult<BacklogPage?>(null);
        }

        int start = locator is null ? 0 : int.Parse(locator, System.Globalization.CultureInfo.InvariantCulture);
        int end = Math.Min(Won.Count, start + Math.Min(most, PageRows));
        return Task.FromResult<BacklogPage?>(new([.. Won.Skip(start).Take(end - start)], end < Won.Count ? $"{end}" : null));
    }

    public Task Remove(string jobId, CancellationToken ct)
    {
        Removed.Add(jobId);
        Effect();
        return Task.CompletedTask;
    }

    public Task<BackfillProgress?> Find(LocalDate since, CancellationToken ct) => Task.FromResult(Stored?.Since == since ? Stored : null);

    public Task<BackfillProgress?> Unfinished(CancellationToken ct) => Task.FromResult(Stored is { Finished: false } ? Stored : null);

    public Task<BackfillProgress?> TrySave(BackfillProgress progress, CancellationToken ct)
    {
        BeforeSave?.Invoke();
        if (Stored?.ETag != progress.ETag)
        {
            return Task.FromResult<BackfillProgress?>(null);
        }

        Stored = progress with { ETag = $"W/{++_etag}" };
        Effect();
        return Task.FromResult<BackfillProgress?>(Stored);
    }

    public Task Send<T>(string queue, T message, Duration? delay, CancellationToken ct)
        where T : class
    {
        ContractChanged changed = Assert.IsType<ContractChanged>(message);
        Assert.Equal((ContractQueues.ContractSync, ContractSources.Backfill), (queue, changed.Source));
        Sent.Add(changed.OpportunityId);
        Effect();
        return Task.CompletedTask;
    }

    public Task<int> Waiting(string queue, CancellationToken ct)
    {
        int length = Lengths.Count > 0 ? Lengths[0] : 0;
        Lengths.RemoveRange(0, Math.Min(1, Lengths.Count));
        return Task.FromResult(length);
    }

    private void Effect()
    {
        if (++_effects == DieAfter)
        {
            throw new Killed();
        }
    }
}
