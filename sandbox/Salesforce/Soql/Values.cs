using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>How SOQL compares field values: text without regard to case, ids and case-sensitive keys with it.</summary>
internal static class Values
{
    /// <summary>A value that is equal for equal field values; an empty text equals no value.</summary>
    public static object Key(Field field, object? value) => value switch
    {
        null or "" => DBNull.Value,
        string text when Folds(field) => text.ToUpperInvariant(),
        _ => value,
    };

    public static bool Same(Field field, object? left, object? right) => Key(field, left).Equals(Key(field, right));

    public static int Compare(Field field, object left, object right) => (left, right) switch
    {
        (string a, string b) when Folds(field) => string.CompareOrdinal(a.ToUpperInvariant(), b.ToUpperInvariant()),
        (string a, string b) => string.CompareOrdinal(a, b),
        (IComparable a, _) => a.CompareTo(right),
        _ => throw new InvalidOperationException($"{field.Name} has no order."),
    };

    private static bool Folds(Field field) => field.IsText && !field.CaseSensitive;
}
