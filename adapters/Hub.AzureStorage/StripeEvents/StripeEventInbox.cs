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

    public async Task MarkApplied(string eventId, Instant now, CancellationToken ct)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            TableEntity row = await _table.Find(TableKey.Partition(eventId), TableKey.Checked(eventId), ct)
                ?? throw new InvalidOperationException($"Stripe event {eventId} was applied but never accepted.");
            if (row.FindInstant(AppliedAt) is not null)
            {
                return;
            }

            var applied = new TableEntity(row.PartitionKey, row.RowKey);
            applied.Put(AppliedAt, now);
            if (await _table.TryMerge(applied, row.ETag, ct) is not null)
            {
                return;
            }
        }

        throw new InvalidOperationException($"Stripe event {eventId} was changed by others {Attempts} times in a row.");
    }

    private static InboxEvent Read(TableEntity row) => new(
        row.RowKey,
        row.GetString("Type"),
        row.GetString("ObjectId"),
        row.GetInstant("Created"),
        row.GetInstant("ReceivedAt"),
        row.FindInstant(AppliedAt));
}
