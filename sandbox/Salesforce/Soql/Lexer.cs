using System.Text;
using System.Text.RegularExpressions;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>Splits a query into tokens.</summary>
public static partial class Lexer
{
    /// <summary>The escapes SOQL knows. In LIKE, <c>\%</c> and <c>\_</c> are taken literally later, so their backslash stays.</summary>
    private const string Escapes = "nrtbf\"'\\_%";

    /// <exception cref="RefusedException">A character or a literal that SOQL does not know.</exception>
    public static List<Token> Split(string query)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (SkipBlanks(query, at) is var start && start < query.Length)
        {
            var token = query[start] == '\'' ? Text(query, start, out at) : Word(query, start, out at);
            tokens.Add(token);
        }

        tokens.Add(new Token(TokenKind.End, "<EOF>", query.Length));
        return tokens;
    }

    public static RefusedException Malformed(string message) => new("MALFORMED_QUERY", message);

    private static int SkipBlanks(string query, int at)
    {
        while (at < query.Length && char.IsWhiteSpace(query[at]))
        {
            at++;
        }

        return at;
    }

    private static Token Text(string query, int start, out int next)
    {
        var text = new StringBuilder();
        for (var at = start + 1; at < query.Length; at++)
        {
            switch (query[at])
            {
                case '\'':
                    next = at + 1;
                    return new Token(TokenKind.Text, text.ToString(), start);
                case '\\':
                    at++;
                    text.Append(Unescape(query, at));
                    break;
                case '\n' or '\r':
                    throw Malformed("line breaks not allowed in string literals");
                default:
                    text.Append(query[at]);
                    break;
            }
        }

        throw Malformed($"line 1:{start} mismatched character '<EOF>' expecting '''");
    }

    private static string Unescape(string query, int at)
    {
        var escape = at < query.Length ? query[at] : '\0';
        return Escapes.Contains(escape, StringComparison.Ordinal) && escape != '\0'
            ? escape switch
            {
                'n' => "\n",
                'r' => "\r",
                't' => "\t",
                'b' => "\b",
                'f' => "\f",
                '_' => "\\_",
                '%' => "\\%",
                // A literal backslash is kept doubled until it is known whether LIKE reads it.
                '\\' => "\\\\",
                _ => escape.ToString(),
            }
            : throw Malformed($"Invalid string literal '\\{escape}'. Illegal character sequence");
    }

    private static Token Word(string query, int start, out int next)
    {
        foreach (var (kind, pattern) in Patterns)
        {
            var match = pattern.Match(query, start);
            if (match.Success)
            {
                next = start + match.Length;
                return new Token(kind, match.Value, start);
            }
        }

        throw Malformed($"line 1:{start} no viable alternative at character '{query[start]}'");
    }

    private static readonly (TokenKind Kind, Regex Pattern)[] Patterns =
    [
        (TokenKind.DateTime, DateTimeWord()),
        (TokenKind.Date, DateWord()),
        (TokenKind.Number, NumberWord()),
        (TokenKind.Name, NameWord()),
        (TokenKind.Symbol, SymbolWord()),
    ];

    [GeneratedRegex(@"\G\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")]
    private static partial Regex DateTimeWord();

    [GeneratedRegex(@"\G\d{4}-\d\d-\d\d(?![\w-])")]
    private static partial Regex DateWord();

    [GeneratedRegex(@"\G[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?(?!\w)")]
    private static partial Regex NumberWord();

    [GeneratedRegex(@"\G[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*(:\d+)?")]
    private static partial Regex NameWord();

    [GeneratedRegex(@"\G(<=|>=|!=|<>|[=<>(),])")]
    private static partial Regex SymbolWord();
}
