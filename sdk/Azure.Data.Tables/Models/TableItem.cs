#nullable disable // The published package carries no nullability annotations, so its subset carries none either.

namespace Azure.Data.Tables.Models;

/// <summary>A table of the account.</summary>
public class TableItem
{
    public TableItem(string name) => Name = name;

    public string Name { get; }
}
