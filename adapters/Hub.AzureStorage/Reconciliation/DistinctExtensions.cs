namespace Hub.AzureStorage.Reconciliation;

internal static class DistinctExtensions
{
    /// <summary>One element for each key, the last one given: a transaction names an entity once.</summary>
    public static IEnumerable<T> DistinctLast<T, TKey>(this IEnumerable<T> source, Func<T, TKey> key)
        where TKey : notnull => source.GroupBy(key).Select(group => group.Last());
}
