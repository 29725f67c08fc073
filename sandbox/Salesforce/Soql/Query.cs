using System.Collections.Immutable;

namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>A parsed query; names are not yet checked against the org.</summary>
public sealed record Query(
    ImmutableArray<SelectItem> Select,
    string From,
    string? Alias,
    Condition? Where,
    ImmutableArray<Ordering> OrderBy,
    int? Limit,
    int? Offset)
{
    /// <summary>Whether it is <c>SELECT COUNT()</c>, which answers with a number and no records.</summary>
    public bool Counts => Select is [SelectItem.Count];
}

public abstract record SelectItem
{
    private SelectItem()
    {
    }

    public sealed record Field(FieldPath Path) : SelectItem;

    /// <summary><c>FIELDS(ALL)</c>, <c>FIELDS(STANDARD)</c> or <c>FIELDS(CUSTOM)</c>.</summary>
    public sealed record Group(string Name) : SelectItem;

    public sealed record Count : SelectItem;

    /// <summary>Child rows, named by the child relationship.</summary>
    public sealed record Children(Query Query) : SelectItem;
}

/// <summary>A field as written, with the parents it goes through.</summary>
public sealed record FieldPath(ImmutableArray<string> Parts, int At);

public abstract record Condition
{
    private Condition()
    {
    }

    public sealed record All(ImmutableArray<Condition> Parts) : Condition;

    public sealed record Any(ImmutableArray<Condition> Parts) : Condition;

    public sealed record Not(Condition Part) : Condition;

    /// <param name="Operator">One of <c>= != &lt; &lt;= &gt; &gt;= LIKE</c>.</param>
    public sealed record Compare(FieldPath Field, string Operator, Literal Value) : Condition;

    public sealed record OneOf(FieldPath Field, bool Negated, ImmutableArray<Literal> Values) : Condition;

    public sealed record InQuery(FieldPath Field, bool Negated, Query Query) : Condition;
}

/// <param name="NullsLast">Nulls come first unless the query says otherwise, in either direction.</param>
public sealed record Ordering(FieldPath Field, bool Descending, bool NullsLast);

public enum LiteralKind
{
    Null,
    Text,
    Number,
    Boolean,
    Date,
    DateTime,
}

/// <param name="Value">As written; text still with its backslashes doubled (see <see cref="Lexer"/>).</param>
public readonly record struct Literal(LiteralKind Kind, string Value)
{
    /// <summary>The text itself, outside LIKE.</summary>
    public string Plain => LikePattern.Plain(Value);
}
