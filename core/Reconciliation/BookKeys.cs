using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hub.Core.Contracts;
using Hub.Core.Invoices;

namespace Hub.Core.Reconciliation;

/// <summary>Finds the contract key of every record, so that all that belongs together lands in one shard.</summary>
/// <remarks>
/// Deals come first, then subscriptions and schedules, then invoices: each names its contract by what came before. A record that names an
/// unknown opportunity is kept under that name, and one that names none under its own id.
/// </remarks>
public sealed class BookKeys
{
    private readonly Dictionary<string, string> _pointers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _subscriptions = new(StringComparer.Ordinal);

    /// <summary>0-based shard of a contract key.</summary>
    public static int ShardOf(string contractKey, int shards) =>
        (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(contractKey))) % (uint)shards);

    public string Of(SoldContract sold)
    {
        foreach (string pointer in new[] { sold.SubscriptionPointer, sold.SchedulePointer }.OfType<string>())
        {
            _pointers.TryAdd(pointer, sold.Key);
        }

        return sold.Key;
    }

    public string Of(BilledSubscription subscription)
    {
        string key = Named(subscription.OpportunityId) ?? Pointed(subscription.Id) ?? Pointed(subscription.ScheduleId) ?? subscription.Id;
        _subscriptions[subscription.Id] = key;
        return key;
    }

    public string Of(BilledSchedule schedule) => Named(schedule.OpportunityId) ?? Pointed(schedule.Id) ?? schedule.Id;

    public string Of(Invoice invoice) =>
        (invoice.SubscriptionId is { } subscription ? _subscriptions.GetValueOrDefault(subscription) : null)
        ?? Named(invoice.OpportunityId)
        ?? invoice.SubscriptionId
        ?? invoice.Id;

    private static string? Named(string? opportunityId) => SalesforceId.TryParse(opportunityId, out SalesforceId id) ? id.Value : null;

    private string? Pointed(string? id) => id is null ? null : _pointers.GetValueOrDefault(id);
}
