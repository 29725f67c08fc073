namespace Azure.Data.Tables.Internal;

/// <summary>Property names with a meaning of their own.</summary>
internal static class EntityNames
{
    public const string PartitionKey = "PartitionKey";
    public const string RowKey = "RowKey";
    public const string Timestamp = "Timestamp";
    public const string ETag = "ETag";
    public const string ODataPrefix = "odata.";
    public const string ODataETag = "odata.etag";
    public const string ODataType = "@odata.type";
}
