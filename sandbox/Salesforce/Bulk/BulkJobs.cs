using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hub.Sandbox.Kernel;
using Hub.Sandbox.Salesforce.Records;

namespace Hub.Sandbox.Salesforce.Bulk;

/// <summary>The org's query jobs. They wait, run and end as the sandbox's clock moves; results are kept for seven days.</summary>
public sealed class BulkJobs(SandboxClock clock, Org org) : IClockDriven
{
    private const int MostPerDay = 10_000;
    private const int LargestPage = 50_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, BulkJob> jobs = new(StringComparer.Ordinal);
    private long created;
    private int locatorSeries;

    /// <summary>How long a job waits in the queue and then runs, sandbox time; default 1 s and 4 s.</summary>
    public TimeSpan Waiting { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan Running { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How many of the next jobs fail.</summary>
    public int Failing { get; set; }

    /// <summary>Most rows of a page, whatever the caller asks; null: 50,000.</summary>
    public int? PageSize { get; set; }

    public DateTimeOffset? NextDue
    {
        get
        {
            lock (gate)
            {
                return jobs.Values.Where(job => job.IsRunning).Min(job => (DateTimeOffset?)(job.State == BulkStates.UploadComplete ? job.StartsAt : job.EndsAt));
            }
        }
    }

    public int LeftToday
    {
        get
        {
            lock (gate)
            {
                return MostPerDay - jobs.Values.Count(job => job.CreatedAt > clock.Now.AddDays(-1));
            }
        }
    }

    public Task RunDue(CancellationToken ct)
    {
        lock (gate)
        {
            Settle();
        }

        return Task.CompletedTask;
    }

    /// <exception cref="RefusedException">Not a bulk query, or too many jobs today.</exception>
    public BulkJob Create(string version, string operation, string query, BulkFormat format)
    {
        var parsed = BulkQueries.Parse(org.Data, query);
        lock (gate)
        {
            if (LeftToday <= 0)
            {
                throw new RefusedException("LIMIT_EXCEEDED", $"Max bulk v2 query jobs ({MostPerDay}) per 24 hrs has been reached");
            }

            var (id, starts) = (RecordIds.Create("750", ++created), clock.Now + Waiting);
            var job = new BulkJob(id, operation, parsed, version, format, clock.Now, starts, starts + Running, Failing > 0);
            Failing = Math.Max(0, Failing - 1);
            jobs[id] = job;
            return job;
        }
    }

    /// <summary>The job as it stands now.</summary>
    /// <exception cref="RefusedException">There is none of that id, or not any more.</exception>
    public BulkJob Find(string id)
    {
        lock (gate)
        {
            Settle();
            return RecordIds.Normalise(id) is { } full && jobs.TryGetValue(full, out var job)
                ? job
                : throw new RefusedException("NOT_FOUND", "The requested resource does not exist", 404);
        }
    }

    public ImmutableArray<BulkJob> All()
    {
        lock (gate)
        {
            Settle();
            return [.. jobs.Values];
        }
    }

    /// <exception cref="RefusedException">It has ended already.</exception>
    public BulkJob Abort(string id)
    {
        lock (gate)
        {
            var job = Find(id);
            return job.IsRunning
                ? jobs[job.Id] = job with { State = BulkStates.Aborted, ChangedAt = clock.Now }
                : throw new RefusedException("INVALIDJOBSTATE", "Aborting already Completed Job not allowed");
        }
    }

    /// <exception cref="RefusedException">It has not ended yet.</exception>
    public void Delete(string id)
    {
        lock (gate)
        {
            var job = Find(id);
            if (job.IsRunning)
            {
                throw new RefusedException("API_ERROR", "Error encountered when deleting the job because the job is not terminated");
            }

            jobs.Remove(job.Id);
        }
    }

    /// <summary>Makes every locator handed out so far invalid.</summary>
    public void ExpireLocators()
    {
        lock (gate)
        {
            locatorSeries++;
        }
    }

    /// <summary>A page of a complete job's rows; null while there is none.</summary>
    /// <param name="locator">Null for the first page.</param>
    /// <exception cref="RefusedException">The locator is not one of this job.</exception>
    public BulkPage? Page(string id, string? locator, int? most)
    {
        lock (gate)
        {
            var job = Find(id);
            if (job.State != BulkStates.JobComplete)
            {
                return null;
            }

            var start = locator is null ? 0 : Offset(job, locator);
            var end = Math.Min(job.Rows.Length, start + Math.Min(most ?? LargestPage, PageSize ?? LargestPage));
            return new BulkPage(job, job.Rows[start..end], end < job.Rows.Length ? Locator(job, end) : null);
        }
    }

    private static string Name(BulkJob job, int series, int offset) => string.Create(CultureInfo.InvariantCulture, $"{job.Id[10..15]}.{series}.{offset}");

    private string Locator(BulkJob job, int offset) => Convert.ToBase64String(Encoding.ASCII.GetBytes(Name(job, locatorSeries, offset))).TrimEnd('=');

    private int Offset(BulkJob job, string locator)
    {
        for (var offset = 1; offset < job.Rows.Length; offset++)
        {
            if (Locator(job, offset) == locator)
            {
                return offset;
            }
        }

        throw new RefusedException("INVALID_QUERY_LOCATOR", "invalid query locator");
    }

    // A job sees the org as it is when the job ends.
    private void Settle()
    {
        foreach (var job in jobs.Values.Where(job => job.IsRunning && job.StartsAt <= clock.Now).ToList())
        {
            jobs[job.Id] = job.EndsAt > clock.Now ? job with { State = BulkStates.InProgress, ChangedAt = job.StartsAt }
                : job.Fails ? job with { State = BulkStates.Failed, ChangedAt = job.EndsAt }
                : job with
                {
                    State = BulkStates.JobComplete, ChangedAt = job.EndsAt, Rows = BulkQueries.Rows(org.Data, job.Query, job.Operation == "queryAll"),
                };
        }

        foreach (var old in jobs.Values.Where(job => !job.IsRunning && job.ChangedAt + Kept < clock.Now).ToList())
        {
            jobs.Remove(old.Id);
        }
    }
}

/// <param name="Next">Null on the last page.</param>
public sealed record BulkPage(BulkJob Job, ImmutableArray<ImmutableArray<string>> Rows, string? Next)
{
    /// <summary>A header and the rows; every page begins with the header.</summary>
    public string Csv() => string.Concat(Rows.Prepend(BulkQueries.Columns(Job.Query)).Select(row => Job.Format.Line(row)));
}
