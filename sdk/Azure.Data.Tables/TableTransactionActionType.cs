namespace Azure.Data.Tables;

/// <summary>The operation of one member of a transaction.</summary>
public enum TableTransactionActionType
{
    /// <summary>Insert; fails with 409 if the entity exists.</summary>
    Add = 0,

    /// <summary>Merge into an existing entity, on condition of its ETag.</summary>
    UpdateMerge = 1,

    /// <summary>Replace an existing entity, on condition of its ETag.</summary>
    UpdateReplace = 2,

    /// <summary>Delete an existing entity, on condition of its ETag.</summary>
    Delete = 3,

    /// <summary>Insert, or merge into what exists.</summary>
    UpsertMerge = 4,

    /// <summary>Insert, or replace what exists.</summary>
    UpsertReplace = 5,
}
