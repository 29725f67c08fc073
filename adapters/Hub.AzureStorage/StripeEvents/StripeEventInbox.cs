using Azure.Data.Tables;
using Hub.AzureStorage.Tables;
using Hub.Core.StripeEvents;
using NodaTime;

namespace Hub.AzureStorage.StripeEvents;

/// <summary>Table <c>StripeEvent</c>: <c>hub|bucket(event)</c>, <c>event</c>.</summary>
public sealed class StripeEventInbox(StorageClients clients) : IStripeEventInbox
{
    private const string AppliedAt = "AppliedAt";
    private const int Attempts = 5;
    private readonly Table _table = clients.Table(TableNames.StripeEvent);

    public async Task<InboxEvent> Accept(InboxEvent received, CancellationToken ct)
    {
        var row = new TableEntity(TableKey.Partition(received.EventId), TableKey.Checked(received.EventId))
        {
            ["Type"] = received.Type,
            ["ObjectId"] = received.ObjectId,
            ["SchemaV"] = 1,
        };
        row.Put("Created", received.Created);
        row.Put("ReceivedAt", received.ReceivedAt);
        row.Put(AppliedAt, received.AppliedAt);
        return Read(await _table.InsertOrFind(row, ct));
    }

    public async Task<InboxEvent?> Find(string eventId, CancellationToken ct) =>
        await _table.Find(TableKey.Partition(eventId), TableKey.Checked(eventId), ct) is { } row ? Read(row) : null;

    public Task MarkApplied(string eventId, Instant now, CancellationToken ct) => _table.Change(
        TableKey.Partition(eventId), TableKey.Checked(eventId), $"Stripe event {eventId}", Attempts, row => MarkApplied(row, eventId, now, ct), ct);

    private async Task<bool> MarkApplied(TableEntity? accepted, string eventId, Instant now, CancellationToken ct)
    {
        TableEntity row = accepted ?? throw new InvalidOperationException($"Stripe event {eventId} was applied but never accepted.");
        if (row.FindInstant(AppliedAt) is not null)
        {
            return true;
        }

        var applied = new TableEntity(row.PartitionKey, row.RowKey);
        applied.Put(AppliedAt, now);
        return await _table.TryMerge(applied, row.ETag, ct) is not null;
    }

    private static InboxEvent Read(TableEntity row) => new(
        row.RowKey,
        row.GetString("Type"),
        row.GetString("ObjectId"),
        row.GetInstant("Created"),
        row.GetInstant("ReceivedAt"),
        row.FindInstant(AppliedAt));
}
