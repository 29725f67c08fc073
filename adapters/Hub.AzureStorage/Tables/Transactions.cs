using Azure.Data.Tables;

namespace Hub.AzureStorage.Tables;

/// <summary>Cuts operations of one partition into transactions the service accepts.</summary>
internal static class Transactions
{
    /// <summary>The service's limit.</summary>
    public const int Operations = 100;

    /// <summary>Below the service's 4 MiB, because the size is estimated.</summary>
    public const int Bytes = 3_670_016;

    // Address, headers and the boundary of one member.
    private const int Envelope = 1_024;

    public static IEnumerable<IReadOnlyList<TableTransactionAction>> Cut(IEnumerable<TableTransactionAction> actions)
    {
        var batch = new List<TableTransactionAction>();
        int bytes = 0;
        foreach (TableTransactionAction action in actions)
        {
            int size = Size(action);
            if (batch.Count == Operations || (batch.Count > 0 && bytes + size > Bytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(action);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private static int Size(TableTransactionAction action) => Envelope + ((IEnumerable<KeyValuePair<string, object>>)(TableEntity)action.Entity)
        .Sum(property => (2 * property.Key.Length) + 32 + (property.Value is string text ? Size(text) : 32));

    // JSON may write a character as six: whoever sends it, the estimate is not below it.
    private static int Size(string text) => text.Sum(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or ',' or ':' or '-' or '_' or '{' or '}' or '[' or ']' ? 1 : 6);
}
