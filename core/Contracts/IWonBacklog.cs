using System.Collections.Immutable;
using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>Lists won opportunities of the past by a job that Salesforce runs on its own. Implemented by Hub.Salesforce (Bulk API 2.0).</summary>
/// <remarks>Job ids and locators may be stored: a page can be read again as long as the job exists, which is seven days after its end.</remarks>
public interface IWonBacklog
{
    /// <summary>Starts a job and returns its id at once; it lists what is won and got its stage on or after the first instant of the cut-off.</summary>
    /// <param name="since">The cut-off as an instant: first moment of <paramref name="sinceDate"/> in the billing zone.</param>
    /// <param name="sinceDate">Compared with the close date of opportunities that carry no date of their last change of stage.</param>
    Task<string> Begin(Instant since, LocalDate sinceDate, CancellationToken ct);

    /// <summary>Waits for the job, asking less and less often; after <paramref name="patience"/> the job is left running.</summary>
    Task<BacklogJob> Wait(string jobId, Duration patience, CancellationToken ct);

    /// <summary>A page of at most <paramref name="most"/> rows; null when the job or the locator is not known any more.</summary>
    /// <param name="locator">Null for the first page, else <see cref="BacklogPage.Next"/> of the one before.</param>
    Task<BacklogPage?> Page(string jobId, string? locator, int most, CancellationToken ct);

    /// <summary>Throws the results of an ended job away; nothing happens when it is gone or still runs.</summary>
    Task Remove(string jobId, CancellationToken ct);
}

/// <param name="StageChangedAt">When it was won: the last change of its stage; null on records that were imported as won.</param>
/// <param name="ClosedOn">The seller's own date; only stands in where the first is missing.</param>
public sealed record WonOpportunity(SalesforceId Id, Instant? StageChangedAt, LocalDate? ClosedOn)
{
    /// <summary>Whether it was won at or after a cut-off, given as an instant and as the date it begins.</summary>
    public bool IsSince(Instant cutOff, LocalDate date) => StageChangedAt is { } changed ? changed >= cutOff : ClosedOn >= date;
}

/// <param name="Next">Null on the last page.</param>
public sealed record BacklogPage(ImmutableArray<WonOpportunity> Rows, string? Next);

/// <summary>What became of a job.</summary>
public abstract record BacklogJob
{
    private BacklogJob()
    {
    }

    /// <param name="Rows">Number of opportunities it lists.</param>
    public sealed record Complete(long Rows) : BacklogJob;

    /// <summary>It still waits or runs.</summary>
    /// <param name="State">As Salesforce names it.</param>
    public sealed record Running(string State) : BacklogJob;

    /// <summary>It failed or was aborted; Salesforce rarely says why.</summary>
    public sealed record Failed(string Reason) : BacklogJob;

    /// <summary>Salesforce does not know it any more.</summary>
    public sealed record Gone : BacklogJob;
}
