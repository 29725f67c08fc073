using NodaTime;

namespace Hub.Core.Contracts;

/// <summary>How far backfills have come, so that one that was cut off goes on. Implemented by Hub.AzureStorage (table SyncState).</summary>
public interface IBackfillProgress
{
    /// <summary>The backfill of that cut-off; null when there was none.</summary>
    Task<BackfillProgress?> Find(LocalDate since, CancellationToken ct);

    /// <summary>The backfill that was touched last among those not finished; null when all are.</summary>
    Task<BackfillProgress?> Unfinished(CancellationToken ct);

    /// <summary>Inserts (no ETag) or replaces (with ETag) and returns it with its new ETag; null when another run moved on first.</summary>
    Task<BackfillProgress?> TrySave(BackfillProgress progress, CancellationToken ct);
}

/// <param name="Since">Cut-off date; names the backfill.</param>
/// <param name="JobId">The query job whose rows are being enqueued; null before it was started.</param>
/// <param name="Locator">Page being enqueued; null: the first.</param>
/// <param name="DoneInPage">Rows of that page whose messages are stored.</param>
/// <param name="Done">Rows of the job whose messages are stored.</param>
/// <param name="Finished">Every row of the job was enqueued.</param>
/// <param name="ETag">Null for one never stored.</param>
public sealed record BackfillProgress(
    LocalDate Since, string? JobId, string? Locator, int DoneInPage, long Done, bool Finished, Instant UpdatedAt, string? ETag)
{
    /// <summary>Where a backfill begins, or begins again over a fresh list.</summary>
    public BackfillProgress Afresh() => this with { JobId = null, Locator = null, DoneInPage = 0, Done = 0, Finished = false };
}
