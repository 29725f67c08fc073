using System.Collections.Immutable;
using CsvHelper;

namespace Hub.Salesforce;

/// <summary>Reads the CSV of a query job: RFC 4180, UTF-8, an empty value for null.</summary>
internal static class BulkCsv
{
    private static readonly CsvReaderOptions Format = CsvReaderOptions.Default with
    {
        Separator = ',',
        HasHeader = false,
        Mode = CsvMode.Rfc4180,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        IncludeValuesInExceptions = false,
    };

    /// <summary>The rows, each a value per column in the order of <paramref name="columns"/>; null for an empty value.</summary>
    /// <remarks>The first line is a header where it names the columns. Sources disagree on whether later pages have one, so both are read.</remarks>
    /// <exception cref="SalesforceException">Transient: the text is no CSV of these columns, for example because it broke off.</exception>
    public static ImmutableArray<ImmutableArray<string?>> Rows(byte[] body, ImmutableArray<string> columns)
    {
        try
        {
            return [.. Read(body, columns)];
        }
        catch (CsvFormatException broken)
        {
            throw Unreadable(broken);
        }
    }

    private static IEnumerable<ImmutableArray<string?>> Read(byte[] body, ImmutableArray<string> columns)
    {
        using CsvReader csv = CsvReader.Create(body, Format);
        int[] order = [.. Enumerable.Range(0, columns.Length)];
        for (bool first = true; csv.Read(); first = false)
        {
            string[] values = [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];
            if (first && Header(values, columns) is { } header)
            {
                order = header;
                continue;
            }

            yield return values.Length == columns.Length ? [.. order.Select(place => Value(values[place]))] : throw Unreadable(null);
        }
    }

    // NUL survives neither Table Storage nor Stripe.
    private static string? Value(string text) => text.Replace("\0", "", StringComparison.Ordinal) is { Length: > 0 } value ? value : null;

    private static int[]? Header(string[] values, ImmutableArray<string> columns)
    {
        int[] places = [.. columns.Select(column => Array.FindIndex(values, value => value.Equals(column, StringComparison.OrdinalIgnoreCase)))];
        return places.Contains(-1) ? null : places;
    }

    private static SalesforceException Unreadable(Exception? inner) =>
        new(SalesforceFailure.Transient, "BULK_CSV", "Salesforce's query job answered with text that is no CSV of the columns asked for.", inner);
}
