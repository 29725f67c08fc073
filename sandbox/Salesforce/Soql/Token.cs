namespace Hub.Sandbox.Salesforce.Soql;

public enum TokenKind
{
    Name,
    Text,
    Number,
    Date,
    DateTime,
    Symbol,
    End,
}

/// <summary>A word of a query.</summary>
/// <param name="Value">Unescaped for text, as written for everything else.</param>
/// <param name="At">Offset in the query, from 0.</param>
public readonly record struct Token(TokenKind Kind, string Value, int At)
{
    public bool Is(string word) => Kind is TokenKind.Name or TokenKind.Symbol && string.Equals(Value, word, StringComparison.OrdinalIgnoreCase);
}
