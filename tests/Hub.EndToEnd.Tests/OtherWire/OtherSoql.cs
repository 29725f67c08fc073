using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>The part of SOQL that has one object, conditions and an order.</summary>
internal sealed partial class OtherSoql
{
    private readonly Queue<string> _tokens;

    private OtherSoql(string text)
    {
        _tokens = new Queue<string>(Token().Matches(text).Select(match => match.Value));
        Expect("SELECT");
        Fields = Names();
        Expect("FROM");
        Object = _tokens.Dequeue();
        Where = Take("WHERE") ? Or() : _ => true;
        Order = Take("ORDER") ? AfterBy() : [];
        if (_tokens.Count > 0)
        {
            throw new FormatException($"unexpected token: '{_tokens.Peek()}'");
        }
    }

    public string Object { get; }

    public string[] Fields { get; }

    public string[] Order { get; }

    public Func<JsonObject, bool> Where { get; }

    /// <exception cref="FormatException">Not the supported part of SOQL.</exception>
    public static OtherSoql Parse(string text)
    {
        try
        {
            return new OtherSoql(text);
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("unexpected end of query");
        }
    }

    /// <summary>Orders by instant where the value is one, else by text.</summary>
    public static int Compare(string left, string right) => Instant(left) is { } a && Instant(right) is { } b ? a.CompareTo(b) : string.CompareOrdinal(left, right);

    public static string? Text(JsonObject row, string field) => row[field] is JsonValue value ? value.ToString() : null;

    private string[] AfterBy()
    {
        Expect("BY");
        return Names();
    }

    private string[] Names()
    {
        List<string> names = [_tokens.Dequeue()];
        while (Take(","))
        {
            names.Add(_tokens.Dequeue());
        }

        return [.. names];
    }

    private Func<JsonObject, bool> Or()
    {
        Func<JsonObject, bool> left = And();
        while (Take("OR"))
        {
            (Func<JsonObject, bool> a, Func<JsonObject, bool> b) = (left, And());
            left = row => a(row) || b(row);
        }

        return left;
    }

    private Func<JsonObject, bool> And()
    {
        Func<JsonObject, bool> left = Condition();
        while (Take("AND"))
        {
            (Func<JsonObject, bool> a, Func<JsonObject, bool> b) = (left, Condition());
            left = row => a(row) && b(row);
        }

        return left;
    }

    private Func<JsonObject, bool> Condition()
    {
        if (Take("("))
        {
            Func<JsonObject, bool> inner = Or();
            Expect(")");
            return inner;
        }

        string field = _tokens.Dequeue();
        string sign = _tokens.Dequeue();
        if (sign == "IN")
        {
            Expect("(");
            string[] values = [.. Names().Select(name => Literal(name)!)];
            Expect(")");
            return row => values.Contains(Text(row, field), StringComparer.Ordinal);
        }

        string? literal = Literal(_tokens.Dequeue());
        return row => Holds(Text(row, field), sign, literal);
    }

    private static bool Holds(string? value, string sign, string? literal) => sign switch
    {
        "=" => value is null || literal is null ? value == literal : Compare(value, literal) == 0,
        "!=" => !Holds(value, "=", literal),
        _ when value is null || literal is null => false,
        ">" => Compare(value, literal) > 0,
        ">=" => Compare(value, literal) >= 0,
        "<" => Compare(value, literal) < 0,
        "<=" => Compare(value, literal) <= 0,
        _ => throw new FormatException($"unexpected token: '{sign}'"),
    };

    private static string? Literal(string token) => token switch
    {
        "null" => null,
        ['\'', .. var inner, '\''] => Regex.Replace(inner, @"\\(.)", "$1"),
        _ => token,
    };

    private static DateTimeOffset? Instant(string text) => text.Length >= 20 && text[4] == '-' && DateTimeOffset.TryParseExact(
        text, ["yyyy-MM-dd'T'HH:mm:ss.FFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
        ? instant
        : null;

    private bool Take(string token)
    {
        bool there = _tokens.TryPeek(out string? next) && next == token;
        return there && _tokens.TryDequeue(out _);
    }

    private void Expect(string token)
    {
        if (!Take(token))
        {
            throw new FormatException($"expecting '{token}'");
        }
    }

    [GeneratedRegex(@"'(?:\\.|[^'\\])*'|\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?|-?\d+(?:\.\d+)?|[A-Za-z_][A-Za-z0-9_]*(?:[.][A-Za-z_][A-Za-z0-9_]*)*|!=|>=|<=|[=<>(),]")]
    private static partial Regex Token();
}
