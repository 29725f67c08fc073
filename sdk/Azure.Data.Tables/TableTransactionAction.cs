#nullable disable // The published package carries no nullability annotations, so its subset carries none either.

namespace Azure.Data.Tables;

/// <summary>One operation of an entity group transaction.</summary>
public class TableTransactionAction
{
    /// <summary>An unconditional operation.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity)
        : this(actionType, entity, default)
    {
    }

    /// <summary>An operation on condition of <paramref name="etag"/>; it is ignored by Add and the upserts.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity, ETag etag = default)
    {
        ActionType = actionType;
        Entity = entity;
        ETag = etag;
    }

    public TableTransactionActionType ActionType { get; }

    public ITableEntity Entity { get; }

    public ETag ETag { get; }
}
