using System.Globalization;
using Hub.Sandbox.Salesforce.Records;
using Hub.Sandbox.Salesforce.Schema;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>Filter values, held against the type of the field they are compared with.</summary>
internal static class Literals
{
    /// <summary>The value in the store's own type; null for <c>null</c>.</summary>
    /// <exception cref="RefusedException">The literal is of another type, such as a quoted date.</exception>
    public static object? Value(Field field, Literal literal) => literal.Kind switch
    {
        LiteralKind.Null => null,
        LiteralKind.Text when field.Type is FieldType.Id or FieldType.Reference => Identifier(field, literal.Plain),
        LiteralKind.Text when field.IsText => literal.Plain,
        LiteralKind.Number when field.IsNumber => decimal.Parse(literal.Value, NumberStyles.Float, CultureInfo.InvariantCulture),
        LiteralKind.Boolean when field.Type == FieldType.Boolean => bool.Parse(literal.Value),
        LiteralKind.Date when field.Type == FieldType.Date => Date(literal.Value),
        LiteralKind.DateTime when field.Type == FieldType.DateTime => FieldValues.DateTime(literal.Value) ?? throw NoDate(literal.Value),
        _ => throw Mismatch(field),
    };

    private static string Identifier(Field field, string text) => text.Length == 0
        ? ""
        : RecordIds.Normalise(text) ?? throw new RefusedException("INVALID_QUERY_FILTER_OPERATOR", $"invalid ID field: {text} ({field.Name})");

    private static DateOnly Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw NoDate(text);

    private static RefusedException NoDate(string text) => Lexer.Malformed($"Invalid date: {text}");

    private static RefusedException Mismatch(Field field)
    {
        var quotes = field.IsText || field.Type is FieldType.Id or FieldType.Reference ? "should be enclosed in quotes" : "should not be enclosed in quotes";
        return new RefusedException("INVALID_FIELD", $"value of filter criterion for field '{field.Name}' must be of type {field.SoqlTypeName} and {quotes}");
    }
}
