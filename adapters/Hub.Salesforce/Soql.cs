using System.Globalization;
using System.Text;
using Hub.Core.Contracts;
using NodaTime;
using NodaTime.Text;

namespace Hub.Salesforce;

/// <summary>Literals and text of SOQL. Object and field names are never data; values only enter through these functions.</summary>
internal static class Soql
{
    /// <summary>Most ids in one <c>IN</c> list: about 5 KB of request line, well below the 8 to 16 KB that servers accept.</summary>
    public const int LargestIdList = 200;

    private static readonly InstantPattern Seconds = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss'Z'");
    private static readonly InstantPattern Milliseconds = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>A quoted string. The backslash is escaped first: escaping the quote alone would let <c>\'</c> end the string.</summary>
    /// <exception cref="ArgumentException">A control character that SOQL cannot carry.</exception>
    public static string Text(string value)
    {
        var literal = new StringBuilder("'", value.Length + 2);
        foreach (char character in value)
        {
            literal.Append(character switch
            {
                '\\' => "\\\\",
                '\'' => "\\'",
                '"' => "\\\"",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                _ when char.IsControl(character) => throw new ArgumentException("A control character cannot stand in a SOQL string.", nameof(value)),
                _ => character.ToString(),
            });
        }

        return literal.Append('\'').ToString();
    }

    /// <summary>An unquoted dateTime in UTC, always with <c>Z</c>; truncated to milliseconds.</summary>
    public static string DateTime(Instant value)
    {
        long milliseconds = value.ToUnixTimeMilliseconds();
        var whole = Instant.FromUnixTimeMilliseconds(milliseconds);
        return milliseconds % 1000 == 0 ? Seconds.Format(whole) : Milliseconds.Format(whole);
    }

    /// <summary><c>Field IN ('…', '…')</c> over at most <see cref="LargestIdList"/> ids.</summary>
    public static string In(string field, IEnumerable<SalesforceId> ids) =>
        $"{field} IN ({string.Join(',', ids.Select(id => Text(id.Value)))})";

    public static string Select(IEnumerable<string> fields, string @object, string where, string orderBy) =>
        string.Create(CultureInfo.InvariantCulture, $"SELECT {string.Join(',', fields)} FROM {@object} WHERE {where} ORDER BY {orderBy}");

    /// <summary>Percent-encodes a statement for <c>?q=</c>; characters that a query may carry stay as they are, so that id lists stay short.</summary>
    public static string Encode(string soql) => new StringBuilder(Uri.EscapeDataString(soql))
        .Replace("%20", "+").Replace("%2C", ",").Replace("%27", "'").Replace("%28", "(").Replace("%29", ")").ToString();
}
