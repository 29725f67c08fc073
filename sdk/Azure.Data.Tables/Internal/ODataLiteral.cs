using System.Globalization;
using System.Text;
using System.Xml;

namespace Azure.Data.Tables.Internal;

/// <summary>Values as literals of an OData filter.</summary>
/// <remarks>Source: Table service REST reference, "Querying tables and entities", constructing filter strings.</remarks>
internal static class ODataLiteral
{
    public static string Escape(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    /// <exception cref="ArgumentException">The type has no literal.</exception>
    public static string Of(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        sbyte or byte or short or ushort or int or uint or decimal or float or double => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        long or ulong => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture) + "L",
        Guid guid => $"guid'{guid}'",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        BinaryData bytes => $"X'{Convert.ToHexString(bytes.ToMemory().Span)}'",
        DateTimeOffset instant => Date(instant.UtcDateTime),
        DateTime date => Date(date.ToUniversalTime()),
        string or char or StringBuilder => $"'{Escape(value.ToString()!)}'",
        _ => throw new ArgumentException($"Unable to convert a value of type {value.GetType()} to an OData literal.", nameof(value)),
    };

    private static string Date(DateTime utc) => $"datetime'{XmlConvert.ToString(utc, XmlDateTimeSerializationMode.RoundtripKind)}'";
}
