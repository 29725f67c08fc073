namespace Hub.Sandbox.Salesforce.Soql;

/// <summary>File links are never searched: a query must say whose links, or which file's.</summary>
internal static class LinkFilters
{
    private const string Document = "ContentDocumentId";
    private const string Holder = "LinkedEntityId";

    /// <exception cref="RefusedException">The query names neither, or filters by more than ids without naming the holder.</exception>
    public static void Check(Query query)
    {
        if (!Names(query.Where, Document) && !Names(query.Where, Holder))
        {
            throw Lexer.Malformed(
                "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator.");
        }

        if (!Names(query.Where, Holder) && Fields(query.Where).Any(field => field is not (Document or Holder or "Id")))
        {
            throw Lexer.Malformed(
                "Implementation restriction: filtering on non-id fields is only permitted when filtering by ContentDocumentLink.LinkedEntityId using the equals operator.");
        }
    }

    /// <summary>Whether every matching row must have one of the named ids in the field.</summary>
    private static bool Names(Condition? condition, string field) => condition switch
    {
        Condition.Compare { Operator: "=", Value.Kind: LiteralKind.Text } compare => Is(compare.Field, field),
        Condition.OneOf { Negated: false } among => Is(among.Field, field),
        Condition.InQuery { Negated: false } inner => Is(inner.Field, field),
        Condition.All(var parts) => parts.Any(part => Names(part, field)),
        _ => false,
    };

    private static IEnumerable<string> Fields(Condition? condition) => condition switch
    {
        Condition.Compare compare => [Name(compare.Field)],
        Condition.OneOf among => [Name(among.Field)],
        Condition.InQuery inner => [Name(inner.Field)],
        Condition.All(var parts) => parts.SelectMany(Fields),
        Condition.Any(var parts) => parts.SelectMany(Fields),
        Condition.Not(var part) => Fields(part),
        _ => [],
    };

    private static bool Is(FieldPath path, string field) => string.Equals(Name(path), field, StringComparison.OrdinalIgnoreCase);

    private static string Name(FieldPath path) => string.Join('.', path.Parts.Length > 1 && path.Parts[0].Equals("ContentDocumentLink", StringComparison.OrdinalIgnoreCase)
        ? path.Parts.RemoveAt(0)
        : path.Parts);
}
