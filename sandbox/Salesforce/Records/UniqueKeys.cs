using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Records;

/// <summary>Uniqueness and lookup of external ids. Deleted rows give their values free.</summary>
internal static class UniqueKeys
{
    public static bool Same(Field field, object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => false,
        (string a, string b) => string.Equals(a, b, field.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase),
        _ => left.Equals(right),
    };

    /// <summary>Ids of the live rows that hold the value.</summary>
    public static List<string> Holders(OrgData data, SObjectType type, Field field, object? value) =>
        [.. data.Rows(type).Values.Where(row => !row.IsDeleted && Same(field, row[field.Name], value)).Select(row => row.Id)];

    /// <exception cref="RefusedException">Another row holds a value that must be unique.</exception>
    public static void Check(OrgData data, Row row, Submission sent)
    {
        foreach (var field in sent.Values.Keys.Where(field => field.Unique))
        {
            if (Holders(data, row.Type, field, row[field.Name]).FirstOrDefault(id => id != row.Id) is { } holder)
            {
                throw new RefusedException(new SalesforceError(
                    "DUPLICATE_VALUE", $"duplicate value found: {field.Name} duplicates value on record with id: {holder[..15]}")
                {
                    Fields = [field.Name],
                });
            }
        }
    }
}
