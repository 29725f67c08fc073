using Azure;
using Azure.Data.Tables;

namespace Hub.Host.Timers;

/// <summary>Timer records in table <c>HubTimers</c>, one row per function; the row's ETag decides between hosts.</summary>
internal sealed class TableTimerLeases(TableClient table) : ITimerLeases
{
    public const string TableName = "HubTimers";
    private const string Partition = "timer";
    private bool _created;

    public async Task<TimerRecord?> Read(string function, CancellationToken ct)
    {
        await EnsureTable(ct);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(Partition, function, cancellationToken: ct);
        return row.HasValue ? FromRow(row.Value!) : null;
    }

    public async Task<TimerRecord?> TryStore(TimerRecord record, CancellationToken ct)
    {
        await EnsureTable(ct);
        TableEntity row = ToRow(record);
        try
        {
            Response answer = record.Version is null
                ? await table.AddEntityAsync(row, ct)
                : await table.UpdateEntityAsync(row, new ETag(record.Version), TableUpdateMode.Replace, ct);
            return record with { Version = answer.Headers.ETag?.ToString() };
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412)
        {
            // Where the answer to a write was lost, the pipeline's repetition meets the write itself: what is stored then is this record.
            return await Read(record.Function, ct) is { } stored && stored with { Version = record.Version } == record ? stored : null;
        }
    }

    private async Task EnsureTable(CancellationToken ct)
    {
        if (!_created)
        {
            await table.CreateIfNotExistsAsync(ct);
            _created = true;
        }
    }

    private static TimerRecord FromRow(TableEntity row) => new(
        row.RowKey,
        row.GetString(nameof(TimerRecord.Schedule)) ?? "",
        row.GetDateTimeOffset(nameof(TimerRecord.ScheduleFrom)) ?? DateTimeOffset.MinValue,
        row.GetDateTimeOffset(nameof(TimerRecord.Last)),
        row.GetDateTimeOffset(nameof(TimerRecord.Next)) ?? DateTimeOffset.MinValue,
        row.GetDateTimeOffset(nameof(TimerRecord.LastUpdated)) ?? DateTimeOffset.MinValue,
        row.GetString(nameof(TimerRecord.Owner)),
        row.GetDateTimeOffset(nameof(TimerRecord.LeaseUntil)) ?? DateTimeOffset.MinValue,
        row.ETag.ToString());

    private static TableEntity ToRow(TimerRecord record)
    {
        var row = new TableEntity(Partition, record.Function)
        {
            [nameof(TimerRecord.Schedule)] = record.Schedule,
            [nameof(TimerRecord.ScheduleFrom)] = record.ScheduleFrom,
            [nameof(TimerRecord.Next)] = record.Next,
            [nameof(TimerRecord.LastUpdated)] = record.LastUpdated,
        };
        if (record.Last is { } last)
        {
            row[nameof(TimerRecord.Last)] = last;
        }

        // Together or not at all: a lease nobody holds has no end, and the service refuses dates before 1601.
        if (record.Owner is { } owner)
        {
            row[nameof(TimerRecord.Owner)] = owner;
            row[nameof(TimerRecord.LeaseUntil)] = record.LeaseUntil;
        }

        return row;
    }
}
