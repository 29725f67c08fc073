#nullable disable // The published package carries no nullability annotations, so its subset carries none either.

namespace Azure.Data.Tables;

/// <summary>What every entity has: its two keys, the service's time stamp and its version.</summary>
/// <remarks>Implement it on a class of your own, or use <see cref="TableEntity"/> for a free set of properties.</remarks>
public interface ITableEntity
{
    /// <summary>The partition; at most 1,024 characters, none of <c>/ \ # ?</c> or control characters.</summary>
    string PartitionKey { get; set; }

    /// <summary>Unique inside the partition; same limits as <see cref="PartitionKey"/>.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last wrote the entity (UTC); ignored on writes.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version last read; pass it back as a condition to detect a concurrent write.</summary>
    ETag ETag { get; set; }
}
