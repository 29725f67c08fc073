namespace Azure.Data.Tables;

/// <summary>What happens to stored properties that an update does not mention.</summary>
public enum TableUpdateMode
{
    /// <summary>They stay.</summary>
    Merge = 0,

    /// <summary>They are removed.</summary>
    Replace = 1,
}
