using System.Globalization;

namespace Hub.Core.Reconciliation;

/// <summary>Discrepancies as comma-separated lines (RFC 4180) that a spreadsheet reads as data, never as formulas.</summary>
public static class DiscrepancyCsv
{
    private const string FormulaStarts = "=+-@\t\r";

    public const string Header = "id,kind,contract,key,severity,realised,atRisk,currency,auto,why\r\n";

    /// <summary>One line with its line end; amounts are minor units.</summary>
    public static string Line(DiscrepancyReport row) => string.Join(
        ',',
        Text(row.Id), Text(row.Kind), Text(row.Contract), Text(row.Key), Text(RunTotals.Name(row.Severity)), Number(row.Realised), Number(row.AtRisk),
        Text(row.Currency), Text(row.Auto), Text(row.Why)) + "\r\n";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // A leading apostrophe makes spreadsheets take the cell as text.
    private static string Text(string? text)
    {
        string value = text ?? "";
        string safe = value.Length > 0 && FormulaStarts.Contains(value[0], StringComparison.Ordinal) ? "'" + value : value;
        return safe.AsSpan().IndexOfAny(',', '"', '\n') >= 0 || safe.Contains('\r', StringComparison.Ordinal)
            ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : safe;
    }
}
