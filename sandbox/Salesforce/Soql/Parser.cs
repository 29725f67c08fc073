using System.Collections.Immutable;
using System.Globalization;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>Reads the part of SOQL that needs no grouping: the rest is refused, and says so.</summary>
/// <remarks>As the service does, it refuses AND and OR side by side without parentheses, and NOT among them.</remarks>
public sealed class Parser
{
    private const int LongestQuery = 100_000;
    private static readonly string[] Clauses =
        ["WHERE", "ORDER", "LIMIT", "OFFSET", "GROUP", "HAVING", "FOR", "WITH", "USING", "ALL", "UPDATE"];

    private static readonly string[] Comparisons = ["=", "!=", "<>", "<", "<=", ">", ">=", "LIKE"];
    private readonly List<Token> tokens;
    private int place;

    private Parser(string query) => tokens = Lexer.Split(query);

    private Token Current => tokens[place];

    /// <exception cref="RefusedException">The text is no query; the message points at the place.</exception>
    public static Query Parse(string query)
    {
        if (query.Length > LongestQuery)
        {
            throw Lexer.Malformed($"SOQL statements cannot be longer than {LongestQuery} characters.");
        }

        var parser = new Parser(query);
        var parsed = parser.Statement(nested: false);
        return parser.Current.Kind == TokenKind.End ? parsed : throw parser.Unexpected();
    }

    private Query Statement(bool nested)
    {
        Expect("SELECT");
        var select = List(() => SelectItem(nested));
        Expect("FROM");
        var from = Name();
        var alias = Current.Kind == TokenKind.Name && !IsClause(Current) ? Name() : null;
        var where = Take("WHERE") ? Condition() : null;
        ImmutableArray<Ordering> order = [];
        if (Take("ORDER"))
        {
            Expect("BY");
            order = List(Ordering);
        }

        var limit = Take("LIMIT") ? Whole() : (int?)null;
        var offset = Take("OFFSET") ? Whole() : (int?)null;
        return new Query(select, from, alias, where, order, limit, offset);
    }

    private static bool IsClause(Token token) => Clauses.Any(token.Is);

    private SelectItem SelectItem(bool nested)
    {
        if (Current.Is("(") && !nested)
        {
            Next();
            var children = Statement(nested: true);
            Expect(")");
            return new SelectItem.Children(children);
        }

        var function = tokens[place + 1].Is("(");
        if (function && Take("COUNT"))
        {
            Expect("(");
            Expect(")");
            return new SelectItem.Count();
        }

        if (function && Take("FIELDS"))
        {
            Expect("(");
            var group = Name();
            Expect(")");
            return new SelectItem.Group(group);
        }

        return new SelectItem.Field(Path());
    }

    private Condition Condition()
    {
        if (Take("NOT"))
        {
            return new Condition.Not(Simple());
        }

        var first = Simple();
        if (!Current.Is("AND") && !Current.Is("OR"))
        {
            return first;
        }

        var joiner = Current.Value;
        var parts = ImmutableArray.CreateBuilder<Condition>();
        parts.Add(first);
        while (Take(joiner))
        {
            parts.Add(Simple());
        }

        // Side by side, AND and OR have no defined order: parentheses are demanded.
        return Current.Is("AND") || Current.Is("OR") ? throw Unexpected()
            : joiner.Equals("AND", StringComparison.OrdinalIgnoreCase) ? new Condition.All(parts.ToImmutable())
            : new Condition.Any(parts.ToImmutable());
    }

    private Condition Simple()
    {
        if (Take("("))
        {
            var inner = Condition();
            Expect(")");
            return inner;
        }

        var field = Path();
        if (Take("NOT"))
        {
            Expect("IN");
            return Membership(field, negated: true);
        }

        if (Take("IN"))
        {
            return Membership(field, negated: false);
        }

        var comparison = Current;
        if (!Comparisons.Any(comparison.Is))
        {
            throw Unexpected();
        }

        Next();
        var name = comparison.Value == "<>" ? "!=" : comparison.Value.ToUpperInvariant();
        return new Condition.Compare(field, name, Literal());
    }

    private Condition Membership(FieldPath field, bool negated)
    {
        Expect("(");
        if (Current.Is("SELECT"))
        {
            var query = Statement(nested: true);
            Expect(")");
            return new Condition.InQuery(field, negated, query);
        }

        var values = List(Literal);
        Expect(")");
        return new Condition.OneOf(field, negated, values);
    }

    private Ordering Ordering()
    {
        var field = Path();
        var descending = Take("DESC");
        if (!descending)
        {
            Take("ASC");
        }

        if (!Take("NULLS"))
        {
            return new Ordering(field, descending, NullsLast: false);
        }

        var last = Take("LAST");
        if (!last)
        {
            Expect("FIRST");
        }

        return new Ordering(field, descending, last);
    }

    private Literal Literal()
    {
        var token = Current;
        Literal literal = token.Kind switch
        {
            TokenKind.Text => new(LiteralKind.Text, token.Value),
            TokenKind.Number => new(LiteralKind.Number, token.Value),
            TokenKind.Date => new(LiteralKind.Date, token.Value),
            TokenKind.DateTime => new(LiteralKind.DateTime, token.Value),
            TokenKind.Name when token.Is("null") => new(LiteralKind.Null, ""),
            TokenKind.Name when token.Is("true") || token.Is("false") => new(LiteralKind.Boolean, token.Value),
            _ => throw Unexpected(),
        };
        Next();
        return literal;
    }

    private FieldPath Path()
    {
        var at = Current.At;
        return new FieldPath([.. Name().Split('.')], at);
    }

    private string Name()
    {
        if (Current.Kind != TokenKind.Name || Current.Value.Contains(':', StringComparison.Ordinal))
        {
            throw Unexpected();
        }

        var name = Current.Value;
        Next();
        return name;
    }

    private int Whole()
    {
        var text = Current.Value;
        if (Current.Kind != TokenKind.Number || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw Unexpected();
        }

        Next();
        return number;
    }

    private ImmutableArray<T> List<T>(Func<T> item)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            items.Add(item());
        }
        while (Take(","));
        return items.ToImmutable();
    }

    private bool Take(string word)
    {
        if (!Current.Is(word))
        {
            return false;
        }

        Next();
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            throw Unexpected();
        }
    }

    private void Next() => place = Math.Min(place + 1, tokens.Count - 1);

    private RefusedException Unexpected() => Lexer.Malformed(
        $"ERROR at Row:1:Column:{Current.At + 1}\nunexpected token: '{Current.Value}'");
}
